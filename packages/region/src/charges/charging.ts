import { fail } from '@banyan/base'
import {
  type Budgets,
  type Charge,
  type Deal,
  makeCharge,
  priceOf,
  type Quote,
  quote,
  type Subscriptions,
  type Tariff,
  tierOf,
  type Usage,
} from '@banyan/billing'
import type { Tier, WorkOrder, WorkRecord } from '../core/index.js'
import { type AccountDeal, dealAt, type ServiceTerms } from './terms.js'
import { createEstimates, type Estimates, mostOf, usageOf } from './usage.js'

/** Who pays for a request, and what the charge is to say besides. */
export type Payer = {
  readonly account: string
  readonly wallet?: string | undefined
  readonly deal: AccountDeal
  /** Tiers that its work may run on. */
  readonly tiers: readonly Tier[]
  /** A pseudonym of the enterprise for one of its users. */
  readonly endUser: string
  readonly custom: Readonly<Record<string, string>>
}

/** Whose region it is, and what its coin costs. */
export type House = {
  readonly region: string
  readonly operator: string
  /** Pays subsidies. */
  readonly house: string
  /** pip for one micro-unit. */
  readonly rate: bigint
}

/** What requests will cost, may cost and did cost, without IO. */
export type Charging = {
  readonly estimates: Estimates
  /**
   * Holds back what a request may cost, until it is over. Gives the tiers that may do it: those of the request that have a price and are not
   * above the cap, or else a lower one of the account. With a subscription they are those of the account, and no budget holds: its price is
   * agreed. Errors: PriceMissing, WalletMissing, PriceAboveCap, BudgetSpent.
   */
  readonly admit: (
    order: WorkOrder,
    payer: Payer,
    terms: ServiceTerms | undefined,
    bytes: number,
  ) => readonly Tier[]
  /** The request was not taken: nothing is held any more. */
  readonly drop: (id: string) => void
  /** The charge of a request that is over; `undefined` where there is nothing to pay: nothing was done, or it was paid before. */
  readonly charge: (record: WorkRecord, contributor: string | undefined) => Charge | undefined
}

type Held = {
  readonly payer: Payer & { readonly wallet: string }
  readonly terms: ServiceTerms
  readonly at: number
  readonly most: bigint
}

export type ChargingParts = {
  readonly house: House
  readonly budgets: Pick<Budgets, 'hold' | 'book'>
  readonly subscriptions: Pick<Subscriptions, 'left' | 'use'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** 32 random bytes as hexadecimal text. */
  readonly salt: () => string
}

export function createCharging({ house, budgets, subscriptions, now, salt }: ChargingParts): Charging {
  const estimates = createEstimates()
  const holds = new Map<string, Held>()

  const free = (id: string, cost: bigint): Held | undefined => {
    const held = holds.get(id)
    if (held === undefined) return undefined
    holds.delete(id)
    budgets.book({ enterprise: held.payer.wallet, at: held.at, held: held.most, cost })
    return held
  }

  const leftOf = (deal: Deal, wallet: string, at: number): bigint | undefined =>
    deal.kind === 'subscription' ? subscriptions.left(wallet, deal.perDay, at) : undefined

  return {
    estimates,
    admit: (order, payer, terms, bytes) => {
      const { account, wallet } = payer
      const at = now()
      const deal = dealAt(payer.deal, at)
      if (terms === undefined) return fail('PriceMissing', { service: order.service })
      if (wallet === undefined) return fail('WalletMissing', { account })
      const { tariff } = terms
      const estimate = estimates.of(order.service)
      const priced = (tiers: readonly Tier[]) => tiers.filter((tier) => hasPrice(tariff, tier))
      const isAgreed = deal.kind === 'subscription'
      const asked = priced(isAgreed ? payer.tiers : order.tiers)
      if (asked.length === 0) return fail('PriceMissing', { service: order.service })
      const tiers = belowCap(asked, priced(payer.tiers), { tariff, deal, estimate })
      const usage = mostOf(estimate, bytes)
      const costs = tiers.map((tier) => finalQuote(tariff, deal, tier, usage).enterpriseAmount)
      const most = isAgreed ? 0n : costs.reduce((a, b) => (a > b ? a : b))
      if (!isAgreed) budgets.hold({ enterprise: wallet, at, most })
      holds.set(order.id, { payer: { ...payer, wallet }, terms, at, most })
      return tiers
    },
    drop: (id) => free(id, 0n),
    charge: (record, contributor) => {
      const isOwed = record.outcome === 'done' && record.repeats === undefined
      const held = holds.get(record.id)
      if (held === undefined) return undefined
      const usage = usageOf(record)
      if (record.outcome === 'done') estimates.note(record.service, usage)
      const { terms, payer } = held
      const deal = dealAt(payer.deal, record.endedAt)
      const left = leftOf(deal, payer.wallet, record.endedAt)
      const cost = isOwed ? finalQuote(terms.tariff, deal, record.tier, usage, left) : undefined
      const own = cost?.enterpriseAmount ?? 0n
      free(record.id, own)
      if (deal.kind === 'subscription') subscriptions.use(payer.wallet, own, record.endedAt)
      return cost && chargeOf(record, held, deal.kind, cost, house, contributor, salt())
    },
  }
}

