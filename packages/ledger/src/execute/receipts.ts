import { asHash, copyId, createScratch, type ErrorName, errorName, type Hash } from '@banyan/base'
import { type CryptoProvider, listRoot } from '@banyan/crypto'
import { maxBlockTransactionsDepth } from '../state/id-window.js'
import { readUint } from '../state/u128.js'

const receiptWords = 32
export const receiptBytes = 128

/** Offsets in words. */
export const receiptField = {
  id: 0,
  payerBalance: 8,
  payeeBalance: 12,
  /** Low half: status; high half: error number. */
  status: 16,
  gasUsed: 17,
  baseFee: 18,
  tip: 21,
  logsRoot: 24,
} as const

export const receiptStatus = { failed: 0, success: 1, skipped: 2 } as const
export type ReceiptStatus = keyof typeof receiptStatus

/** A receipt as an object, for APIs. Fees in pip, balances in base units of the asset moved. */
export type Receipt = {
  readonly id: Hash
  readonly status: ReceiptStatus
  readonly error: ErrorName | undefined
  readonly payerBalance: bigint
  readonly payeeBalance: bigint
  readonly gasUsed: number
  readonly baseFee: bigint
  readonly tip: bigint
  readonly logsRoot: Hash
}

/** Receipts of one block: 32 words for each transaction, in block order. */
export class ReceiptList {
  readonly words: Uint32Array<ArrayBuffer>
  count = 0

  /** Makes room for the receipts of `capacity` transactions. */
  constructor(capacity: number) {
    this.words = new Uint32Array(capacity * receiptWords)
  }

  /** Word offset of a new, all-zero receipt that starts with the id at `ids[offset…]`. */
  add(ids: Uint32Array, offset: number): number {
    const base = this.count++ * receiptWords
    copyId(ids, offset, this.words, base)
    return base
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.words.buffer, 0, this.count * receiptBytes)
  }
}

const chunkReceipts = 1024
const halvesScratch = createScratch()
const rootsScratch = createScratch()

/** Roots of the receipts of a block, 32 bytes each, valid until the next call. `bytes` holds 128 bytes for each receipt. */
export function receiptRoots(provider: CryptoProvider, bytes: Uint8Array): Uint8Array {
  const count = bytes.length / receiptBytes
  const roots = rootsScratch(count * 32)
  const halves = halvesScratch(chunkReceipts * 64)
  for (let from = 0; from < count; from += chunkReceipts) {
    const to = Math.min(count, from + chunkReceipts)
    const size = (to - from) * 64
    provider.hashPairs(bytes.subarray(from * receiptBytes, to * receiptBytes), halves.subarray(0, size))
    provider.hashPairs(halves.subarray(0, size), roots.subarray(from * 32, to * 32))
  }
  return roots
}

/** List root over the receipts of a block. `bytes` holds 128 bytes for each. */
export function receiptsRoot(provider: CryptoProvider, bytes: Uint8Array): Hash {
  return asHash(listRoot(provider, receiptRoots(provider, bytes), maxBlockTransactionsDepth))
}

const statusNames: readonly ReceiptStatus[] = ['failed', 'success', 'skipped']

/** Reads the receipt at `index`, which is there. */
export function readReceipt(bytes: Uint8Array, index: number): Receipt {
  const copy = bytes.slice(index * receiptBytes, (index + 1) * receiptBytes)
  const words = new Uint32Array(copy.buffer)
  const status = words[receiptField.status]!
  return {
    id: asHash(copy.subarray(0, 32)),
    status: statusNames[status & 0xffff]!,
    error: errorName(status >>> 16),
    payerBalance: readUint(words, receiptField.payerBalance, 4),
    payeeBalance: readUint(words, receiptField.payeeBalance, 4),
    gasUsed: words[receiptField.gasUsed]!,
    baseFee: readUint(words, receiptField.baseFee, 3),
    tip: readUint(words, receiptField.tip, 3),
    logsRoot: asHash(copy.subarray(96, 128)),
  }
}
