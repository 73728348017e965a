import { asHash, type Hash } from '@banyan/base'
import type { BatchKind } from '@banyan/ledger'

/** Where a batch stands in its encoded block. */
export type BatchPlace = { readonly kind: BatchKind; readonly count: number; readonly offset: number }

/** What is stored of a block beside its header and its transactions. */
export type BlockEntry = {
  readonly height: number
  readonly id: Hash
  readonly timestamp: bigint
  /** Number of transactions that earlier blocks of this index include. */
  readonly ordinal: number
  readonly included: number
  readonly skipped: number
  readonly logs: number
  readonly gasUsed: number
  readonly baseFee: bigint
  /** Bytes of the encoded block. */
  readonly size: number
  readonly batches: readonly BatchPlace[]
}

const batchKinds = ['transfers', 'general'] as const
const fixedBytes = 86
const batchBytes = 9

export function encodeEntry(entry: BlockEntry): Buffer {
  const out = Buffer.allocUnsafe(fixedBytes + batchBytes * entry.batches.length)
  out.set(entry.id, 0)
  out.writeBigUInt64LE(entry.timestamp, 32)
  out.writeUIntLE(entry.ordinal, 40, 6)
  out.writeUInt32LE(entry.included, 46)
  out.writeUInt32LE(entry.skipped, 50)
  out.writeUIntLE(entry.logs, 54, 6)
  out.writeBigUInt64LE(BigInt(entry.gasUsed), 60)
  out.writeBigUInt64LE(entry.baseFee, 68)
  out.writeUInt32LE(entry.size, 76)
  out.writeUIntLE(entry.height, 80, 6)
  for (const [i, { kind, count, offset }] of entry.batches.entries()) {
    const at = fixedBytes + batchBytes * i
    out[at] = batchKinds.indexOf(kind)
    out.writeUInt32LE(count, at + 1)
    out.writeUInt32LE(offset, at + 5)
  }
  return out
}

export function decodeEntry(bytes: Buffer): BlockEntry {
  const batches: BatchPlace[] = []
  for (let at = fixedBytes; at < bytes.length; at += batchBytes) {
    const kind = batchKinds[bytes[at]!]!
    batches.push({ kind, count: bytes.readUInt32LE(at + 1), offset: bytes.readUInt32LE(at + 5) })
  }
  return {
    id: asHash(Uint8Array.from(bytes.subarray(0, 32))),
    timestamp: bytes.readBigUInt64LE(32),
    ordinal: bytes.readUIntLE(40, 6),
    included: bytes.readUInt32LE(46),
    skipped: bytes.readUInt32LE(50),
    logs: bytes.readUIntLE(54, 6),
    gasUsed: Number(bytes.readBigUInt64LE(60)),
    baseFee: bytes.readBigUInt64LE(68),
    size: bytes.readUInt32LE(76),
    height: bytes.readUIntLE(80, 6),
    batches,
  }
}

/** How far the index is. All of it changes with the block that changes it. */
export type IndexState = {
  /** Newest block. */
  readonly head: number
  /** Oldest block that is answered for, and oldest that may still be stored. */
  readonly oldest: number
  readonly stored: number
  /** Transactions that all blocks up to the newest include. */
  readonly ordinal: number
  /** Section being filled, its first transaction and its first block. */
  readonly section: number
  readonly sectionOrdinal: number
  readonly sectionHeight: number
}

const stateFields = [
  'head',
  'oldest',
  'stored',
  'ordinal',
  'section',
  'sectionOrdinal',
  'sectionHeight',
] as const satisfies readonly (keyof IndexState)[]

export function encodeState(state: IndexState): Buffer {
  const out = Buffer.allocUnsafe(6 * stateFields.length)
  for (const [i, field] of stateFields.entries()) out.writeUIntLE(state[field], 6 * i, 6)
  return out
}

export function decodeState(bytes: Buffer): IndexState {
  const at = (field: keyof IndexState): number => bytes.readUIntLE(6 * stateFields.indexOf(field), 6)
  return {
    head: at('head'),
    oldest: at('oldest'),
    stored: at('stored'),
    ordinal: at('ordinal'),
    section: at('section'),
    sectionOrdinal: at('sectionOrdinal'),
    sectionHeight: at('sectionHeight'),
  }
}

/** A section that is on disk whole. */
export type StoredSection = {
  readonly section: number
  /** Its transactions: from `ordinal` on, below `end`. */
  readonly ordinal: number
  readonly end: number
  /** Its newest block. */
  readonly height: number
  /** Terms that have entries of their own: bucket and mark, one after the other. */
  readonly frequent: readonly number[]
}

export function encodeSection(section: StoredSection): Buffer {
  const out = Buffer.allocUnsafe(22 + 4 * section.frequent.length)
  out.writeUInt32LE(section.section, 0)
  out.writeUIntLE(section.ordinal, 4, 6)
  out.writeUIntLE(section.end, 10, 6)
  out.writeUIntLE(section.height, 16, 6)
  for (const [i, word] of section.frequent.entries()) out.writeUInt32LE(word, 22 + 4 * i)
  return out
}

export function decodeSection(bytes: Buffer): StoredSection {
  const frequent: number[] = []
  for (let at = 22; at < bytes.length; at += 4) frequent.push(bytes.readUInt32LE(at))
  return {
    section: bytes.readUInt32LE(0),
    ordinal: bytes.readUIntLE(4, 6),
    end: bytes.readUIntLE(10, 6),
    height: bytes.readUIntLE(16, 6),
    frequent,
  }
}
