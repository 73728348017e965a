import type { CryptoProvider } from '@banyan/crypto'
import { generalBatch, transferBatch } from './batch.js'
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

/** Transfers of any batches: records (192 bytes each), ids (eight words each) and senders (five words each). */
export type TransferSet = {
  readonly records: Uint8Array
  readonly ids: Uint32Array
  readonly senders: Uint32Array
}

/** A batch of 1 to 65,536 transfers that were described before: only what binds their signatures is hashed. */
export function gatherTransfers(
  provider: CryptoProvider,
  { records, ids, senders }: TransferSet,
): DescribedBatch {
  const batch = transferBatch(records)
  const described = { batch, ids, senders, entries: [] }
  const { leaves } = batchLeaves(provider, described)
  return { ...described, digest: batchDigest(provider, batch, leaves) }
}
