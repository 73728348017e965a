import { fail } from '@banyan/base'

/** Shares are whole numbers of ten-thousandths. */
export const shareUnit = 10_000n

/** How the price of a request is divided: contributor C, developer D, the operator the rest; each may give a part of its own to a charity. */
export type Shares = {
  readonly contributor: bigint
  readonly developer: bigint
  readonly charities: {
    readonly contributor: bigint
    readonly developer: bigint
    readonly operator: bigint
  }
}

/** Micro-units; their sum is the price. */
export type Split = {
  readonly contributorAmount: bigint
  readonly developerAmount: bigint
  readonly operatorAmount: bigint
  readonly charityOfContributorAmount: bigint
  readonly charityOfDeveloperAmount: bigint
  readonly charityOfOperatorAmount: bigint
}

/** Error: SharesInvalid, unless C + D < 1 and each share is between 0 and 1. */
export function checkShares({ contributor, developer, charities }: Shares): void {
  const all = [contributor, developer, ...Object.values(charities)]
  if (all.some((share) => share < 0n || share > shareUnit))
    fail('SharesInvalid', { reason: 'one is not between 0 and 10,000' })
  if (contributor + developer >= shareUnit)
    fail('SharesInvalid', { reason: 'nothing is left for the operator' })
}

/**
 * Divides a price without losing a micro-unit: shares of contributor and developer are rounded down, the operator has what remains; a
 * charity's part is rounded down, its giver keeps what remains. Error: SharesInvalid.
 */
export function splitPrice(price: bigint, shares: Shares): Split {
  checkShares(shares)
  const part = (amount: bigint, share: bigint): bigint => (amount * share) / shareUnit
  const contributor = part(price, shares.contributor)
  const developer = part(price, shares.developer)
  const operator = price - contributor - developer
  const { charities } = shares
  const given = {
    charityOfContributorAmount: part(contributor, charities.contributor),
    charityOfDeveloperAmount: part(developer, charities.developer),
    charityOfOperatorAmount: part(operator, charities.operator),
  }
  return {
    ...given,
    contributorAmount: contributor - given.charityOfContributorAmount,
    developerAmount: developer - given.charityOfDeveloperAmount,
    operatorAmount: operator - given.charityOfOperatorAmount,
  }
}
