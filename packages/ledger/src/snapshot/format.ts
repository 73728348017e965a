import { windowBlocks } from '../state/id-window.js'

/** Layout of a snapshot: docs/formats.md "Snapshots". */
export const snapshotVersion = 1

/** Most bytes of a chunk of rows or ids; only the last one of a table or a block is shorter. */
export const chunkBytes = 2 ** 20

/** Offsets in the first chunk; the header follows the history peaks. */
export const opening = {
  version: 0,
  headerLength: 4,
  genesisId: 8,
  stateRoot: 40,
  rowCounts: 72,
  peaks: 100,
} as const

/** Number of peaks of the history up to a block: the one bits of the number of ids in it. */
export function peakCount(height: number): number {
  let peaks = 0
  for (let rest = height + 1; rest > 0; rest = Math.floor(rest / 2)) peaks += rest % 2
  return peaks
}

/** The blocks whose ids count at a height, oldest first. */
export function windowHeights(height: number): number[] {
  const first = Math.max(0, height - windowBlocks + 1)
  return Array.from({ length: height - first + 1 }, (_, i) => first + i)
}
