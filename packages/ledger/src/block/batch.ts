import { fail } from '@banyan/base'
import { transferRecordLength } from '../tx/transfer.js'

/** Most transactions in a batch, and most batches in a block, as powers of two. */
export const batchDepth = 16
export const payloadDepth = 10

export const maxBatchBytes = 16 * 1024 * 1024
const headerBytes = 8

export type BatchKind = 'transfers' | 'general'
const kindNumbers = { transfers: 0, general: 1 } as const

/** Transactions that travel together: the encoded form, which starts on an eight-byte boundary, and what its header says. */
export type Batch = {
  readonly kind: BatchKind
  readonly count: number
  readonly bytes: Uint8Array
}

/** A batch of transfers from their records (192 bytes each, without type bytes), back to back. */
export function transferBatch(records: Uint8Array): Batch {
  const batch = allocateBatch('transfers', records.length / transferRecordLength, records.length)
  batch.bytes.set(records, headerBytes)
  return decodeBatch(batch.bytes)
}

/** A batch of envelopes of any type but transfers. */
export function generalBatch(envelopes: readonly Uint8Array[]): Batch {
  const contentBytes = envelopes.reduce((sum, envelope) => sum + 4 + envelope.length, 0)
  const batch = allocateBatch('general', envelopes.length, contentBytes)
  const view = new DataView(batch.bytes.buffer)
  let offset = headerBytes
  for (const envelope of envelopes) {
    view.setUint32(offset, envelope.length, true)
    batch.bytes.set(envelope, offset + 4)
    offset += 4 + envelope.length
  }
  return decodeBatch(batch.bytes)
}

/** Reads the header of an encoded batch and checks its size. Bytes that do not start on an eight-byte boundary are copied. */
export function decodeBatch(encoded: Uint8Array): Batch {
  if (encoded.length < headerBytes) fail('BlockMalformed', { reason: 'a batch is shorter than its header' })
  if (encoded.length > maxBatchBytes)
    fail('BlockTooLarge', { what: 'bytes in a batch', limit: maxBatchBytes })
  const bytes = encoded.byteOffset % 8 === 0 ? encoded : new Uint8Array(encoded)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const kindNumber = view.getUint32(0, true)
  const count = view.getUint32(4, true)
  if (count === 0 || count > 2 ** batchDepth)
    fail('BlockMalformed', { reason: 'a batch has no or too many transactions' })
  if (kindNumber === kindNumbers.transfers) {
    if (bytes.length !== headerBytes + count * transferRecordLength) {
      fail('BlockMalformed', { reason: 'the size of a batch of transfers does not fit its count' })
    }
    return { kind: 'transfers', count, bytes }
  }
  if (kindNumber !== kindNumbers.general) fail('BlockMalformed', { reason: 'a batch is of unknown kind' })
  return { kind: 'general', count, bytes }
}

/** Records of a batch of transfers, as words: 48 for each. */
export function transferWords(batch: Batch): Uint32Array {
  return new Uint32Array(
    batch.bytes.buffer,
    batch.bytes.byteOffset + headerBytes,
    batch.count * (transferRecordLength / 4),
  )
}

/** Records of a batch of transfers, as bytes. */
export function transferRecords(batch: Batch): Uint8Array {
  return batch.bytes.subarray(headerBytes)
}

/** Envelopes of a general batch: views into its bytes. */
export function envelopesOf(batch: Batch): Uint8Array[] {
  const { bytes, count } = batch
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const envelopes: Uint8Array[] = []
  let offset = headerBytes
  for (let i = 0; i < count; i++) {
    if (offset + 4 > bytes.length) fail('BlockMalformed', { reason: 'a batch ends within a transaction' })
    const end = offset + 4 + view.getUint32(offset, true)
    if (end > bytes.length) fail('BlockMalformed', { reason: 'a batch ends within a transaction' })
    envelopes.push(bytes.subarray(offset + 4, end))
    offset = end
  }
  if (offset !== bytes.length)
    fail('BlockMalformed', { reason: 'a batch has bytes after its last transaction' })
  return envelopes
}

export function kindNumber(kind: BatchKind): number {
  return kindNumbers[kind]
}

function allocateBatch(kind: BatchKind, count: number, contentBytes: number): { readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(headerBytes + contentBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, kindNumbers[kind], true)
  view.setUint32(4, count, true)
  return { bytes }
}
