import { createScratch, type Hash } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { SigningDomains } from '../tx/authorize.js'
import { type Batch, transferRecords } from './batch.js'
import { describeContent, type GeneralEntry } from './batch-content.js'
import { batchDigest } from './batch-digest.js'
import { findInvalidRecord } from './transfer-records.js'

export type { GeneralEntry } from './batch-content.js'

/**
 * What follows from the bytes of a batch alone: nothing here needs the state, so it can be computed on any thread, before
 * the batch is ordered.
 */
export type DescribedBatch = {
  readonly batch: Batch
  /** Transaction ids, eight words each. */
  readonly ids: Uint32Array
  /** Addresses of the senders, five words each. */
  readonly senders: Uint32Array
  readonly digest: Hash
  /** Transactions of a general batch; empty for transfers, which stay bytes. */
  readonly entries: readonly GeneralEntry[]
}

const leavesScratch = createScratch()

/**
 * Decodes a batch and computes ids, senders and digest. The signatures of a general batch are verified on the way; those
 * of transfers are left to `findInvalidSignature`, so that a node can replay its own log without them.
 * Errors: BatchTransactionInvalid for a transaction of a general batch, BlockMalformed.
 */
export function describeBatch(
  provider: CryptoProvider,
  domains: SigningDomains,
  batch: Batch,
): DescribedBatch {
  const leaves = leavesScratch(batch.count * 32)
  const { ids, senders, entries } = describeContent(provider, domains, batch, leaves)
  return { batch, ids, senders, digest: batchDigest(provider, batch, leaves), entries }
}

/**
 * Index of the first transaction of [from, to) whose signature does not hold, -1 if all hold. The batch is one of
 * transfers; a general batch has been verified when it was described.
 */
export function findInvalidSignature(
  provider: CryptoProvider,
  described: DescribedBatch,
  from = 0,
  to = described.batch.count,
): number {
  if (described.batch.kind === 'general') return -1
  return findInvalidRecord(provider, transferRecords(described.batch), described.ids, from, to)
}
