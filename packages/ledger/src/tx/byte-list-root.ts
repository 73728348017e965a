import type { Hash } from '@banyan/base'
import { type CryptoProvider, chunkify, merkleRoot, mixInLength } from '@banyan/crypto'

/** Root of an SSZ byte list whose limit is 2^limitDepth chunks of 32 bytes. */
export function byteListRoot(provider: CryptoProvider, bytes: Uint8Array, limitDepth: number): Hash {
  return mixInLength(provider, merkleRoot(provider, chunkify(bytes), limitDepth), bytes.length)
}
