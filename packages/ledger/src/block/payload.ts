import type { Hash } from '@banyan/base'
import { type CryptoProvider, listRoot } from '@banyan/crypto'
import { payloadDepth } from './batch.js'

/** Root over the digests of a block's batches, in their order. */
export function payloadRootOf(provider: CryptoProvider, digests: readonly Hash[]): Hash {
  const chunks = new Uint8Array(digests.length * 32)
  for (const [i, digest] of digests.entries()) chunks.set(digest, i * 32)
  return listRoot(provider, chunks, payloadDepth)
}
