import { type Chain, snapshotChunks, snapshotHead } from '@banyan/ledger'
import { type Log, listSnapshots, removeOldSnapshots, writeSnapshot } from '@banyan/storage'
import type { HeightIndex } from './heights.js'
import { stateSnapshot } from './names.js'
import type { ChainStoreOptions } from './options.js'

export type SnapshotSource = {
  readonly chain: Chain
  readonly log: Log
  readonly index: HeightIndex
  /** Heights of snapshots that are known to be damaged. */
  readonly refused: readonly number[]
}

/**
 * Stores the state after the newest final block, removes old snapshots, and drops blocks that none of the others needs
 * if the history may be cut. Returns the height of the snapshot.
 */
export async function takeSnapshot(options: ChainStoreOptions, source: SnapshotSource): Promise<number> {
  const { disk, keepSnapshots, history } = options
  const { chain, log, index, refused } = source
  const { height } = snapshotHead(chain).header
  await writeSnapshot(disk, stateSnapshot, height, snapshotChunks(chain))
  const stored = await listSnapshots(disk, stateSnapshot)
  const usable = stored.filter((candidate) => candidate === height || !refused.includes(candidate))
  const kept = usable.slice(-keepSnapshots)
  const oldest = kept[0]!
  await removeOldSnapshots(disk, stateSnapshot, stored.filter((candidate) => candidate >= oldest).length)
  const needed = index.find(oldest + 1)
  if (history === 'recent' && kept.length === keepSnapshots && needed !== undefined)
    await log.pruneBefore(needed)
  return height
}
