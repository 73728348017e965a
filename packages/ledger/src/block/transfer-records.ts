import { copy32, copy64, wide } from '@banyan/base'
import { type CryptoProvider, ed25519Addresses } from '@banyan/crypto'
import { transferOffsets, transferRecordLength } from '../tx/transfer.js'

/** Records that are hashed, or whose signatures are checked, at a time. */
const chunkSize = 512

/** Ids (eight words each) and senders (five words each) of transactions. */
export type Descriptions = {
  readonly ids: Uint32Array
  readonly senders: Uint32Array
}

/**
 * Describes transfers from their records, which start on an eight-byte boundary, and writes their leaves to `leaves`, 32
 * bytes each. Checks no signatures.
 */
export function describeRecords(
  provider: CryptoProvider,
  domain: Uint8Array,
  records: Uint8Array,
  leaves: Uint8Array,
): Descriptions {
  const count = records.length / transferRecordLength
  const ids = new Uint8Array(count * 32)
  const senders = new Uint8Array(count * 20)
  const wideDomain = wide(new Uint8Array(domain))
  for (let from = 0; from < count; from += chunkSize) {
    const size = Math.min(chunkSize, count - from)
    describeChunk(
      provider,
      wideDomain,
      records.subarray(from * transferRecordLength, (from + size) * transferRecordLength),
      size,
      ids.subarray(from * 32, (from + size) * 32),
      senders.subarray(from * 20, (from + size) * 20),
      leaves.subarray(from * 32, (from + size) * 32),
    )
  }
  return { ids: new Uint32Array(ids.buffer), senders: new Uint32Array(senders.buffer) }
}

/** Intermediate results of one chunk. */
const nodes = new Uint8Array(chunkSize * 96)
const pairs = new Uint8Array(chunkSize * 64)
const roots = new Uint8Array(chunkSize * 32)
const keys = new Uint8Array(chunkSize * 32)
const signatures = new Uint8Array(chunkSize * 64)
const verdicts = new Uint8Array(chunkSize)
const [wideNodes, widePairs, wideRoots] = [wide(nodes), wide(pairs), wide(roots)]
const [wideKeys, wideSignatures] = [wide(keys), wide(signatures)]
const wideRecord = transferRecordLength / 8

/**
 * Describes one chunk of transfer records. A record is six Merkle chunks: four of the body and two of the signature, so one
 * pass over the records yields the three nodes above them. Not a closure that each batch makes: V8 drops compiled code at a
 * full collection if no closure that has it is alive, and would compile it over and over.
 */
function describeChunk(
  provider: CryptoProvider,
  wideDomain: BigUint64Array,
  records: Uint8Array,
  count: number,
  ids: Uint8Array,
  senders: Uint8Array,
  leaves: Uint8Array,
): void {
  provider.hashPairs(records, nodes.subarray(0, count * 96))
  for (let i = 0; i < count; i++) copy64(wideNodes, i * 12, widePairs, i * 8)
  const pairsInUse = pairs.subarray(0, count * 64)
  const rootsInUse = roots.subarray(0, count * 32)
  provider.hashPairs(pairsInUse, rootsInUse)
  for (let i = 0; i < count; i++) {
    copy32(wideRoots, i * 4, widePairs, i * 8)
    copy32(wideDomain, 0, widePairs, i * 8 + 4)
  }
  provider.hashPairs(pairsInUse, rootsInUse)
  ids.set(rootsInUse)
  for (let i = 0; i < count; i++) {
    copy32(wideRoots, i * 4, widePairs, i * 8)
    copy32(wideNodes, i * 12 + 8, widePairs, i * 8 + 4)
  }
  provider.hashPairs(pairsInUse, leaves)
  const wideRecords = wide(records)
  for (let i = 0; i < count; i++) copy32(wideRecords, i * wideRecord, wideKeys, i * 4)
  ed25519Addresses(provider, keys, count, senders)
}

/**
 * Index of the first record of [from, to) whose signature does not hold for its id, -1 if all hold. `ids` are those of
 * all records.
 */
export function findInvalidRecord(
  provider: CryptoProvider,
  records: Uint8Array,
  ids: Uint32Array,
  from: number,
  to: number,
): number {
  const idBytes = new Uint8Array(ids.buffer, ids.byteOffset)
  const wideRecords = wide(records)
  for (let start = from; start < to; start += chunkSize) {
    const size = Math.min(chunkSize, to - start)
    for (let i = 0; i < size; i++) {
      const record = (start + i) * wideRecord
      copy32(wideRecords, record, wideKeys, i * 4)
      copy64(wideRecords, record + transferOffsets.signature / 8, wideSignatures, i * 8)
    }
    const messages = idBytes.subarray(start * 32, (start + size) * 32)
    provider.verifyEd25519Batch(messages, signatures, keys, size, verdicts)
    for (let i = 0; i < size; i++) if (verdicts[i] !== 1) return start + i
  }
  return -1
}
