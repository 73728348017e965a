import type { CryptoProvider } from '@banyan/crypto'
import { generalBatch } from './batch.js'
import type { GeneralEntry } from './batch-content.js'
import { batchDigest } from './batch-digest.js'
import { batchLeaves } from './batch-leaves.js'
import type { DescribedBatch } from './describe.js'

/**
 * A general batch of transactions that were verified before, one by one or in other batches: nothing is verified again.
 * `entries` has 1 to 65,536 elements.
 */
export function gatherGeneral(provider: CryptoProvider, entries: readonly GeneralEntry[]): DescribedBatch {
  const batch = generalBatch(entries.map(({ envelope }) => envelope))
  const ids = new Uint8Array(entries.length * 32)
  const senders = new Uint8Array(entries.length * 20)
  for (const [i, { verified }] of entries.entries()) {
    ids.set(verified.id, i * 32)
    senders.set(verified.sender, i * 20)
  }
  const described = {
    batch,
    ids: new Uint32Array(ids.buffer),
    senders: new Uint32Array(senders.buffer),
    entries,
  }
  const { leaves } = batchLeaves(provider, described)
  return { ...described, digest: batchDigest(provider, batch, leaves) }
}
