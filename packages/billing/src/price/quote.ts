import { fail } from '@banyan/base'
import { loadedPrice, priceOf, type Tariff, tierOf, type Usage } from './tariff.js'

/** How requests of an enterprise are paid: docs/billing.md "Deals". Amounts are micro-units. */
export type Deal =
  /** The enterprise pays what it used; above the cap a request goes to a lower tier. */
  | { readonly kind: 'use'; readonly cap?: bigint }
  /** The enterprise pays up to the cap, the house what is above; the tier stays. */
  | { readonly kind: 'subsidised'; readonly cap: bigint }
  /** The house pays. */
  | { readonly kind: 'free' }
  /** The enterprise pays the same each day, and the house the difference, whichever way it goes. */
  | { readonly kind: 'subscription'; readonly perDay: bigint }

export type Quote = {
  readonly tier: string
  /** Whether the request must wait for machines that are under heavy load, at their discount. */
  readonly isLoaded: boolean
  readonly price: bigint
  /** Who pays the price; both together are the price. */
  readonly enterpriseAmount: bigint
  readonly houseAmount: bigint
}

export type Asked = {
  readonly tariff: Tariff
  readonly deal: Deal
  readonly tier: string
  readonly usage: Usage
  /** What a subscription has left for today; the whole of `perDay` if nothing was used. */
  readonly leftToday?: bigint
}

/**
 * What a request of this usage costs and who pays it: before it runs with an estimate, afterwards with what was used and the tier that was
 * quoted. Errors: TierUnknown; PriceAboveCap if not even a loaded machine is cheap enough.
 */
export function quote({ tariff, deal, tier, usage, leftToday }: Asked): Quote {
  const asked = tierOf(tariff, tier)
  if (deal.kind === 'use' && deal.cap !== undefined) return belowCap({ tariff, tier, usage }, deal.cap)
  const price = priceOf(asked, usage)
  return { tier, isLoaded: false, price, ...payers(price, deal, leftToday) }
}

function payers(price: bigint, deal: Deal, leftToday: bigint | undefined) {
  const most =
    deal.kind === 'use'
      ? price
      : deal.kind === 'free'
        ? 0n
        : deal.kind === 'subsidised'
          ? deal.cap
          : (leftToday ?? deal.perDay)
  const enterpriseAmount = price < most ? price : most
  return { enterpriseAmount, houseAmount: price - enterpriseAmount }
}

/** The first tier from the asked one downwards that is not above the cap. */
function belowCap({ tariff, tier, usage }: Pick<Asked, 'tariff' | 'tier' | 'usage'>, cap: bigint): Quote {
  const from = tariff.tiers.findIndex(({ name }) => name === tier)
  for (const candidate of tariff.tiers.slice(from)) {
    const price = priceOf(candidate, usage)
    if (price <= cap)
      return { tier: candidate.name, isLoaded: false, price, enterpriseAmount: price, houseAmount: 0n }
  }
  const price = loadedPrice(tariff, usage)
  if (price > cap) fail('PriceAboveCap', { price, cap })
  return { tier: tariff.tiers.at(-1)!.name, isLoaded: true, price, enterpriseAmount: price, houseAmount: 0n }
}
