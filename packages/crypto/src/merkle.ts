import { asHash, assert, createScratch, equalBytes, fail, type Hash, uintToLe } from '@banyan/base'
import { sha256 } from './portable/hash.js'
import type { Hasher } from './provider.js'

/** Deepest tree that any format uses, with room to spare. */
export const maxDepth = 48

function makeZeroHashes(): readonly Hash[] {
  const hashes = [asHash(new Uint8Array(32))]
  const pair = new Uint8Array(64)
  for (let depth = 0; depth < maxDepth; depth++) {
    pair.set(hashes[depth]!, 0)
    pair.set(hashes[depth]!, 32)
    hashes.push(sha256(pair))
  }
  return hashes
}

/** `zeroHashes[d]` is the root of a tree of depth `d` without leaves, for d up to `maxDepth`. Do not write to them. */
export const zeroHashes: readonly Hash[] = makeZeroHashes()

/** `H(left ‖ right)` of two 32-byte nodes. */
export function hashPair(provider: Hasher, left: Uint8Array, right: Uint8Array): Hash {
  const pair = new Uint8Array(64)
  pair.set(left, 0)
  pair.set(right, 32)
  const parent = new Uint8Array(32)
  provider.hashPairs(pair, parent)
  return asHash(parent)
}

/** Copies bytes into whole 32-byte chunks, padded with zeros. */
export function chunkify(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 32) * 32)
  out.set(bytes)
  return out
}

function countChunks(chunks: Uint8Array, depth: number): number {
  assert(Number.isInteger(depth) && depth >= 0 && depth <= maxDepth, 'the depth of a Merkle tree is in range')
  const count = chunks.length / 32
  if (!Number.isInteger(count) || count > 2 ** depth) {
    fail('OptionInvalid', {
      option: 'chunks',
      reason: `${chunks.length} bytes do not fit a tree of depth ${depth}`,
    })
  }
  return count
}

/**
 * Replaces `count` nodes at the start of `level` by their parents and returns the number of parents. The buffer has
 * room for one node more, which pads an odd level.
 */
function reduceLevel(provider: Hasher, level: Uint8Array, count: number, depth: number): number {
  if (count % 2 === 1) level.set(zeroHashes[depth]!, 32 * count)
  const parents = Math.ceil(count / 2)
  provider.hashPairs(level.subarray(0, 64 * parents), level.subarray(0, 32 * parents))
  return parents
}

/** Root of a tree of `limitDepth` levels over flat 32-byte chunks (SSZ `merkleize`). Throws `OptionInvalid` if they do not fit. */
export function merkleRoot(provider: Hasher, chunks: Uint8Array, limitDepth: number): Hash {
  const leaves = countChunks(chunks, limitDepth)
  if (leaves === 0) return asHash(zeroHashes[limitDepth]!.slice())
  if (limitDepth === 0) return asHash(chunks.slice(0, 32))
  const level = firstParents(provider, chunks, leaves)
  let count = Math.ceil(leaves / 2)
  for (let depth = 1; depth < limitDepth; depth++) count = reduceLevel(provider, level, count, depth)
  return asHash(level.slice(0, 32))
}

const parentScratch = createScratch()

/** Parents of the leaves, in a buffer with room for one more node. The leaves stay as they are. */
function firstParents(provider: Hasher, chunks: Uint8Array, leaves: number): Uint8Array {
  const pairs = Math.floor(leaves / 2)
  const level = parentScratch(32 * (Math.ceil(leaves / 2) + 1))
  provider.hashPairs(chunks.subarray(0, 64 * pairs), level.subarray(0, 32 * pairs))
  if (leaves % 2 === 1) level.set(hashPair(provider, chunks.subarray(64 * pairs), zeroHashes[0]!), 32 * pairs)
  return level
}

/** `H(root ‖ length)` with the length as a 32-byte little-endian integer (SSZ `mix_in_length`). */
export function mixInLength(provider: Hasher, root: Uint8Array, length: number | bigint): Hash {
  return hashPair(provider, root, uintToLe(BigInt(length), 32))
}

/** Root of a list of chunks of which at most 2^limitDepth are allowed; the length is the number of chunks. */
export function listRoot(provider: Hasher, chunks: Uint8Array, limitDepth: number): Hash {
  return mixInLength(provider, merkleRoot(provider, chunks, limitDepth), chunks.length / 32)
}

/** Root of an SSZ byte list whose limit is 2^limitDepth chunks of 32 bytes. */
export function byteListRoot(provider: Hasher, bytes: Uint8Array, limitDepth: number): Hash {
  return mixInLength(provider, merkleRoot(provider, chunkify(bytes), limitDepth), bytes.length)
}

/** Root of a container with one chunk per field: a tree just deep enough, without a length. */
export function containerRoot(provider: Hasher, chunks: Uint8Array): Hash {
  return merkleRoot(provider, chunks, Math.ceil(Math.log2(Math.max(1, chunks.length / 32))))
}

/** Siblings of leaf `index` from the bottom up, `depth` × 32 bytes, in the tree of `merkleRoot`. */
export function branchOf(provider: Hasher, chunks: Uint8Array, index: number, depth: number): Uint8Array {
  let count = countChunks(chunks, depth)
  assert(Number.isInteger(index) && index >= 0 && index < 2 ** depth, 'the index of a leaf is in its tree')
  const branch = new Uint8Array(32 * depth)
  const level = new Uint8Array(chunks.length + 64)
  level.set(chunks)
  let position = index
  for (let d = 0; d < depth; d++) {
    const sibling = position % 2 === 0 ? position + 1 : position - 1
    const node = sibling < count ? level.subarray(32 * sibling, 32 * sibling + 32) : zeroHashes[d]!
    branch.set(node, 32 * d)
    if (count > 0) count = reduceLevel(provider, level, count, d)
    position = Math.floor(position / 2)
  }
  return branch
}

/** Root that `leaf` at `index` has together with its siblings; `undefined` if the branch does not fit the index. */
export function rootFromBranch(
  provider: Hasher,
  leaf: Uint8Array,
  index: number,
  branch: Uint8Array,
): Hash | undefined {
  const depth = branch.length / 32
  if (!Number.isInteger(depth) || depth > maxDepth || leaf.length !== 32) return undefined
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** depth) return undefined
  let node = asHash(new Uint8Array(leaf))
  let position = index
  for (let d = 0; d < depth; d++) {
    const sibling = branch.subarray(32 * d, 32 * d + 32)
    node = position % 2 === 0 ? hashPair(provider, node, sibling) : hashPair(provider, sibling, node)
    position = Math.floor(position / 2)
  }
  return node
}

/** Whether `leaf` is at `index` of the tree with this root and depth. */
export function verifyBranch(
  provider: Hasher,
  root: Uint8Array,
  leaf: Uint8Array,
  index: number,
  depth: number,
  branch: Uint8Array,
): boolean {
  if (branch.length !== 32 * depth) return false
  const actual = rootFromBranch(provider, leaf, index, branch)
  return actual !== undefined && equalBytes(actual, root)
}
