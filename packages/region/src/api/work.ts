import type { WorkRecord } from '../core/index.js'

/** One request that is over. Times are whole milliseconds since the Unix epoch. */
export type WorkItem = Omit<WorkRecord, 'usage' | 'repeats' | 'idempotencyKey'> & {
  readonly cpuMs: number
  readonly memoryBytes: number
  /** None where it was not charged, or not yet. */
  readonly charge: WorkCharge | null
}

/** What a request costs, and who gets it. */
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

/** `GET work`, the newest first. `next`: what to ask for older ones with, as `before`. */
export type WorkPage = { readonly items: readonly WorkItem[]; readonly next: string | null }
