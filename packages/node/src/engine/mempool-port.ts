import type { GeneralEntry } from '@banyan/ledger'

/** A transaction on its way from the mempool into a batch. */
export type Taken = {
  readonly envelope: Uint8Array
  /** For everything but transfers: decoded and verified. */
  readonly general: GeneralEntry | undefined
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
  readonly take: (limits: { readonly transactions: number; readonly bytes: number }) => readonly Taken[]
  /** What a final block, or the end of a batch, made of a transaction that was taken. Unknown ids are ignored. */
  readonly settle: (id: Uint8Array, outcome: Outcome) => void
  /** Drops what can no longer be included after the final block at `height`. */
  readonly expire: (height: number) => void
}
