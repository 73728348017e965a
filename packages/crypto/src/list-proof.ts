import { asHash, assert, equalBytes, type Hash } from '@banyan/base'
import { branchOf, hashPair, maxDepth, mixInLength, rootFromBranch, zeroHashes } from './merkle.js'
import type { CryptoProvider } from './provider.js'

/** Shows one leaf of a list under the list's root. Size: 32 bytes per level that `length` leaves need, and two numbers. */
export type ListProof = {
  /** Place of the leaf, below `length`. */
  readonly index: number
  /** Number of leaves. */
  readonly length: number
  /** Siblings from the bottom. Above the levels that `length` leaves need, all siblings are empty and left out. */
  readonly branch: Uint8Array
}

/** Levels of the smallest tree with room for `length` leaves. */
export function levelsOf(length: number): number {
  let levels = 0
  while (2 ** levels < length) levels++
  return levels
}

/** Proof for leaf `index` out of all leaves of a list: flat, 32 bytes each. */
export function proveListElement(provider: CryptoProvider, leaves: Uint8Array, index: number): ListProof {
  const length = leaves.length / 32
  assert(index < length, 'the proven leaf is part of the list')
  return { index, length, branch: branchOf(provider, leaves, index, levelsOf(length)) }
}

/** Root that a list with `leaf` at its place has; `undefined` if the proof does not fit a list of 2^limitDepth leaves. */
export function listRootFromProof(
  provider: CryptoProvider,
  leaf: Uint8Array,
  limitDepth: number,
  proof: ListProof,
): Hash | undefined {
  const { index, length, branch } = proof
  if (limitDepth > maxDepth || !Number.isInteger(length) || length > 2 ** limitDepth) return undefined
  const levels = levelsOf(length)
  if (!(index < length) || branch.length !== 32 * levels) return undefined
  const used = rootFromBranch(provider, leaf, index, branch)
  if (used === undefined) return undefined
  let node = used
  for (let depth = levels; depth < limitDepth; depth++) node = hashPair(provider, node, zeroHashes[depth]!)
  return mixInLength(provider, asHash(node), length)
}

/** Whether `leaf` stands at its place in the list with this root, whose limit is 2^limitDepth leaves. */
export function verifyListElement(
  provider: CryptoProvider,
  root: Uint8Array,
  leaf: Uint8Array,
  limitDepth: number,
  proof: ListProof,
): boolean {
  const actual = listRootFromProof(provider, leaf, limitDepth, proof)
  return actual !== undefined && equalBytes(actual, root)
}
