import type { PublicColumns } from '@banyan/billing'

/** What sums need of a charge. */
export type Columns = Omit<PublicColumns, 'customHash' | 'privateHash'>

type Share = readonly [wallet: string, amount: bigint]

/** Who pays a charge, and how much; only those who do. */
export function payersOf({ enterprise, enterpriseAmount, house, houseAmount }: Columns): readonly Share[] {
  return moving([
    [enterprise, enterpriseAmount],
    [house, houseAmount],
  ])
}

/** Who gets something of a charge, and how much. */
export function beneficiariesOf(charge: Columns): readonly Share[] {
  return moving([
    [charge.contributor, charge.contributorAmount],
    [charge.developer, charge.developerAmount],
    [charge.operator, charge.operatorAmount],
    [charge.charityOfContributor, charge.charityOfContributorAmount],
    [charge.charityOfDeveloper, charge.charityOfDeveloperAmount],
    [charge.charityOfOperator, charge.charityOfOperatorAmount],
  ])
}

function moving(shares: readonly Share[]): readonly Share[] {
  return shares.filter(([, amount]) => amount > 0n)
}
