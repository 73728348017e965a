import { concatBytes, type ErrorName, errorCode, maxAmount } from '@banyan/base'
import { le } from './integer.js'
import { chunksOf, containerRoot, listRoot, zeroChunk } from './merkle.js'

/** What became of one item of a package. */
export type ItemResult =
  | { readonly applied: true; readonly payerBalance: bigint; readonly payeeBalance: bigint }
  | { readonly applied: false; readonly error: ErrorName | undefined }

const statusNumbers = { failed: 0, success: 1, skipped: 2 } as const

/** A failed transaction pays its fee; a skipped one should not be in the block and leaves nothing but its receipt. */
export type Status = keyof typeof statusNumbers

export type Receipt = {
  readonly id: Uint8Array
  /** Balances of the asset moved, after the transaction. A package shows its signer's and 0. */
  readonly payerBalance: bigint
  readonly payeeBalance: bigint
  readonly status: Status
  /** Absent if the transaction succeeded. */
  readonly error: ErrorName | undefined
  readonly gasUsed: bigint
  /** Part of the fee that goes to the pool, in pip. */
  readonly baseFee: bigint
  /** Part of the fee that goes to the proposer, in pip. */
  readonly tip: bigint
  /** One per item of a package, none for a transfer or a skipped package. */
  readonly items: readonly ItemResult[] | undefined
}

/** Receipt of a transaction that must not be in its block. */
export function skippedReceipt(id: Uint8Array, error: ErrorName): Receipt {
  return {
    id,
    payerBalance: 0n,
    payeeBalance: 0n,
    status: 'skipped',
    error,
    gasUsed: 0n,
    baseFee: 0n,
    tip: 0n,
    items: undefined,
  }
}

/** The 128 bytes of a receipt. */
export function receiptBytes(receipt: Receipt): Uint8Array {
  const { error, items } = receipt
  return concatBytes(
    receipt.id,
    le(receipt.payerBalance, 16),
    le(receipt.payeeBalance, 16),
    le(statusNumbers[receipt.status], 2),
    le(codeOf(error), 2),
    le(receipt.gasUsed, 4),
    le(receipt.baseFee, 12),
    le(receipt.tip, 12),
    items === undefined ? zeroChunk : listRoot(items.map(itemResultChunk), 16),
  )
}

export function itemResultChunk(result: ItemResult): Uint8Array {
  if (result.applied) return concatBytes(le(result.payerBalance, 16), le(result.payeeBalance, 16))
  return concatBytes(le(maxAmount, 16), le(codeOf(result.error), 16))
}

export function receiptsRoot(receipts: readonly Receipt[]): Uint8Array {
  return listRoot(
    receipts.map((receipt) => containerRoot(chunksOf(receiptBytes(receipt)))),
    22,
  )
}

function codeOf(error: ErrorName | undefined): bigint {
  return error === undefined ? 0n : BigInt(errorCode(error))
}
