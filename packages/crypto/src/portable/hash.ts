import { asHash, type Hash } from '@banyan/base'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { requirePairLengths } from '../bounds.js'
import type { Hasher } from '../provider.js'

export function sha256(data: Uint8Array): Hash {
  return asHash(nobleSha256(data))
}

export function keccak256(data: Uint8Array): Hash {
  return asHash(keccak_256(data))
}

export function hashPairs(input: Uint8Array, output: Uint8Array): void {
  requirePairLengths(input, output)
  for (let i = 0; i < output.length; i += 32) output.set(nobleSha256(input.subarray(2 * i, 2 * i + 64)), i)
}

/** What needs hashes only. */
export const hasher: Hasher = { sha256, keccak256, hashPairs }

/** Web Crypto gives at most this many bytes per call. */
const randomChunk = 65536

export function randomBytes(length: number): Uint8Array {
  const out = new Uint8Array(length)
  for (let i = 0; i < length; i += randomChunk) {
    globalThis.crypto.getRandomValues(out.subarray(i, i + randomChunk))
  }
  return out
}
