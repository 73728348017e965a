import { type Deal, dayOf, type Parties, perDayOf, type Shares, type Tariff } from '@banyan/billing'
import type { DealTerms, DServiceTerms, ServiceAnswer } from '@banyan/central-link'
import type { Split } from '../core/index.js'

/** What a region knows of a service to charge for it and to choose between its versions. */
export type ServiceTerms = {
  readonly tariff: Tariff
  readonly shares: Shares
  /** Wallet of the developer; undefined: its share is the operator's. */
  readonly developer: string | undefined
  readonly charities: NonNullable<Parties['charities']>
  /** Empty: any version. */
  readonly splits: readonly Split[]
}

/** Of a machine under heavy load, in ten-thousandths: no tier of a region is sold as such. */
const loadedShare = 10_000n
const whole = 10_000

/** Terms of a service as central or a file gives them; `undefined` without prices. */
export function serviceTerms(answer: Omit<ServiceAnswer, 'kind'>): ServiceTerms | undefined {
  const { terms, wallet, stable, canary } = answer
  if (terms === undefined) return undefined
  const splits =
    stable === undefined || canary === undefined
      ? []
      : [
          { version: canary.version, weight: canary.share },
          { version: stable, weight: whole - canary.share },
        ]
  return {
    tariff: tariffOf(terms),
    shares: sharesOf(terms),
    developer: wallet,
    charities: charitiesOf(terms),
    splits: splits.filter(({ weight }) => weight > 0),
  }
}

function tariffOf({ currency, prices }: DServiceTerms): Tariff {
  const tiers = prices
    .toSorted((a, b) => a.tier - b.tier)
    .map((price) => ({
      name: String(price.tier),
      perRequest: BigInt(price.perRequest),
      perCpuHour: BigInt(price.perCpuHour),
      perGpuHour: BigInt(price.perGpuHour),
      perGigabyte: BigInt(price.perGigabyte),
    }))
  return { currency, tiers, loadedShare }
}

function sharesOf({ contributor, developer, charities }: DServiceTerms): Shares {
  const given = (charity: { readonly share: number } | undefined): bigint => BigInt(charity?.share ?? 0)
  return {
    contributor: BigInt(contributor),
    developer: BigInt(developer),
    charities: {
      contributor: given(charities.contributor),
      developer: given(charities.developer),
      operator: given(charities.operator),
    },
  }
}

function charitiesOf({ charities }: DServiceTerms): NonNullable<Parties['charities']> {
  return Object.fromEntries(
    Object.entries(charities).flatMap(([giver, charity]) =>
      charity === undefined ? [] : [[giver, charity.wallet]],
    ),
  )
}

/** How an account pays: a subscription has a price of a month, and a first day (`YYYY-MM-DD`, UTC). */
export type AccountDeal = Exclude<Deal, { kind: 'subscription' }> | AccountSubscription

type AccountSubscription = {
  readonly kind: 'subscription'
  readonly perMonth: bigint
  readonly since: string
}

/** The deal of a moment: before its subscription begins, an account pays for what it uses. */
export function dealAt(deal: AccountDeal, at: number): Deal {
  if (deal.kind !== 'subscription') return deal
  const day = dayOf(at)
  return day < deal.since ? { kind: 'use' } : { kind: 'subscription', perDay: perDayOf(deal.perMonth, day) }
}

/**
 * How an enterprise pays, from what central or a file says; without a deal for what it uses, and so it does in other regions than that of
 * its subscription.
 */
export function dealOf(terms: DealTerms | undefined, region: string): AccountDeal {
  switch (terms?.kind) {
    case undefined:
      return { kind: 'use' }
    case 'free':
      return { kind: 'free' }
    case 'subsidised':
      return { kind: 'subsidised', cap: BigInt(terms.cap) }
    case 'use':
      return terms.cap === undefined ? { kind: 'use' } : { kind: 'use', cap: BigInt(terms.cap) }
    case 'subscription':
      return terms.region === region
        ? { kind: 'subscription', perMonth: BigInt(terms.perMonth), since: terms.since }
        : { kind: 'use' }
  }
}
