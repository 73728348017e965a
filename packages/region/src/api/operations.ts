import type { ServiceOffer } from '@banyan/tunnel'
import type { Tier } from '../core/index.js'

/** Prices in one class of machines. */
export type TierPrices = {
  readonly tier: number
  readonly perRequest: string
  readonly perCpuHour: string
  readonly perGpuHour: string
  /** Of 10^9 bytes in either direction. */
  readonly perGigabyte: string
}

/** A service that miners offer. */
export type Service = {
  readonly name: string
  readonly versions: readonly string[]
  /** Requests that can be worked on at once, and that are. */
  readonly places: number
  readonly active: number
  readonly currency: string | null
  /** None where it has no price. */
  readonly tiers: readonly TierPrices[]
}

/** `GET services`. */
export type Services = { readonly services: readonly Service[] }

/** A miner that is connected. */
export type RegionMiner = {
  readonly miner: string
  readonly tier: Tier
  readonly rttMs: number
  /** It gets no work for a while. */
  readonly aside: { readonly until: number } | null
  readonly draining: boolean
  /** Of the last minute. */
  readonly requests: number
  /** In a row. */
  readonly failures: number
  readonly services: readonly (ServiceOffer & { readonly active: number })[]
}

/** `GET operations`: how the region does, for those who run it. */
export type RegionOperations = {
  readonly region: string
  readonly accepting: boolean
  readonly tiers: readonly {
    readonly tier: Tier
    readonly queued: number
    readonly capacity: number
    readonly active: number
    readonly overloaded: boolean
  }[]
  readonly miners: readonly RegionMiner[]
  readonly work: RecentWork
  /** None where nothing is charged. */
  readonly charges: { readonly rows: number; readonly waiting: number } | null
  readonly settlement: {
    readonly period: string | null
    readonly isOpen: boolean
    readonly unsettledRows: number
    /** Wallets from which nothing could be collected, with the period. */
    readonly advanced: readonly { readonly account: string; readonly period: string }[]
  } | null
}

/** Requests that ended in the last minute. */
export type RecentWork = {
  readonly perMinute: number
  /** None where nothing was done. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly failed: number
}
