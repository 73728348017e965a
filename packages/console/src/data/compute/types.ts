/**
 * What a region tells the owner of a key below /_banyan, and what the origin of a local network tells of its computing:
 * docs/compute.md, docs/local.md. Amounts are whole micro-units of a currency in decimal digits, times ms since the Unix epoch.
 */

import type { Hex } from '@banyan/base'

/** Whose key the origin of a local network adds to a request. */
export type Role = 'enterprise' | 'operator' | 'developer' | 'miner-1' | 'miner-2'

export type WorkCharge = {
  readonly id: string
  readonly price: string
  readonly enterpriseAmount: string
  readonly houseAmount: string
  readonly contributorAmount: string
  readonly developerAmount: string
  readonly operatorAmount: string
  readonly currency: string
  readonly deal: string
}

/** One request that is over. */
export type WorkItem = {
  readonly id: string
  readonly account: string
  readonly service: string
  readonly version: string
  readonly miner: string
  readonly tier: number
  readonly outcome: 'done' | 'cancelled' | 'deadline' | 'failed'
  readonly status: number
  readonly acceptedAt: number
  readonly startedAt: number
  readonly firstByteAt: number
  readonly endedAt: number
  readonly attempts: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly charge: WorkCharge | null
}

export type WorkPage = { readonly items: readonly WorkItem[]; readonly next: string | null }

export type Tariff = {
  readonly tier: number
  readonly perRequest: string
  readonly perCpuHour: string
  readonly perGpuHour: string
  readonly perGigabyte: string
}

export type Service = {
  readonly name: string
  readonly versions: readonly string[]
  /** None where it has no price. */
  readonly tiers: readonly Tariff[]
  readonly currency: string | null
  readonly places: number
  readonly active: number
}

export type Quote = {
  readonly service: string
  readonly currency: string
  readonly estimate: { readonly cpuMs: number; readonly bytes: number }
  readonly quotes: readonly {
    readonly tier: number
    readonly price: string
    readonly enterpriseAmount: string
    readonly houseAmount: string
  }[]
}

export type Spend = {
  readonly month: string
  readonly currency: string
  readonly spent: string
  /** Held back for requests that run. */
  readonly held: string
  readonly budget: { readonly perMonth: string; readonly alertAt: readonly number[] } | null
  /** Shares of the budget, in ten-thousandths, that were reached. */
  readonly alerts: readonly { readonly share: number; readonly at: number }[]
  readonly days: readonly { readonly day: string; readonly count: number; readonly amount: string }[]
  readonly services: readonly { readonly name: string; readonly count: number; readonly amount: string }[]
  /** Of charges that no period has taken in yet. */
  readonly unsettled: string
}

export type Transfer = { readonly id: Hex; readonly height: number }

export type PeriodLine = {
  /** `carried`: too little to be paid out, it waits for the next period. */
  readonly way: 'collect' | 'pay' | 'advance' | 'carried'
  readonly account: string
  readonly count: number
  readonly amountPip: string
  readonly anchor: string
  readonly xor: string
  readonly transfer: Transfer | null
}

export type Period = {
  readonly period: string
  readonly state: 'open' | 'settled'
  readonly rows: number
  readonly lines: readonly PeriodLine[]
}

/**
 * A charge with the columns that its reader may see, and its receipt once it is settled: JSON in which whole numbers are texts that
 * end in `n`, as `decodeStatement` of @banyan/billing reads it.
 */
export type ChargeView = {
  readonly charge: Readonly<Record<string, unknown>>
  readonly period: string | null
  readonly receipt: { readonly part: { readonly transfer?: Transfer } } | null
}

export type Settled = {
  readonly period: string
  readonly rows: number
  readonly transfers: number
  readonly collected: string
  readonly paid: string
  readonly totalMs: number
}

export type Earnings = {
  readonly wallet: Hex
  readonly currency: string
  readonly open: string
  readonly settled: string
  readonly days: readonly { readonly day: string; readonly count: number; readonly amount: string }[]
}

export type RegionMiner = {
  readonly miner: string
  readonly tier: number
  readonly rttMs: number
  readonly aside: { readonly until: number } | null
  readonly draining: boolean
  readonly requests: number
  readonly failures: number
  readonly services: readonly {
    readonly name: string
    readonly version: string
    readonly concurrency: number
    readonly active: number
    readonly warm: boolean
  }[]
}

/** Work is that of the last minute. */
export type RegionOperations = {
  readonly region: string
  readonly accepting: boolean
  readonly tiers: readonly {
    readonly tier: number
    readonly queued: number
    readonly capacity: number
    readonly active: number
  }[]
  readonly miners: readonly RegionMiner[]
  readonly work: {
    readonly perMinute: number
    /** None where nothing was done. */
    readonly p50Ms: number | null
    readonly p99Ms: number | null
    readonly failed: number
  }
  /** None where nothing is charged. */
  readonly charges: { readonly rows: number; readonly waiting: number } | null
  readonly settlement: {
    readonly period: string | null
    readonly isOpen: boolean
    readonly unsettledRows: number
  } | null
}

/** What a miner tells of itself, as far as pages show it: docs/miner.md "Status". */
export type MinerStatus = {
  readonly miner: string
  readonly connection: string
  readonly resting?: string
  readonly isDraining: boolean
  readonly isolation: {
    readonly driver: string
    readonly level: 'container' | 'sandbox' | 'sandbox-watched' | 'none'
    readonly probes: readonly {
      readonly what: string
      readonly isUsable: boolean
      readonly detail: string
    }[]
  }
  readonly fitness: {
    readonly cores: number
    readonly mips: number
    readonly mflops: number
    readonly memoryBandwidth: number
    readonly freeBytes: number
    readonly regionMs: number
  }
  readonly traffic: {
    readonly requests: number
    readonly failed: number
    readonly bytesIn: number
    readonly bytesOut: number
    readonly cpuMs: number
  }
  readonly dservices: readonly {
    readonly name: string
    readonly version: string
    readonly pool: {
      readonly instances: number
      readonly active: number
      readonly crashed: number
      readonly recycled: number
      readonly coldStartMs?: number
    }
  }[]
}

/** Somebody who has a part in the computing of a local network. */
type Party = {
  readonly name: string
  readonly wallet: Hex
  /** At central, by which records name them; nothing before it was made. */
  readonly account: string | null
}

export type LocalMiner = Party & { readonly status: MinerStatus | null }

export type LocalCompute = {
  readonly ready: boolean
  readonly state: 'off' | 'starting' | 'failed' | 'ready'
  /** Why it is not ready, as a sentence goes on. */
  readonly reason: string | null
  readonly region: string
  readonly services: readonly string[]
  /** Where miners may join. */
  readonly join: string | null
  readonly enterprise: Party
  readonly operator: Party
  readonly developer: Party
  readonly miners: readonly LocalMiner[]
  readonly sample: {
    readonly curl: string
    readonly path: string
    /** Address of the photograph, below the origin. */
    readonly input: string
  }
}
