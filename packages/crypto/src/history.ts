import { asHash, assert, equalBytes, type Hash } from '@banyan/base'
import {
  branchOf,
  hashPair,
  maxDepth,
  merkleRoot,
  mixInLength,
  rootFromBranch,
  zeroHashes,
} from './merkle.js'
import type { CryptoProvider } from './provider.js'

/**
 * Merkle mountain range over block ids: one perfect tree per set bit of `count`, kept as its root. A value never
 * changes; appending makes a new one.
 */
export type History = {
  readonly count: number
  /** Roots of the trees, the largest (and oldest) first. */
  readonly peaks: readonly Hash[]
}

export const emptyHistory: History = { count: 0, peaks: [] }

/** The history with one more id: merges equal trees, as a binary counter carries. */
export function appendToHistory(provider: CryptoProvider, history: History, id: Hash): History {
  const peaks = [...history.peaks]
  let node = id
  for (let rest = history.count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    node = hashPair(provider, peaks.pop()!, node)
  }
  return { count: history.count + 1, peaks: [...peaks, node] }
}

/** `H(peak ‖ bag)` from the smallest peak to the largest, mixed with the number of ids; zero bag when empty. */
export function historyRoot(provider: CryptoProvider, history: History): Hash {
  return mixInLength(provider, bag(provider, history.peaks) ?? zeroHashes[0]!, history.count)
}

function bag(provider: CryptoProvider, peaks: readonly Hash[]): Hash | undefined {
  return peaks.reduceRight<Hash | undefined>(
    (bagged, peak) => (bagged === undefined ? peak : hashPair(provider, peak, bagged)),
    undefined,
  )
}

/** Depths of the perfect trees over `count` ids, the largest first. */
function treeDepths(count: number): number[] {
  const depths: number[] = []
  for (let depth = maxDepth; depth >= 0; depth--) {
    if (Math.floor(count / 2 ** depth) % 2 === 1) depths.push(depth)
  }
  return depths
}

/** Tree that holds leaf `index` of `count`: its rank among the trees and the first leaf of it. */
function treeOf(index: number, count: number) {
  const depths = treeDepths(count)
  let rank = 0
  let first = 0
  while (index >= first + 2 ** depths[rank]!) first += 2 ** depths[rank++]!
  return { depths, rank, first }
}

/** Shows that an id is number `index` of the first `count` ids of a chain. */
export type HistoryProof = {
  readonly index: number
  readonly count: number
  /**
   * 32-byte nodes in the order of hashing: siblings inside the tree of the id; the bag of the smaller trees, if there
   * are any; the peaks of the larger trees, from the smallest to the largest.
   */
  readonly nodes: Uint8Array
}

/** Proof for id `index` out of all ids (flat, 32 bytes each) of the history. */
export function proveHistory(provider: CryptoProvider, ids: Uint8Array, index: number): HistoryProof {
  const count = ids.length / 32
  assert(Number.isInteger(count) && index >= 0 && index < count, 'the proven id is part of the history')
  const { depths, rank, first } = treeOf(index, count)
  const peaks: Hash[] = []
  let start = 0
  for (const depth of depths) {
    peaks.push(merkleRoot(provider, ids.subarray(32 * start, 32 * (start + 2 ** depth)), depth))
    start += 2 ** depth
  }
  const depth = depths[rank]!
  const leaves = ids.subarray(32 * first, 32 * (first + 2 ** depth))
  const smaller = bag(provider, peaks.slice(rank + 1))
  const larger = peaks.slice(0, rank).reverse()
  const outside = smaller === undefined ? larger : [smaller, ...larger]
  const nodes = new Uint8Array(32 * (depth + outside.length))
  nodes.set(branchOf(provider, leaves, index - first, depth))
  for (const [i, node] of outside.entries()) nodes.set(node, 32 * (depth + i))
  return { index, count, nodes }
}

/** Whether `id` is number `proof.index` of the `proof.count` ids under this history root. */
export function verifyHistoryProof(
  provider: CryptoProvider,
  root: Uint8Array,
  id: Uint8Array,
  proof: HistoryProof,
): boolean {
  const { index, count, nodes } = proof
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(count)) return false
  if (index < 0 || index >= count || count > 2 ** maxDepth || id.length !== 32) return false
  const { depths, rank, first } = treeOf(index, count)
  const depth = depths[rank]!
  const hasSmaller = rank < depths.length - 1
  if (nodes.length !== 32 * (depth + (hasSmaller ? 1 : 0) + rank)) return false
  let node = rootFromBranch(provider, id, index - first, nodes.subarray(0, 32 * depth))!
  let at = 32 * depth
  if (hasSmaller) {
    node = hashPair(provider, node, nodes.subarray(at, at + 32))
    at += 32
  }
  for (; at < nodes.length; at += 32) node = hashPair(provider, asHash(nodes.subarray(at, at + 32)), node)
  return equalBytes(mixInLength(provider, node, count), root)
}
