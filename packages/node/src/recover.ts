import { BanyanError, fail } from '@banyan/base'
import { type Chain, type ChainOptions, restoreChain } from '@banyan/ledger'
import { type Disk, type Log, listSnapshots, readSnapshot, type TailCut } from '@banyan/storage'
import { stateSnapshot } from './names.js'
import { replay } from './replay.js'

/** How a chain was brought back. */
export type Recovery = {
  /** Height of the snapshot that was loaded; `undefined` if the chain was built from its genesis. */
  readonly snapshot: number | undefined
  /** Number of blocks that were executed again from the log. */
  readonly replayed: number
  /** What an interrupted write had left at the end of the log, and was removed. */
  readonly cut: TailCut | undefined
  /** Newer snapshots that could not be used, and why. */
  readonly refused: readonly { readonly height: number; readonly reason: BanyanError }[]
}

export type Recovered = { readonly chain: Chain; readonly recovery: Recovery }

/**
 * The chain after the newest durable block: from the newest snapshot that leads to it, else from `genesis`.
 * Errors: HistoryGap, DiskFailed, LogDamaged, and what replaying from genesis reports.
 */
export async function recover(
  disk: Disk,
  log: Log,
  options: ChainOptions,
  genesis: Chain,
): Promise<Recovered> {
  const heights = await listSnapshots(disk, stateSnapshot)
  const refused: { height: number; reason: BanyanError }[] = []
  for (const height of heights.toReversed()) {
    try {
      const restored = await restoreChain(
        { ...options, genesisId: genesis.genesisId },
        readSnapshot(disk, stateSnapshot, height),
      )
      if (restored.head.header.height !== height) fail('SnapshotInvalid', { reason: 'it was renamed' })
      const replayed = await replay(disk, log, restored)
      requireNewest(disk, restored, heights)
      return { chain: restored, recovery: { snapshot: height, replayed, cut: log.cut, refused } }
    } catch (error) {
      if (!(error instanceof BanyanError) || isBeyondSnapshots(error)) throw error
      refused.push({ height, reason: error })
    }
  }
  const replayed = await replay(disk, log, genesis)
  requireNewest(disk, genesis, heights)
  return { chain: genesis, recovery: { snapshot: undefined, replayed, cut: log.cut, refused } }
}

/** Failures that another snapshot cannot help. */
function isBeyondSnapshots(error: BanyanError): boolean {
  return error.kind === 'DiskFailed' || error.kind === 'DiskFull' || error.kind === 'LogDamaged'
}

/** A snapshot is taken of durable blocks only: the chain must reach the newest, be it readable or not. */
function requireNewest(disk: Disk, chain: Chain, heights: readonly number[]): void {
  const reached = chain.head.header.height
  const newest = heights.at(-1) ?? 0
  if (reached < newest) fail('HistoryGap', { from: reached + 1, to: newest, path: disk.path })
}
