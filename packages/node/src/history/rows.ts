import { type Address, asAddress } from '@banyan/base'
import { receiptBytes } from '@banyan/ledger'

/**
 * Receipts, and what else is known of transactions, packed: docs/node.md "Rows". A transfer takes some 60 bytes instead of
 * the 128 of its receipt, and nothing of the receipt is lost.
 */

/** Transactions in one stored chunk. */
export const chunkRows = 128

/** What a row keeps of a transaction that is no transfer. */
export type GeneralRow = {
  readonly sender: Uint8Array
  readonly logs: number
  /** Place of its envelope in the encoded block. */
  readonly offset: number
  readonly length: number
}

const flag = { sameFees: 4, root: 8, number: 16, general: 32 } as const
const statusMask = 3
/** Offsets in a receipt: words, and bytes. */
const words = { payer: 8, payee: 12, status: 16, gasUsed: 17, baseFee: 18, tip: 21, logsRoot: 24 } as const
const bytes = { payer: 32, payee: 48, error: 66, gasUsed: 68, baseFee: 72, tip: 84, logsRoot: 96 } as const
const largestRow = 2 + 32 + 16 + 16 + 7 + 24 + 32 + 4 + 32

/** Packs rows, one chunk after the other. */
export class RowWriter {
  count = 0
  readonly buffer: Buffer = Buffer.allocUnsafe(largestRow * chunkRows)
  length = 0
  /** Word offset of the receipt before. */
  before = -1

  /**
   * Adds the receipt at `index`. `number` is the position in the block for a skipped transaction; for others, how many
   * skipped ones stand right before.
   */
  add(receipts: Receipts, index: number, number: number, general: GeneralRow | undefined): void {
    const at = index * (receiptBytes / 4)
    const { buffer } = this
    const start = this.length
    let end = this.copy(receipts.bytes, index * receiptBytes, 32, start + 2)
    const payer = shortLength(receipts.words, at + words.payer, 4)
    const payee = shortLength(receipts.words, at + words.payee, 4)
    buffer[start + 1] = payer | (payee << 4)
    end = this.copy(receipts.bytes, index * receiptBytes + bytes.payer, fullLength(payer), end)
    end = this.copy(receipts.bytes, index * receiptBytes + bytes.payee, fullLength(payee), end)
    let flags = receipts.words[at + words.status]! & statusMask
    if (this.before >= 0 && sameFees(receipts.words, at, this.before)) flags |= flag.sameFees
    else end = this.addFees(receipts, index, end)
    if (shortLength(receipts.words, at + words.logsRoot, 8) > 0) {
      flags |= flag.root
      end = this.copy(receipts.bytes, index * receiptBytes + bytes.logsRoot, 32, end)
    }
    if (number > 0) {
      flags |= flag.number
      end = buffer.writeUInt32LE(number, end)
    }
    if (general !== undefined) {
      flags |= flag.general
      end = this.copy(general.sender, 0, 20, end)
      end = buffer.writeUInt32LE(general.logs, end)
      end = buffer.writeUInt32LE(general.offset, end)
      end = buffer.writeUInt32LE(general.length, end)
    }
    buffer[start] = flags
    this.before = at
    this.length = end
    this.count++
  }

  /** The rows since the last call. */
  take(): Buffer {
    const rows = Buffer.from(this.buffer.subarray(0, this.length))
    this.length = 0
    this.count = 0
    this.before = -1
    return rows
  }

  addFees(receipts: Receipts, index: number, start: number): number {
    const at = index * (receiptBytes / 4)
    const from = index * receiptBytes
    const baseFee = shortLength(receipts.words, at + words.baseFee, 3)
    const tip = shortLength(receipts.words, at + words.tip, 3)
    this.buffer[start] = baseFee | (tip << 4)
    let end = this.copy(receipts.bytes, from + bytes.error, 2, start + 1)
    end = this.copy(receipts.bytes, from + bytes.gasUsed, 4, end)
    end = this.copy(receipts.bytes, from + bytes.baseFee, baseFee, end)
    return this.copy(receipts.bytes, from + bytes.tip, tip, end)
  }

