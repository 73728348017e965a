import type { Charge } from '../charge/charge.js'
import type { PrivateColumns } from '../charge/columns.js'
import type { Quote } from './quote.js'
import { type Shares, splitPrice } from './split.js'

/** Accounts of a service: docs/billing.md "Who gets what". Missing charities are nobody. */
export type Parties = {
  readonly enterprise: string
  readonly house: string
  readonly operator: string
  readonly contributor: string
  readonly developer: string
  readonly charities?: {
    readonly contributor?: string
    readonly developer?: string
    readonly operator?: string
  }
}

export type FinishedRequest = {
  /** 16 bytes as hexadecimal text, the first six the milliseconds of its time. */
  readonly id: string
  /** ms since the Unix epoch. */
  readonly at: number
  readonly region: string
  readonly dservice: string
  readonly endUser: string
  readonly deal: string
  readonly currency: string
  /** pip for one micro-unit at this moment. */
  readonly rate: bigint
  readonly private: PrivateColumns
  readonly custom: Readonly<Record<string, string>>
  /** 32 random bytes. */
  readonly salt: string
}

const nobody = `0x${'00'.repeat(20)}`

/** The charge of a request that has ended. Error: SharesInvalid. */
export function makeCharge(request: FinishedRequest, quote: Quote, parties: Parties, shares: Shares): Charge {
  const { at, ...rest } = request
  const { enterprise, house, operator, contributor, developer, charities = {} } = parties
  const given = {
    contributor: charities.contributor === undefined ? 0n : shares.charities.contributor,
    developer: charities.developer === undefined ? 0n : shares.charities.developer,
    operator: charities.operator === undefined ? 0n : shares.charities.operator,
  }
  return {
    ...rest,
    at: BigInt(at),
    tier: quote.tier,
    enterprise,
    house,
    operator,
    contributor,
    developer,
    charityOfContributor: charities.contributor ?? nobody,
    charityOfDeveloper: charities.developer ?? nobody,
    charityOfOperator: charities.operator ?? nobody,
    enterpriseAmount: quote.enterpriseAmount,
    houseAmount: quote.houseAmount,
    ...splitPrice(quote.price, { ...shares, charities: given }),
  }
}

/** Stands where rows of requests name their service. */
export const subscriptionName = 'subscription'

const noUse: PrivateColumns = {
  bytesIn: 0n,
  bytesOut: 0n,
  cpuMs: 0n,
  gpuMs: 0n,
  latencyMs: 0n,
  memoryBytes: 0n,
  miner: '',
  request: '',
}

/**
 * What a subscription did not use of its day (`YYYY-MM-DD`), from the enterprise to the house. What it used beyond its day was paid by the
 * house row by row, so that pay-ins equal payouts in each row. Names its day in the place of a service and its version.
 */
export function makeDifference(
  request: Omit<FinishedRequest, 'private' | 'custom' | 'dservice' | 'endUser' | 'deal'>,
  day: string,
  left: bigint,
  { enterprise, house }: Pick<Parties, 'enterprise' | 'house'>,
): Charge {
  const dservice = `${subscriptionName}@${day}`
  const full = { ...request, dservice, endUser: '', deal: 'difference', private: noUse, custom: {} }
  const parties = { enterprise, house, operator: house, contributor: nobody, developer: nobody }
  const quote = { tier: '', isLoaded: false, price: left, enterpriseAmount: left, houseAmount: 0n }
  const none = { contributor: 0n, developer: 0n, charities: { contributor: 0n, developer: 0n, operator: 0n } }
  return makeCharge(full, quote, parties, none)
}
