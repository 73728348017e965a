import { leToUint, uintToLe } from '@banyan/base'
import { verifyHeaderField } from './header-proof.js'
import { type ListProof, verifyListElement } from './list-proof.js'
import { containerRoot, listRoot, verifyBranch } from './merkle.js'
import { type RowProof, verifyRow } from './proof.js'
import type { CryptoProvider } from './provider.js'
import { type GapProof, verifyGap } from './sorted-list.js'
import { rowLimitDepth, tableLayouts, tableNames, tableRootDepth } from './state-tables.js'

/** Blocks that the state remembers: rows of its table `recent`. docs/formats.md "State". */
export const recentBlocks = 64

/** A list of the ids of a block has at most 2^22 leaves. */
const idsDepth = 22

/** Offsets of the fields of a row of `recent`. */
const recentLayout = { blockId: 0, idsRoot: 32, height: 64, timestamp: 72, count: 80, end: 84 } as const

export type RecentBlock = {
  readonly blockId: Uint8Array
  /** List root of the ids of its transactions in ascending order, and their number. */
  readonly idsRoot: Uint8Array
  readonly count: number
  readonly height: bigint
  /** Milliseconds. */
  readonly timestamp: bigint
}

/** Reads the 128 bytes of a row of `recent`. */
export function recentBlockOf(row: Uint8Array): RecentBlock {
  const { blockId, idsRoot, height, timestamp, count, end } = recentLayout
  return {
    blockId: row.subarray(blockId, idsRoot),
    idsRoot: row.subarray(idsRoot, height),
    height: leToUint(row.subarray(height, timestamp)),
    timestamp: leToUint(row.subarray(timestamp, count)),
    count: Number(leToUint(row.subarray(count, end))),
  }
}

/** Shows that a transaction was included in a recent block. At most 1,248 bytes of row proof and 22 × 32 bytes. */
export type InclusionProof = { readonly recent: RowProof; readonly ids: ListProof }

/** Height of the block that holds the transaction, under a state root; `undefined` if the proof does not show it. */
export function verifyIncluded(
  provider: CryptoProvider,
  stateRoot: Uint8Array,
  id: Uint8Array,
  proof: InclusionProof,
): bigint | undefined {
  if (!verifyRow(provider, stateRoot, 'recent', proof.recent)) return undefined
  const { idsRoot, count, height } = recentBlockOf(proof.recent.bytes)
  if (proof.ids.length !== count) return undefined
  return verifyListElement(provider, idsRoot, id, idsDepth, proof.ids) ? height : undefined
}

/** What decides about the expiry of a transaction: parts of its signed bytes, and its id. */
export type ExpiringTransaction = {
  readonly id: Uint8Array
  /** Id of the block that it names. */
  readonly mark: Uint8Array
  readonly validUntil: bigint
}

/**
 * Shows that a transaction was not included and never will be. 8,448 bytes, and for every block in which the
 * transaction was allowed a gap proof: 64 blocks of 1,000 transactions make 50 KB.
 */
export type ExpiryProof = {
  /** Height of the marked block, and the branch of that field under the block's id: 160 bytes. */
  readonly markHeight: bigint
  readonly markBranch: Uint8Array
  /** All 64 rows of `recent`, flat: 8,192 bytes. */
  readonly rows: Uint8Array
  /** Siblings of the root of `recent` among the roots of the state tables: 96 bytes. */
  readonly tableBranch: Uint8Array
  /** For every block that could have included the transaction, in order of height. */
  readonly gaps: readonly GapProof[]
}

/** Heights at which a transaction could be included: none if `last` is below `first`. */
export function inclusionHeights(markHeight: bigint, validUntil: bigint): { first: bigint; last: bigint } {
  const isAllowed = validUntil <= markHeight + BigInt(recentBlocks)
  return { first: markHeight + 1n, last: isAllowed ? validUntil : markHeight }
}

/**
 * Whether the proof shows, under a state root, that the transaction can never be included any more: the last block that
 * could include it is part of the state, and neither it nor an earlier one that could did. A mark that is no block of
 * this chain has no height; such a transaction is refused for ever without a proof.
 */
export function verifyExpired(
  provider: CryptoProvider,
  stateRoot: Uint8Array,
  transaction: ExpiringTransaction,
  proof: ExpiryProof,
): boolean {
  const { id, mark, validUntil } = transaction
  const { markHeight, rows, gaps } = proof
  if (markHeight < 0n || markHeight >= 1n << 64n) return false
  const height = uintToLe(markHeight, 32)
  if (!verifyHeaderField(provider, mark, 'height', height, proof.markBranch)) return false
  if (!verifyRecent(provider, stateRoot, rows, proof.tableBranch)) return false
  const { first, last } = inclusionHeights(markHeight, validUntil)
  const expected = last < first ? 0 : Number(last - first) + 1
  if (gaps.length !== expected) return false
  return gaps.every((gap, i) => {
    const at = (Number(first) + i) % recentBlocks
    const block = recentBlockOf(rows.subarray(at * rowBytes, (at + 1) * rowBytes))
    if (block.height !== first + BigInt(i)) return false
    return verifyGap(provider, block.idsRoot, block.count, idsDepth, id, gap)
  })
}

const { rowBytes } = tableLayouts.recent

/** Whether these are all rows of `recent` under the state root. */
function verifyRecent(
  provider: CryptoProvider,
  stateRoot: Uint8Array,
  rows: Uint8Array,
  tableBranch: Uint8Array,
): boolean {
  if (rows.length !== recentBlocks * rowBytes) return false
  const roots = new Uint8Array(recentBlocks * 32)
  for (let row = 0; row < recentBlocks; row++) {
    const bytes = rows.subarray(row * rowBytes, (row + 1) * rowBytes)
    roots.set(containerRoot(provider, bytes), row * 32)
  }
  const tableRoot = listRoot(provider, roots, rowLimitDepth)
  const index = tableNames.indexOf('recent')
  return verifyBranch(provider, stateRoot, tableRoot, index, tableRootDepth, tableBranch)
}