function hasPrice({ tiers }: Tariff, tier: Tier): boolean {
  return tiers.some(({ name }) => name === String(tier))
}

/**
 * The asked tiers that are not above the cap of the deal; if all are, the dearest lower one of the account that is not. Error: PriceAboveCap.
 */
function belowCap(
  asked: readonly Tier[],
  own: readonly Tier[],
  { tariff, deal, estimate }: { readonly tariff: Tariff; readonly deal: Deal; readonly estimate: Usage },
): readonly Tier[] {
  if (deal.kind !== 'use' || deal.cap === undefined) return asked
  const { cap } = deal
  const price = (tier: Tier): bigint => priceOf(tierOf(tariff, String(tier)), estimate)
  const fitting = asked.filter((tier) => price(tier) <= cap)
  if (fitting.length > 0) return fitting
  const lower = own.filter((tier) => tier > Math.max(...asked) && price(tier) <= cap)
  if (lower.length > 0) return [Math.min(...lower) as Tier]
  const least = asked.map(price).reduce((a, b) => (a < b ? a : b))
  return fail('PriceAboveCap', { price: least, cap })
}

/**
 * What a request costs that ran on a tier: never more than the cap, whatever the estimate was. `leftToday`: of a subscription, the whole day
 * if missing.
 */
export function finalQuote(tariff: Tariff, deal: Deal, tier: Tier, usage: Usage, leftToday?: bigint): Quote {
  const name = String(tier)
  if (deal.kind !== 'use')
    return quote({ tariff, deal, tier: name, usage, ...(leftToday === undefined ? {} : { leftToday }) })
  const used = quote({ tariff, deal: { kind: 'use' }, tier: name, usage })
  const price = deal.cap === undefined || used.price < deal.cap ? used.price : deal.cap
  return { ...used, price, enterpriseAmount: price }
}

/** Shares of nobody: a developer or miner without a wallet leaves its share to the operator. */
function chargeOf(
  record: WorkRecord,
  { payer, terms }: Held,
  deal: Deal['kind'],
  cost: Quote,
  house: House,
  contributor: string | undefined,
  salt: string,
): Charge {
  const { id, endedAt, service, version, bytesIn, bytesOut, miner } = record
  const { cpuMs, gpuMs } = usageOf(record)
  return makeCharge(
    {
      id: `0x${id}`,
      at: Math.floor(endedAt),
      region: house.region,
      dservice: `${service}@${version}`,
      endUser: payer.endUser,
      deal,
      currency: terms.tariff.currency,
      rate: house.rate,
      private: {
        bytesIn: BigInt(bytesIn),
        bytesOut: BigInt(bytesOut),
        cpuMs,
        gpuMs,
        latencyMs: BigInt(Math.max(0, Math.round(record.firstByteAt - record.startedAt))),
        memoryBytes: BigInt(record.usage.peakMemoryBytes),
        miner,
        request: id,
      },
      custom: payer.custom,
      salt,
    },
    cost,
    {
      enterprise: payer.wallet,
      house: house.house,
      operator: house.operator,
      contributor: contributor ?? house.operator,
      developer: terms.developer ?? house.operator,
      charities: terms.charities,
    },
    terms.shares,
  )
}
