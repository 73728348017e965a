import { concatBytes, fail, leToUint } from '@banyan/base'
import { le } from './integer.js'
import { integerChunk, listRoot, sha256 } from './merkle.js'
import { decodeTransaction, encodeTransaction, type Transaction, transactionSize } from './transaction.js'

/** Kind 0 holds transfers only, kind 1 every other type. */
export type Batch = { readonly kind: 0 | 1; readonly transactions: readonly Transaction[] }

const maxTransactions = 65_536
const maxBytes = 16 * 2 ** 20

const uint32 = (value: number) => le(value, 4)

export function encodeBatch(batch: Batch): Uint8Array {
  const content = batch.transactions.map((transaction) => {
    const envelope = encodeTransaction(transaction)
    return batch.kind === 0 ? envelope.subarray(1) : concatBytes(uint32(envelope.length), envelope)
  })
  return concatBytes(uint32(batch.kind), uint32(batch.transactions.length), ...content)
}

/** Reads a batch of transfers and packages. Errors: BlockMalformed, TransactionMalformed. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const uint = (offset: number) => Number(leToUint(bytes.subarray(offset, offset + 4)))
  const kind = uint(0)
  if (bytes.length < 8 || (kind !== 0 && kind !== 1)) malformed('unknown batch kind')
  const transactions: Transaction[] = []
  let at = 8
  while (at < bytes.length) {
    const start = kind === 0 ? at : at + 4
    const end = kind === 0 ? at + 192 : start + uint(at)
    if (end > bytes.length || end === start) malformed('truncated batch')
    const envelope = bytes.subarray(start, end)
    transactions.push(decodeTransaction(kind === 0 ? concatBytes(Uint8Array.of(0x7a), envelope) : envelope))
    at = end
  }
  if (transactions.length !== uint(4)) malformed('wrong count in batch')
  const batch: Batch = { kind, transactions }
  checkBatch(batch)
  return batch
}

/** Refuses a batch that breaks the bounds or holds a type that its kind does not allow. */
export function checkBatch(batch: Batch): void {
  const { kind, transactions } = batch
  if (transactions.length === 0 || transactions.length > maxTransactions) malformed('batch count')
  if (transactions.some((one) => (one.kind === 'transfer') !== (kind === 0))) malformed('type in batch')
  const perTransaction = kind === 0 ? -1 : 4
  const size = transactions.reduce((bytes, one) => bytes + transactionSize(one) + perTransaction, 8)
  if (size > maxBytes) malformed('batch size')
}

/** Digest of a batch whose transactions have the given ids, in the same order. */
export function batchDigest(batch: Batch, ids: readonly Uint8Array[]): Uint8Array {
  const leaves = batch.transactions.map((one, i) => sha256(ids[i]!, sha256(one.signature)))
  return sha256(listRoot(leaves, 16), integerChunk(BigInt(batch.kind)))
}

export function payloadRoot(digests: readonly Uint8Array[]): Uint8Array {
  return listRoot(digests, 10)
}

function malformed(reason: string): never {
  return fail('BlockMalformed', { reason })
}
