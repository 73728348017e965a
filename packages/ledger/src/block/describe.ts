import { asHash, copy32, copy64, fail, type Hash, wide } from '@banyan/base'
import { type CryptoProvider, ed25519Addresses, listRoot } from '@banyan/crypto'
import { type SigningDomains, type VerifiedTransaction, verifyTransaction } from '../tx/authorize.js'
import { decodeEnvelope, type Transaction } from '../tx/envelope.js'
import { type Transfer, transferOffsets, transferRecordLength } from '../tx/transfer.js'
import { type Batch, batchDepth, envelopesOf, kindNumber, transferRecords } from './batch.js'

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

/** A transaction of a general batch. Who signed it follows from its signatures, so these are verified. */
export type GeneralEntry = {
  readonly transaction: Exclude<Transaction, Transfer>
  /** Bytes of its envelope. */
  readonly length: number
  readonly verified: VerifiedTransaction
}

/**
 * Decodes a batch and computes ids, senders and digest. Throws a registry error if any transaction is malformed. The
 * signatures of a general batch are verified on the way; those of transfers are left to `findInvalidSignature`, so that
 * a node can replay its own log without them.
 */
export function describeBatch(
  provider: CryptoProvider,
  domains: SigningDomains,
  batch: Batch,
): DescribedBatch {
  return batch.kind === 'transfers'
    ? describeTransfers(provider, domains, batch)
    : describeGeneral(provider, domains, batch)
}

const chunkSize = 512

function describeTransfers(provider: CryptoProvider, domains: SigningDomains, batch: Batch): DescribedBatch {
  const { count } = batch
  const records = transferRecords(batch)
  const ids = new Uint8Array(count * 32)
  const senders = new Uint8Array(count * 20)
  const leaves = new Uint8Array(count * 32)
  const hasher = transferHasher(provider, domains.transfer)
  for (let from = 0; from < count; from += chunkSize) {
    const size = Math.min(chunkSize, count - from)
    hasher(
      records.subarray(from * transferRecordLength, (from + size) * transferRecordLength),
      size,
      ids.subarray(from * 32, (from + size) * 32),
      senders.subarray(from * 20, (from + size) * 20),
      leaves.subarray(from * 32, (from + size) * 32),
    )
  }
  return {
    batch,
    ids: new Uint32Array(ids.buffer),
    senders: new Uint32Array(senders.buffer),
    digest: digestOf(provider, batch, leaves),
    entries: [],
  }
}

type TransferHasher = (
  records: Uint8Array,
  count: number,
  ids: Uint8Array,
  senders: Uint8Array,
  leaves: Uint8Array,
) => void

/**
 * Hashes chunks of transfer records. A record is six Merkle chunks: four of the body and two of the signature, so one
 * pass over the records yields the three nodes above them.
 */
function transferHasher(provider: CryptoProvider, domain: Uint8Array): TransferHasher {
  const nodes = new Uint8Array(chunkSize * 96)
  const pairs = new Uint8Array(chunkSize * 64)
  const roots = new Uint8Array(chunkSize * 32)
  const keys = new Uint8Array(chunkSize * 32)
  const addresses = new Uint8Array(chunkSize * 20)
  const [wideNodes, widePairs, wideRoots, wideKeys] = [wide(nodes), wide(pairs), wide(roots), wide(keys)]
  const wideDomain = wide(domain.slice())
  return (records, count, ids, senders, leaves) => {
    provider.hashPairs(records.subarray(0, count * transferRecordLength), nodes.subarray(0, count * 96))
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
    const wideRecords = wide(records.subarray(0, count * transferRecordLength))
    for (let i = 0; i < count; i++) copy32(wideRecords, i * (transferRecordLength / 8), wideKeys, i * 4)
    ed25519Addresses(provider, keys, count, addresses)
    senders.set(addresses.subarray(0, count * 20))
  }
}

function describeGeneral(provider: CryptoProvider, domains: SigningDomains, batch: Batch): DescribedBatch {
  const ids = new Uint8Array(batch.count * 32)
  const senders = new Uint8Array(batch.count * 20)
  const pairs = new Uint8Array(batch.count * 64)
  const entries = envelopesOf(batch).map((envelope, i): GeneralEntry => {
    const transaction = decodeEnvelope(envelope)
    if (transaction.kind === 'transfer')
      fail('BlockMalformed', { reason: 'a transfer stands in a general batch' })
    const verified = verifyTransaction(provider, domains, transaction, envelope)
    ids.set(verified.id, i * 32)
    senders.set(verified.sender, i * 20)
    pairs.set(verified.id, i * 64)
    pairs.set(verified.seal, i * 64 + 32)
    return { transaction, length: envelope.length, verified }
  })
  const leaves = new Uint8Array(batch.count * 32)
  provider.hashPairs(pairs, leaves)
  return {
    batch,
    ids: new Uint32Array(ids.buffer),
    senders: new Uint32Array(senders.buffer),
    digest: digestOf(provider, batch, leaves),
    entries,
  }
}

function digestOf(provider: CryptoProvider, batch: Batch, leaves: Uint8Array): Hash {
  const pair = new Uint8Array(64)
  pair.set(listRoot(provider, leaves, batchDepth))
  pair[32] = kindNumber(batch.kind)
  const digest = new Uint8Array(32)
  provider.hashPairs(pair, digest)
  return asHash(digest)
}

const signatureOffset = transferOffsets.signature

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
  const records = transferRecords(described.batch)
  const ids = new Uint8Array(described.ids.buffer, described.ids.byteOffset)
  const signatures = new Uint8Array(chunkSize * 64)
  const keys = new Uint8Array(chunkSize * 32)
  const verdicts = new Uint8Array(chunkSize)
  for (let start = from; start < to; start += chunkSize) {
    const size = Math.min(chunkSize, to - start)
    for (let i = 0; i < size; i++) {
      const record = (start + i) * transferRecordLength
      keys.set(records.subarray(record, record + 32), i * 32)
      signatures.set(records.subarray(record + signatureOffset, record + transferRecordLength), i * 64)
    }
    provider.verifyEd25519Batch(
      ids.subarray(start * 32, (start + size) * 32),
      signatures,
      keys,
      size,
      verdicts,
    )
    for (let i = 0; i < size; i++) if (verdicts[i] !== 1) return start + i
  }
  return -1
}
