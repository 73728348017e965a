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
    const records = transferRecords(batch)
    const signatures = new Uint8Array(batch.count * 64)
    for (let i = 0; i < batch.count; i++) {
      const record = i * transferRecordLength
      signatures.set(records.subarray(record + signatureOffset, record + transferRecordLength), i * 64)
    }
    provider.hashPairs(signatures, seals)
  } else {
    for (const [i, { verified }] of entries.entries()) seals.set(verified.seal, i * 32)
  }
  const pairs = new Uint8Array(batch.count * 64)
  const idBytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength)
  for (let i = 0; i < batch.count; i++) {
    pairs.set(idBytes.subarray(i * 32, i * 32 + 32), i * 64)
    pairs.set(seals.subarray(i * 32, i * 32 + 32), i * 64 + 32)
  }
  const leaves = new Uint8Array(batch.count * 32)
  provider.hashPairs(pairs, leaves)
  return { seals, leaves }
}
