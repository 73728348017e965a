import { asHash, type Hash } from '@banyan/base'
import { type CryptoProvider, listRoot } from '@banyan/crypto'
import { type Batch, batchDepth, kindNumber } from './batch.js'

/** Digest of a batch from the leaves of its transactions, 32 bytes each. docs/formats.md "Batches". */
export function batchDigest(provider: CryptoProvider, batch: Batch, leaves: Uint8Array): Hash {
  const pair = new Uint8Array(64)
  pair.set(listRoot(provider, leaves, batchDepth))
  pair[32] = kindNumber(batch.kind)
  const digest = new Uint8Array(32)
  provider.hashPairs(pair, digest)
  return asHash(digest)
}
