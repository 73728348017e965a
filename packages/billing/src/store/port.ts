import type { Charge, Row } from '../charge/charge.js'
import type { Added } from '../journal/journal.js'
import type { BillingEvent } from '../rollup/event.js'

/** Charges, and what happened to their settlement. Both are only added to. One process writes. */
export type ChargeBook = {
  /** Resolves when all are durable. Those whose id is known are left out. Errors: ChargeInvalid, LogBusy, StoreFailed, DiskFull, DiskFailed. */
  readonly append: (charges: readonly Charge[]) => Promise<Added>
  /** Sequence of the newest durable row. */
  readonly last: () => Promise<number>
  /** Rows `from` to `to`, both included, in groups of bounded size. */
  readonly rows: (from: number, to: number) => AsyncGenerator<readonly Row[], void, undefined>
  /** Resolves when the event is durable. */
  readonly record: (event: BillingEvent) => Promise<void>
  /** All events, oldest first. */
  readonly events: () => AsyncGenerator<BillingEvent, void, undefined>
  readonly close: () => Promise<void>
}

/** Columns by which sums can be asked for. */
export type GroupColumn =
  | 'enterprise'
  | 'operator'
  | 'contributor'
  | 'developer'
  | 'dservice'
  | 'tier'
  | 'deal'

export type Total = {
  readonly name: string
  readonly count: number
  /** Micro-units of all pay-ins of these rows. */
  readonly price: bigint
}

/** A book in which questions can be asked. */
export type ChargeStore = ChargeBook & {
  /** Error: ChargeUnknown. */
  readonly find: (id: string) => Promise<Row>
  /** Sums of rows `from` to `to` by a column, the largest first, at most 10,000. */
  readonly totals: (from: number, to: number, by: GroupColumn) => Promise<readonly Total[]>
}

export const maxTotals = 10_000
