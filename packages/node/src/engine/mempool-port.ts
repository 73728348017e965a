import type { GeneralEntry, TransferSet } from '@banyan/ledger'

/** Transactions on their way from the mempool into batches. */
export type Taken = {
  readonly transfers: TransferSet
  /** Everything but transfers: decoded and verified. */
  readonly general: readonly GeneralEntry[]
}

/** What came of a transaction: in a final block, or of a batch that no block has ordered. */
export type Outcome = 'included' | 'retry' | 'skipped' | 'unordered'

/** What the engine wants of the mempool. `Mempool` has this form. */
export type MempoolPort = {
  /** All transactions that are not settled. */
  readonly count: number
  /** Transactions that have not been taken. */
  readonly waiting: number
  /** Takes what may leave in a batch. It stays known until it is settled or expires. */
  readonly take: (limits: { readonly transactions: number; readonly bytes: number }) => Taken
  /**
   * What a final block, or the end of a batch, made of the transaction of which the id starts at word `at`. Unknown ids are
   * ignored.
   */
  readonly settle: (ids: Uint32Array, at: number, outcome: Outcome) => void
  /** Drops what can no longer be included after the final block at `height`. */
  readonly expire: (height: number) => void
}
