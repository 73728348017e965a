import { type CryptoProvider, ed25519Addresses } from '@banyan/crypto'
import { transferOffsets, transferRecordLength } from '../tx/transfer.js'

/** Records that are hashed, or whose signatures are checked, at a time. */
const chunkSize = 512
const recordWords = transferRecordLength / 4

/** Ids (eight words each), senders (five words each) and leaves (32 bytes each) of transactions. */
export type Descriptions = {
  readonly ids: Uint32Array
  readonly senders: Uint32Array
  readonly leaves: Uint8Array
}

/** Describes transfers from their records, which start on a four-byte boundary. Checks no signatures. */
export function describeRecords(
  provider: CryptoProvider,
  domain: Uint8Array,
  records: Uint8Array,
): Descriptions {
  const count = records.length / transferRecordLength
  const ids = new Uint32Array(count * 8)
  const senders = new Uint32Array(count * 5)
  const leaves = new Uint8Array(count * 32)
  const hasher = transferHasher(provider, domain)
  for (let from = 0; from < count; from += chunkSize) {
    const size = Math.min(chunkSize, count - from)
    hasher(
      records.subarray(from * transferRecordLength, (from + size) * transferRecordLength),
      size,
      ids.subarray(from * 8, (from + size) * 8),
      senders.subarray(from * 5, (from + size) * 5),
      leaves.subarray(from * 32, (from + size) * 32),
    )
  }
  return { ids, senders, leaves }
}

type TransferHasher = (
  records: Uint8Array,
  count: number,
  ids: Uint32Array,
  senders: Uint32Array,
  leaves: Uint8Array,
) => void

/**
 * Hashes chunks of transfer records. A record is six Merkle chunks: four of the body and two of the signature, so one
 * pass over the records yields the three nodes above them.
 */
function transferHasher(provider: CryptoProvider, domain: Uint8Array): TransferHasher {
  const nodes = new Uint32Array(chunkSize * 24)
  const pairs = new Uint32Array(chunkSize * 16)
  const roots = new Uint32Array(chunkSize * 8)
  const keys = new Uint8Array(chunkSize * 32)
  const addresses = new Uint8Array(chunkSize * 20)
  const [nodeBytes, pairBytes, rootBytes] = [nodes, pairs, roots].map(
    (words) => new Uint8Array(words.buffer),
  ) as [Uint8Array, Uint8Array, Uint8Array]
  const keyWords = new Uint32Array(keys.buffer)
  const domainWords = new Uint32Array(domain.slice().buffer)
  return (records, count, ids, senders, leaves) => {
    provider.hashPairs(records.subarray(0, count * transferRecordLength), nodeBytes.subarray(0, count * 96))
    for (let i = 0; i < count; i++) for (let k = 0; k < 16; k++) pairs[i * 16 + k] = nodes[i * 24 + k]!
    provider.hashPairs(pairBytes.subarray(0, count * 64), rootBytes.subarray(0, count * 32))
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 8; k++) pairs[i * 16 + k] = roots[i * 8 + k]!
      for (let k = 0; k < 8; k++) pairs[i * 16 + 8 + k] = domainWords[k]!
    }
    provider.hashPairs(pairBytes.subarray(0, count * 64), rootBytes.subarray(0, count * 32))
    ids.set(roots.subarray(0, count * 8))
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 8; k++) pairs[i * 16 + k] = roots[i * 8 + k]!
      for (let k = 0; k < 8; k++) pairs[i * 16 + 8 + k] = nodes[i * 24 + 16 + k]!
    }
    provider.hashPairs(pairBytes.subarray(0, count * 64), leaves)
    const words = new Uint32Array(records.buffer, records.byteOffset, count * recordWords)
    for (let i = 0; i < count; i++)
      for (let k = 0; k < 8; k++) keyWords[i * 8 + k] = words[i * recordWords + k]!
    ed25519Addresses(provider, keys, count, addresses)
    senders.set(new Uint32Array(addresses.buffer, 0, count * 5))
  }
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
  const slots = Math.min(chunkSize, to - from)
  const idBytes = new Uint8Array(ids.buffer, ids.byteOffset)
  const signatures = new Uint8Array(slots * 64)
  const keys = new Uint8Array(slots * 32)
  const verdicts = new Uint8Array(slots)
  for (let start = from; start < to; start += slots) {
    const size = Math.min(slots, to - start)
    for (let i = 0; i < size; i++) {
      const record = (start + i) * transferRecordLength
      keys.set(records.subarray(record, record + 32), i * 32)
      signatures.set(
        records.subarray(record + transferOffsets.signature, record + transferRecordLength),
        i * 64,
      )
    }
    const messages = idBytes.subarray(start * 32, (start + size) * 32)
    provider.verifyEd25519Batch(messages, signatures, keys, size, verdicts)
    for (let i = 0; i < size; i++) if (verdicts[i] !== 1) return start + i
  }
  return -1
}