  copy(from: Uint8Array, start: number, length: number, to: number): number {
    const { buffer } = this
    for (let i = 0; i < length; i++) buffer[to + i] = from[start + i]!
    return to + length
  }
}

/** Receipts of a block as words and as bytes. */
export type Receipts = { readonly words: Uint32Array; readonly bytes: Uint8Array }

export function receiptsOf(receipts: Uint8Array): Receipts {
  const aligned = receipts.byteOffset % 4 === 0 ? receipts : Uint8Array.from(receipts)
  return { bytes: aligned, words: new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4) }
}

/** Bytes up to the last one that is not zero; 15 stands for 15 and 16 alike, so that it fits in four bits. */
function shortLength(from: Uint32Array, offset: number, count: number): number {
  for (let i = count - 1; i >= 0; i--) {
    const word = from[offset + i]!
    if (word !== 0) return Math.min(15, 4 * i + 4 - (Math.clz32(word) >>> 3))
  }
  return 0
}

function fullLength(short: number): number {
  return short === 15 ? 16 : short
}

/** Error, gas used, base fee and tip are those of another receipt. */
function sameFees(from: Uint32Array, a: number, b: number): boolean {
  if (from[a + words.status]! >>> 16 !== from[b + words.status]! >>> 16) return false
  for (let i = words.gasUsed; i < words.logsRoot; i++) if (from[a + i] !== from[b + i]) return false
  return true
}

/** Rows of one chunk. */
export type Rows = {
  /** 128 bytes each. */
  readonly receipts: Uint8Array
  readonly numbers: readonly number[]
  readonly general: readonly (ReadGeneralRow | undefined)[]
}

export type ReadGeneralRow = GeneralRow & { readonly sender: Address }

/** What `RowWriter` packed. The bytes have a checksum, so what they hold is not doubted. */
export function readRows(from: Buffer): Rows {
  const receipts = new Uint8Array(chunkRows * receiptBytes)
  const numbers: number[] = []
  const general: (ReadGeneralRow | undefined)[] = []
  let at = 0
  while (at < from.length) {
    const to = numbers.length * receiptBytes
    const flags = from[at]!
    const payer = fullLength(from[at + 1]! & 15)
    const payee = fullLength(from[at + 1]! >> 4)
    at = take(2, 32, 0)
    at = take(0, payer, bytes.payer)
    at = take(0, payee, bytes.payee)
    receipts[to + 64] = flags & statusMask
    if ((flags & flag.sameFees) !== 0) {
      receipts.copyWithin(
        to + bytes.error,
        to + bytes.error - receiptBytes,
        to + bytes.logsRoot - receiptBytes,
      )
    } else {
      const baseFee = from[at]! & 15
      const tip = from[at]! >> 4
      at = take(1, 2, bytes.error)
      at = take(0, 4, bytes.gasUsed)
      at = take(0, baseFee, bytes.baseFee)
      at = take(0, tip, bytes.tip)
    }
    if ((flags & flag.root) !== 0) at = take(0, 32, bytes.logsRoot)
    numbers.push((flags & flag.number) !== 0 ? from.readUInt32LE(at) : 0)
    if ((flags & flag.number) !== 0) at += 4
    general.push((flags & flag.general) !== 0 ? readGeneral(from, at) : undefined)
    if ((flags & flag.general) !== 0) at += 32

    function take(skip: number, length: number, offset: number): number {
      const start = at + skip
      for (let i = 0; i < length; i++) receipts[to + offset + i] = from[start + i]!
      return start + length
    }
  }
  return { receipts: receipts.subarray(0, numbers.length * receiptBytes), numbers, general }
}

function readGeneral(from: Buffer, at: number): ReadGeneralRow {
  return {
    sender: asAddress(Uint8Array.from(from.subarray(at, at + 20))),
    logs: from.readUInt32LE(at + 20),
    offset: from.readUInt32LE(at + 24),
    length: from.readUInt32LE(at + 28),
  }
}
