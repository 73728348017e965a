import type { CryptoProvider } from '@banyan/crypto'
import {
  type DescribedBatch,
  type ExecutedBlock,
  encodeHeader,
  receiptBytes,
  transferWords,
} from '@banyan/ledger'
import type { AccountTerms } from './account-terms.js'
import { transferTopic } from './asset-logs.js'
import { type Change, put } from './database.js'
import { blockIdKey, heightKey, ordinalKey, partKey, space } from './keys.js'
import { type BatchPlace, type BlockEntry, encodeEntry } from './records.js'
import { chunkRows, type GeneralRow, type Receipts, RowWriter, receiptsOf } from './rows.js'
import { encodeLogs, type StoredLogs } from './stored-logs.js'
import { type Seed, TermList, termKind } from './terms.js'
import { TransactionTerms } from './transaction-terms.js'

/** A final block as it is recorded. The genesis block has no batches and no receipts. */
export type FinalBlock = {
  readonly block: Pick<ExecutedBlock, 'header' | 'id' | 'receipts' | 'logs' | 'itemResults'>
  readonly batches: readonly DescribedBatch[]
  /** Largest of the three base fees that applied in this block, pip per gas. */
  readonly baseFee: bigint
}

/** What the encoding of a block depends on, besides the block. */
export type EncodeContext = {
  readonly provider: CryptoProvider
  readonly seed: Seed
  readonly accounts: AccountTerms
}

export type EncodedBlock = {
  readonly entry: BlockEntry
  readonly changes: readonly Change[]
  /** Bucket, mark and place of each entry. Places count from the first transaction of the section. */
  readonly terms: Uint32Array
  /** Bytes of all values. */
  readonly bytes: number
}

/** Transactions after which other work of the process gets its turn. */
const slice = 8192
/** Entries of a block in one stored value: 3 words each. */
const recentWords = 3 * 16_384
const transferWordCount = 48
const payeeWord = 16
const assetWord = 21

/** Everything that the index stores of a block whose first transaction has the given ordinal and place. */
export async function encodeFinal(
  context: EncodeContext,
  { block, batches, baseFee }: FinalBlock,
  ordinal: number,
  place: number,
): Promise<EncodedBlock> {
  const { header, id } = block
  const headerBytes = encodeHeader(header)
  const layout = layoutOf(headerBytes.length, batches)
  const encoder = new BlockEncoder(context, block, place)
  let waiting = 0
  for (const [i, described] of batches.entries()) {
    if (described.batch.kind === 'transfers') encoder.addTransfers(described)
    else encoder.addGeneral(described, layout.places[i]!.offset)
    waiting += described.batch.count
    if (waiting > slice) await new Promise((resolve) => setImmediate(resolve))
    if (waiting > slice) waiting = 0
  }
  encoder.finish()
  const { included, skipped, logs, gasUsed } = encoder
  const { height, timestamp } = header
  const counts = { ordinal, included, skipped, logs, gasUsed, baseFee }
  const entry = { height, id, timestamp, ...counts, size: layout.size, batches: layout.places }
  const terms = encoder.terms.words.slice(0, encoder.terms.length)
  const changes = [
    put(heightKey(space.record, height), encodeEntry(entry)),
    put(heightKey(space.header, height), headerBytes),
    put(blockIdKey(id), heightValue(height)),
    ...(included > 0 ? [put(ordinalKey(ordinal), heightValue(height))] : []),
    ...encoder.changes,
    ...recentChanges(height, terms),
  ]
  return { entry, changes, terms, bytes: changes.reduce(sumOfValues, 0) }
}

function sumOfValues(sum: number, change: Change): number {
  return change.type === 'put' ? sum + change.value.length : sum
}

export function heightValue(height: number): Buffer {
  const value = Buffer.allocUnsafe(6)
  value.writeUIntLE(height, 0, 6)
  return value
}

/** Entries are kept by block until their section is whole: docs/node.md "Sections". */
function recentChanges(height: number, terms: Uint32Array): Change[] {
  const changes: Change[] = []
  for (let from = 0; from < terms.length; from += recentWords) {
    const part = terms.subarray(from, from + recentWords)
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
    changes.push(put(partKey(space.recent, height, changes.length), bytes))
  }
  return changes
}

