import { equalBytes, uintToLe } from '@banyan/base'
import { type ListProof, listRootFromProof, verifyListElement } from './list-proof.js'
import { containerRoot, hashPair } from './merkle.js'
import type { CryptoProvider } from './provider.js'

/** Limits of the lists of a block, as powers of two. docs/formats.md "Batches" and "Receipts". */
const blockListDepths = { payload: 10, batch: 16, receipts: 22, packageItems: 16 } as const

/**
 * Shows that a transaction stands in a block's payload, which says nothing about its success: that is what its receipt
 * is for. At most 36 bytes and (16 + 10) × 32 bytes.
 */
export type TransactionProof = {
  /** Binds the signatures, which the id does not cover. */
  readonly seal: Uint8Array
  /** Kind of the batch: 0 transfers, 1 general. */
  readonly kind: number
  /** Of the transaction in its batch. */
  readonly batch: ListProof
  /** Of the batch in the block. */
  readonly payload: ListProof
}

/** Whether the transaction with this id stands in the payload with this root (a field of the header). */
export function verifyTransactionProof(
  provider: CryptoProvider,
  payloadRoot: Uint8Array,
  id: Uint8Array,
  proof: TransactionProof,
): boolean {
  const { seal, kind, batch, payload } = proof
  if (id.length !== 32 || seal.length !== 32 || !Number.isSafeInteger(kind) || kind < 0) return false
  const leavesRoot = listRootFromProof(provider, hashPair(provider, id, seal), blockListDepths.batch, batch)
  if (leavesRoot === undefined) return false
  const digest = hashPair(provider, leavesRoot, uintToLe(BigInt(kind), 32))
  return verifyListElement(provider, payloadRoot, digest, blockListDepths.payload, payload)
}

/** Offsets of the fields of a receipt, which has 128 bytes. */
export const receiptLayout = { bytes: 128, id: 0, status: 64, resultsRoot: 96, success: 1 } as const

/** Whether the 128 bytes are a receipt under this receipts root (a field of the header). At most 22 × 32 bytes. */
export function verifyReceipt(
  provider: CryptoProvider,
  receiptsRoot: Uint8Array,
  receipt: Uint8Array,
  proof: ListProof,
): boolean {
  if (receipt.length !== receiptLayout.bytes) return false
  const leaf = containerRoot(provider, receipt)
  return verifyListElement(provider, receiptsRoot, leaf, blockListDepths.receipts, proof)
}

/** Whether the receipt is that of this transaction, and says that it succeeded. */
export function showsSuccess(receipt: Uint8Array, id: Uint8Array): boolean {
  const { bytes, status, success } = receiptLayout
  if (receipt.length !== bytes || !equalBytes(receipt.subarray(receiptLayout.id, 32), id)) return false
  return receipt[status] === success && receipt[status + 1] === 0
}

/** The root in a receipt: of its logs, or of the results of a package's items. */
export function resultsRootOf(receipt: Uint8Array): Uint8Array {
  return receipt.subarray(receiptLayout.resultsRoot, receiptLayout.bytes)
}

/** Whether the 32 bytes are the result of the package item at the proof's index. At most 16 × 32 bytes. */
export function verifyItemResult(
  provider: CryptoProvider,
  resultsRoot: Uint8Array,
  result: Uint8Array,
  proof: ListProof,
): boolean {
  return verifyListElement(provider, resultsRoot, result, blockListDepths.packageItems, proof)
}
