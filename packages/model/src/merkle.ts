import { hash } from 'node:crypto'
import { concatBytes, utf8 } from '@banyan/base'
import { le } from './integer.js'

/** Merkle trees after the SSZ specification, written for reading: every root is rebuilt from all of its chunks. */

export const zeroChunk = new Uint8Array(32)

/** SHA-256 of the parts one after another. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(hash('sha256', concatBytes(...parts), 'buffer'))
}

/** `zeroRoots[d]` is the root of a tree of depth d whose leaves are all zero. */
const zeroRoots: Uint8Array[] = [zeroChunk]
for (let depth = 0; depth < 64; depth++) zeroRoots.push(sha256(zeroRoots[depth]!, zeroRoots[depth]!))

/** Root of the tree with room for 2^depth chunks that holds the given chunks from the left. */
export function treeRoot(chunks: readonly Uint8Array[], depth: number): Uint8Array {
  return subtreeRoot(chunks, 0, depth)
}

function subtreeRoot(chunks: readonly Uint8Array[], from: number, depth: number): Uint8Array {
  if (from >= chunks.length) return zeroRoots[depth]!
  if (depth === 0) return chunks[from]!
  return sha256(subtreeRoot(chunks, from, depth - 1), subtreeRoot(chunks, from + 2 ** (depth - 1), depth - 1))
}

/** Root of a container: the smallest tree that has room for its fields. */
export function containerRoot(fields: readonly Uint8Array[]): Uint8Array {
  return treeRoot(fields, Math.ceil(Math.log2(fields.length)))
}

/** Root of a list of at most 2^depth roots. */
export function listRoot(roots: readonly Uint8Array[], depth: number): Uint8Array {
  return sha256(treeRoot(roots, depth), le(roots.length, 32))
}

/** Root of bytes as a list of at most 2^depth chunks, mixed with the number of bytes. */
export function byteListRoot(bytes: Uint8Array, depth: number): Uint8Array {
  return sha256(treeRoot(chunksOf(bytes), depth), le(bytes.length, 32))
}

/** Bytes cut into chunks of 32; the last one is filled with zeros. */
export function chunksOf(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 32) chunks.push(chunkOf(bytes.subarray(at, at + 32)))
  return chunks
}

/** At most 32 bytes, filled with zeros. */
export function chunkOf(bytes: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(32)
  chunk.set(bytes)
  return chunk
}

export function integerChunk(value: bigint): Uint8Array {
  return le(value, 32)
}

/** ASCII text padded with zeros to 32 bytes. */
export function tag(text: string): Uint8Array {
  return chunkOf(utf8(text))
}