/** Where the batches stand in the encoded block, and its size: docs/formats.md "Encoded blocks". */
function layoutOf(
  headerLength: number,
  batches: readonly DescribedBatch[],
): { readonly places: readonly BatchPlace[]; readonly size: number } {
  let size = padded(8 + 4 * batches.length) + padded(headerLength)
  const places = batches.map(({ batch: { kind, count, bytes } }): BatchPlace => {
    const place = { kind, count, offset: size }
    size += padded(bytes.length)
    return place
  })
  return { places, size }
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

/** Packs the transactions of one block. */
class BlockEncoder {
  readonly changes: Change[] = []
  readonly terms: TermList
  included = 0
  skipped = 0
  logs = 0
  gasUsed = 0
  /** Position in the block of the next transaction, and how many skipped ones stand right before it. */
  position = 0
  gap = 0
  readonly block: FinalBlock['block']
  readonly receipts: Receipts
  readonly place: number
  readonly transactionTerms: TransactionTerms
  readonly rows = new RowWriter()
  readonly skippedRows = new RowWriter()
  chunkLogs: Uint8Array[] = []
  /** Logs, gas and skipped transactions before the chunk. */
  before = { logs: 0, gas: 0, skipped: 0 }

  constructor(context: EncodeContext, block: FinalBlock['block'], place: number) {
    this.block = block
    this.place = place
    this.receipts = receiptsOf(block.receipts)
    this.terms = new TermList(context.seed)
    const transfer = transferTopic(context.provider)
    this.transactionTerms = new TransactionTerms(this.terms, transfer, context.accounts)
  }

  addTransfers({ batch, ids, senders }: DescribedBatch): void {
    const words = transferWords(batch)
    const { terms } = this
    for (let i = 0; i < batch.count; i++) {
      const status = this.nextStatus()
      if (status === statuses.skipped) continue
      const place = this.place + this.included
      terms.addId(ids, 8 * i, place)
      terms.addAddress(termKind.account, senders, 5 * i, place)
      terms.addAddress(termKind.account, words, transferWordCount * i + payeeWord, place)
      const logs = status === statuses.success ? 1 : 0
      if (logs > 0) this.transactionTerms.addAsset(words[transferWordCount * i + assetWord]!, place)
      this.addRow(logs, undefined)
    }
  }

  addGeneral({ ids, entries }: DescribedBatch, offset: number): void {
    let start = offset + 8
    for (const [i, { transaction, envelope, verified }] of entries.entries()) {
      start += 4
      const at = start
      start += envelope.length
      const status = this.nextStatus()
      if (status === statuses.skipped) continue
      const place = this.place + this.included
      this.terms.addId(ids, 8 * i, place)
      const stored = status === statuses.success ? this.storedLogs(transaction.kind) : undefined
      this.transactionTerms.add(transaction, verified.sender, stored, place)
      const logs = stored === undefined ? 0 : logCount(stored)
      if (logs > 0) this.chunkLogs.push(encodeLogs(this.rows.count, stored!))
      this.addRow(logs, { sender: verified.sender, logs, offset: at, length: envelope.length })
    }
  }

  finish(): void {
    if (this.rows.count > 0) this.endChunk()
    if (this.skippedRows.count > 0) this.endSkippedChunk()
  }

  /** Status of the transaction at `position`; a skipped one is dealt with. */
  nextStatus(): number {
    const status = this.receipts.words[this.position * (receiptBytes / 4) + 16]! & 0xffff
    if (status !== statuses.skipped) return status
    this.skippedRows.add(this.receipts, this.position, this.position, undefined)
    this.skipped++
    this.gap++
    this.position++
    if (this.skippedRows.count === chunkRows) this.endSkippedChunk()
    return status
  }

  addRow(logs: number, general: GeneralRow | undefined): void {
    this.rows.add(this.receipts, this.position, this.gap, general)
    this.gasUsed += this.receipts.words[this.position * (receiptBytes / 4) + 17]!
    this.logs += logs
    this.gap = 0
    this.position++
    this.included++
    if (this.rows.count === chunkRows) this.endChunk()
  }

  storedLogs(kind: string): StoredLogs {
    if (kind !== 'package') return { kind: 'logs', logs: this.block.logs.get(this.position) ?? [] }
    return { kind: 'items', applied: appliedItems(this.block.itemResults.get(this.position)!) }
  }

  endChunk(): void {
    const { height } = this.block.header
    const chunk = Math.ceil(this.included / chunkRows) - 1
    const start = Buffer.allocUnsafe(chunkHeader)
    start.writeUIntLE(this.before.logs, 0, 6)
    start.writeBigUInt64LE(BigInt(this.before.gas), 6)
    start.writeUInt32LE(this.before.skipped, 14)
    this.changes.push(put(partKey(space.rows, height, chunk), Buffer.concat([start, this.rows.take()])))
    if (this.chunkLogs.length > 0) {
      this.changes.push(put(partKey(space.logs, height, chunk), Buffer.concat(this.chunkLogs)))
    }
    this.chunkLogs = []
    this.before = { logs: this.logs, gas: this.gasUsed, skipped: this.skipped }
  }

  endSkippedChunk(): void {
    const chunk = Math.ceil(this.skipped / chunkRows) - 1
    const key = partKey(space.skipped, this.block.header.height, chunk)
    this.changes.push(put(key, this.skippedRows.take()))
  }
}

/** Bytes before the rows of a chunk: logs (6), gas (8) and skipped transactions (4) before it. */
export const chunkHeader = 18
const statuses = { success: 1, skipped: 2 } as const
const resultBytes = 32

/** One byte per item: 1 if it was applied. The first half of a result is 2^128 - 1 if not. */
function appliedItems(results: Uint8Array): Uint8Array {
  const applied = new Uint8Array(results.length / resultBytes)
  for (let i = 0; i < applied.length; i++) {
    const start = i * resultBytes
    let at = start
    while (at < start + 16 && results[at] === 0xff) at++
    applied[i] = at < start + 16 ? 1 : 0
  }
  return applied
}

function logCount(stored: StoredLogs): number {
  if (stored.kind === 'logs') return stored.logs.length
  let count = 0
  for (let i = 0; i < stored.applied.length; i++) count += stored.applied[i]!
  return count
}
