import { copy32, copy64, wide } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { transferOffsets, transferRecordLength } from '../tx/transfer.js'
import { transferRecords } from './batch.js'
import type { DescribedBatch } from './describe.js'

const signatureOffset = transferOffsets.signature

/** Seals of a batch's transactions and the leaves of its tree, 32 bytes each, from its description. */
export function batchLeaves(
  provider: CryptoProvider,
  { batch, ids, entries }: Omit<DescribedBatch, 'digest'>,
): { readonly seals: Uint8Array; readonly leaves: Uint8Array } {
  const seals = new Uint8Array(batch.count * 32)
  if (batch.kind === 'transfers') {
    const records = wide(transferRecords(batch))
    const signatures = new Uint8Array(batch.count * 64)
    const wideSignatures = wide(signatures)
    for (let i = 0; i < batch.count; i++) {
      copy64(records, (i * transferRecordLength + signatureOffset) / 8, wideSignatures, i * 8)
    }
    provider.hashPairs(signatures, seals)
  } else {
    for (const [i, { verified }] of entries.entries()) seals.set(verified.seal, i * 32)
  }
  const pairs = new Uint8Array(batch.count * 64)
  const [wideIds, wideSeals, widePairs] = [wide(ids), wide(seals), wide(pairs)]
  for (let i = 0; i < batch.count; i++) {
    copy32(wideIds, i * 4, widePairs, i * 8)
    copy32(wideSeals, i * 4, widePairs, i * 8 + 4)
  }
  const leaves = new Uint8Array(batch.count * 32)
  provider.hashPairs(pairs, leaves)
  return { seals, leaves }
}
