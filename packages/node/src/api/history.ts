import type { Address, Hash } from '@banyan/base'
import type { Header, Log, Receipt, Transaction } from '@banyan/ledger'

/**
 * Final blocks and what is in them. `undefined` stands for what does not exist, is not final, or is no longer kept.
 * Transactions that a block skipped are no part of it here: indices count those that succeeded or failed.
 */
export type History = {
  /** Height of the oldest block that is kept. */
  readonly oldest: () => number
  readonly blockAt: (height: number) => Promise<BlockRecord | undefined>
  readonly blockById: (id: Hash) => Promise<BlockRecord | undefined>
  /** Ids of the transactions of a block from an index on, at most `limit`. */
  readonly ids: (height: number, from: number, limit: number) => Promise<readonly Hash[]>
  /** Transactions of a block from an index on, at most `limit`. */
  readonly included: (height: number, from: number, limit: number) => Promise<readonly IncludedTransaction[]>
  readonly transaction: (id: Hash) => Promise<IncludedTransaction | undefined>
  readonly logs: (query: LogQuery) => Promise<LogPage>
  /** Newest transactions, those before a place if that is given; at most `limit`. */
  readonly latest: (
    before: TransactionPlace | undefined,
    limit: number,
  ) => Promise<readonly IncludedTransaction[]>
  /**
   * The same for one account: those that it sent, that pay or call it, or that move its balance of some token according to
   * a `Transfer` log.
   */
  readonly activity: (
    account: Address,
    before: TransactionPlace | undefined,
    limit: number,
  ) => Promise<readonly IncludedTransaction[]>
}

/** Place of a transaction: its block, and its index among those that the block includes. */
export type TransactionPlace = { readonly height: number; readonly index: number }

/** A final block without its transactions. */
export type BlockRecord = {
  readonly header: Header
  readonly id: Hash
  /** Bytes of the encoded block. */
  readonly size: number
  /** Transactions that succeeded or failed. */
  readonly included: number
  /** Sum over all transactions and dimensions. */
  readonly gasUsed: number
  /** Base fee as wallets see it, pip per gas: the largest of the three that applied in this block. */
  readonly baseFee: bigint
}

/** A transaction of a final block. */
export type IncludedTransaction = {
  readonly transaction: Transaction
  readonly sender: Address
  readonly height: number
  readonly blockId: Hash
  /** Among the transactions that its block includes. */
  readonly index: number
  readonly receipt: Receipt
  /** Those of calls, and those that follow from transfers and packages (`assetEvents`). */
  readonly logs: readonly Log[]
  /** Logs of its block before its own. */
  readonly logsBefore: number
  /** Gas that its block used before it. */
  readonly gasBefore: number
  /** Base fee of its block as wallets see it. */
  readonly baseFee: bigint
}

/** Logs of blocks `from` to `to`, both included, that pass the filter. */
export type LogQuery = {
  readonly from: number
  readonly to: number
  /** Any of these; empty: all. */
  readonly addresses: readonly Address[]
  /** For each position any of these; empty: all. At most four positions; logs with fewer topics do not pass. */
  readonly topics: readonly (readonly Hash[])[]
  /** Only logs after this place. */
  readonly after?: LogPlace
  /** Most logs to return, 1 or more. */
  readonly limit: number
}

/** Place of a log: its block, and its index among the logs of the block. */
export type LogPlace = { readonly height: number; readonly logIndex: number }

export type PlacedLog = LogPlace & {
  readonly log: Log
  readonly blockId: Hash
  /** Milliseconds. */
  readonly timestamp: bigint
  readonly transactionId: Hash
  readonly transactionIndex: number
}

/** `complete` is false if there are more logs than the limit. */
export type LogPage = { readonly logs: readonly PlacedLog[]; readonly complete: boolean }
