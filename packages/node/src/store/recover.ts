import { BanyanError, fail } from '@banyan/base'
import { type Chain, type ChainOptions, restoreChain } from '@banyan/ledger'
import { type Disk, type Log, listSnapshots, readSnapshot, type TailCut } from '@banyan/storage'
import { createHeightIndex, type HeightIndex } from './heights.js'
import { stateSnapshot } from './names.js'
import type { Follower } from './options.js'
import { type Replayed, replay } from './replay.js'

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

export type Recovered = Omit<Replayed, 'blocks'> & {
  readonly chain: Chain
  readonly recovery: Recovery
  readonly index: HeightIndex
}

/**
 * The chain after the newest block that is final here: from the newest snapshot that leads to it, else from `genesis`.
 * With `allowGap` it may stop earlier: what is missing is then fetched from peers.
 * Errors: HistoryGap, DiskFailed, LogDamaged, and what replaying from genesis reports.
 */
export async function recover(
  disk: Disk,
  log: Log,
  options: ChainOptions,
  genesis: Chain,
  { allowGap, follower }: { readonly allowGap: boolean; readonly follower: Follower | undefined },
): Promise<Recovered> {
  const heights = await listSnapshots(disk, stateSnapshot)
  const usable = heights.filter((height) => follower === undefined || height < follower.from)
  const refused: { height: number; reason: BanyanError }[] = []
  for (const height of usable.toReversed()) {
    try {
      const restored = await restoreChain(
        { ...options, genesisId: genesis.genesisId },
        readSnapshot(disk, stateSnapshot, height),
      )
      if (restored.head.header.height !== height) fail('SnapshotInvalid', { reason: 'it was renamed' })
      const replayed = await follow(disk, log, restored, follower)
      if (!allowGap) requireNewest(disk, restored, heights)
      return recovered(log, restored, replayed, height, refused)
    } catch (error) {
      if (!(error instanceof BanyanError) || isBeyondSnapshots(error)) throw error
      refused.push({ height, reason: error })
    }
  }
  const replayed = await follow(disk, log, genesis, follower)
  if (!allowGap) requireNewest(disk, genesis, heights)
  return recovered(log, genesis, replayed, undefined, refused)
}

type Followed = Replayed & { readonly index: HeightIndex }

async function follow(disk: Disk, log: Log, chain: Chain, follower: Follower | undefined): Promise<Followed> {
  const index = createHeightIndex()
  return { ...(await replay(disk, log, chain, index, follower)), index }
}

function recovered(
  log: Log,
  chain: Chain,
  { blocks, ...rest }: Followed,
  snapshot: number | undefined,
  refused: Recovery['refused'],
): Recovered {
  return { ...rest, chain, recovery: { snapshot, replayed: blocks, cut: log.cut, refused } }
}

/** Failures that another snapshot cannot help. */
function isBeyondSnapshots(error: BanyanError): boolean {
  return error.kind === 'DiskFailed' || error.kind === 'DiskFull' || error.kind === 'LogDamaged'
}

/** A snapshot is taken of final blocks only: the chain must reach the newest, be it readable or not. */
function requireNewest(disk: Disk, chain: Chain, heights: readonly number[]): void {
  const reached = chain.head.header.height
  const newest = heights.at(-1) ?? 0
  if (reached < newest) fail('HistoryGap', { from: reached + 1, to: newest, path: disk.path })
}
