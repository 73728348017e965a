import { fail } from '@banyan/base'
import {
  type Chain,
  type ChainOptions,
  type DescribedBatch,
  type ExecutedBlock,
  maxBlockBytes,
} from '@banyan/ledger'
import type { Disk } from '@banyan/storage'
import { prefixBytes } from './records.js'

export type ChainStoreOptions = {
  /** The data folder. The store owns it from the call on and closes it, also when opening fails. */
  readonly disk: Disk
  readonly chainOptions: ChainOptions
  /** Final blocks after which a snapshot is taken on its own. */
  readonly snapshotEvery: number
  /** Snapshots to keep: 2 or more, so that a damaged one can be passed over. */
  readonly keepSnapshots: number
  /** Whether the log keeps all blocks, or only those after the oldest kept snapshot. */
  readonly history: 'all' | 'recent'
  /** Bytes of a log file, 256 MiB by default; a block must fit in one. */
  readonly segmentBytes?: number
  /**
   * Open a damaged folder with what is left of it: for nodes that can fetch the rest from peers. Without it, damage is
   * an error.
   */
  readonly repair?: boolean
  /** Called once with the chain at its genesis: what wants to see final blocks again that the log still has. */
  readonly follow?: (genesis: Chain) => Promise<Follower>
}

/** Sees the final blocks that opening executes again, in their order, from a height on. */
export type Follower = {
  /** Blocks from this height on are executed if the log has them, even where a newer snapshot would make it needless. */
  readonly from: number
  readonly take: (block: ReplayedBlock) => Promise<void> | undefined
}

export type ReplayedBlock = {
  readonly executed: ExecutedBlock
  readonly described: readonly DescribedBatch[]
}

export type LogLimits = { readonly segmentBytes: number; readonly maxRecordBytes: number }

/** Bytes of the headers of a log file and of a record. */
export const logOverhead = 64 + 24
const defaultSegmentBytes = 2 ** 28
/** The proposer's vote in the record of a block. */
const maxVoteBytes = 256

/** Checks the options. Error: OptionInvalid. */
export function logLimits({ snapshotEvery, keepSnapshots, segmentBytes }: ChainStoreOptions): LogLimits {
  requireFrom('keepSnapshots', keepSnapshots, 2)
  requireFrom('snapshotEvery', snapshotEvery, 1)
  const bytes = segmentBytes ?? defaultSegmentBytes
  return {
    segmentBytes: bytes,
    maxRecordBytes: Math.min(maxBlockBytes + prefixBytes + maxVoteBytes, bytes - logOverhead),
  }
}

function requireFrom(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    fail('OptionInvalid', { option, reason: `not a whole number from ${least} on` })
  }
}
