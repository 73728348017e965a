import type { Address } from '@banyan/base'
import { type CryptoProvider, ed25519Address } from '@banyan/crypto'
import {
  decodeEnvelope,
  decodeTransfer,
  type Log,
  readReceipt,
  receiptBytes,
  type Transaction,
  transferRecordLength,
  transferType,
} from '@banyan/ledger'
import { packageEvents, transferEvents } from '../api/asset-events.js'
import type { IncludedTransaction } from '../api/history.js'
import { type Database, damaged } from './database.js'
import { chunkHeader } from './encode-block.js'
import { partKey, space } from './keys.js'
import type { BlockEntry } from './records.js'
import { chunkRows, type ReadGeneralRow, readRows } from './rows.js'
import { decodeLogs, type StoredLogs } from './stored-logs.js'

/** Offsets in a receipt. */
const statusOffset = 64
const gasUsedOffset = 68

/** What is read besides the database. */
export type ReadContext = {
  readonly database: Database
  readonly provider: CryptoProvider
  /** Bytes `from` to `to` of the encoded block; `undefined` if the block is no longer kept. */
  readonly readBlock: (height: number, from: number, to: number) => Promise<Uint8Array | undefined>
  readonly addressOf: (account: number) => Address
}

/** Up to 128 transactions that a block includes, without their envelopes. */
export type Chunk = {
  /** Index of the first one. */
  readonly first: number
  /** Receipts, 128 bytes each. */
  readonly receipts: Uint8Array
  readonly count: number
  /** Positions in the block, skipped transactions counted. */
  readonly positions: readonly number[]
  readonly general: readonly (ReadGeneralRow | undefined)[]
  readonly logsBefore: number
  readonly gasBefore: number
}

/** The chunk that has the transaction at `index`, which the block includes. */
export async function readChunk(
  database: Database,
  entry: BlockEntry,
  index: number,
): Promise<Chunk | undefined> {
  const chunk = Math.floor(index / chunkRows)
  const value = await database.get(partKey(space.rows, entry.height, chunk))
  if (value === undefined) return undefined
  const { receipts, numbers, general } = readRows(value.subarray(chunkHeader))
  const first = chunk * chunkRows
  let position = first + value.readUInt32LE(14)
  const positions = numbers.map((gap) => {
    position += gap
    return position++
  })
  const logsBefore = value.readUIntLE(0, 6)
  const gasBefore = Number(value.readBigUInt64LE(6))
  return { first, receipts, count: numbers.length, positions, general, logsBefore, gasBefore }
}

/** A chunk with the logs that it stores, by row. */
export type ChunkWithLogs = Chunk & { readonly stored: ReadonlyMap<number, StoredLogs> }

export async function withLogs(database: Database, height: number, chunk: Chunk): Promise<ChunkWithLogs> {
  const hasLogs = chunk.general.some((row) => row !== undefined && row.logs > 0)
  const value = hasLogs ? await database.get(partKey(space.logs, height, chunk.first / chunkRows)) : undefined
  return { ...chunk, stored: value === undefined ? new Map() : decodeLogs(value) }
}

/** Number of logs of the transaction in a row. */
export function logsOfRow({ receipts, general }: Chunk, row: number): number {
  const known = general[row]
  if (known !== undefined) return known.logs
  return receipts[row * receiptBytes + statusOffset] === 1 ? 1 : 0
}

/**
 * Transactions of a chunk: rows `from` to `to`, the latter not included. Only transfers of `assets` if that is given;
 * others than transfers always. Empty if the block's envelopes are no longer kept.
 */
export async function readIncluded(
  context: ReadContext,
  entry: BlockEntry,
  chunk: ChunkWithLogs,
  { from, to, assets }: { readonly from: number; readonly to: number; readonly assets?: ReadonlySet<number> },
): Promise<readonly IncludedTransaction[]> {
  const places = Array.from({ length: to - from }, (_, i) => envelopePlace(entry, chunk, from + i))
  const start = places[0]!.offset
  const end = places.at(-1)!.offset + places.at(-1)!.length
  const bytes = await context.readBlock(entry.height, start, end)
  if (bytes === undefined) return []
  if (bytes.length !== end - start) damaged(context.database.path, 'the block log has another block')
  const found: IncludedTransaction[] = []
  let { logsBefore, gasBefore } = chunk
  const view = new DataView(chunk.receipts.buffer, chunk.receipts.byteOffset)
  for (let row = 0; row < to; row++) {
    const logs = logsOfRow(chunk, row)
    if (row >= from) {
      const receipt = readReceipt(chunk.receipts, row)
      const { offset, length } = places[row - from]!
      const transaction = decodeAt(
        bytes.subarray(offset - start, offset - start + length),
        chunk.general[row],
      )
      if (transaction.kind !== 'transfer' || assets === undefined || assets.has(transaction.asset)) {
        const place = { height: entry.height, blockId: entry.id, index: chunk.first + row }
        const before = { logsBefore, gasBefore, baseFee: entry.baseFee }
        const who = senderOf(context.provider, transaction, chunk.general[row])
        const events = logs === 0 ? [] : logsOf(context, transaction, chunk.stored.get(row))
        found.push({ transaction, sender: who, ...place, receipt, logs: events, ...before })
      }
    }
    logsBefore += logs
    gasBefore += view.getUint32(row * receiptBytes + gasUsedOffset, true)
  }
  return found
}

/** Where the envelope of a row stands in the encoded block; for transfers, the record. */
function envelopePlace(
  { batches }: BlockEntry,
  { general, positions }: Chunk,
  row: number,
): { readonly offset: number; readonly length: number } {
  const known = general[row]
  if (known !== undefined) return known
  let first = 0
  const position = positions[row]!
  const batch = batches.find(({ count }) => {
    first += count
    return position < first
  })!
  const inBatch = position - (first - batch.count)
  return { offset: batch.offset + 8 + inBatch * transferRecordLength, length: transferRecordLength }
}

function decodeAt(bytes: Uint8Array, general: ReadGeneralRow | undefined): Transaction {
  if (general !== undefined) return decodeEnvelope(Uint8Array.from(bytes))
  const envelope = new Uint8Array(1 + transferRecordLength)
  envelope[0] = transferType
  envelope.set(bytes, 1)
  return decodeTransfer(envelope)
}

function senderOf(
  provider: CryptoProvider,
  transaction: Transaction,
  general: ReadGeneralRow | undefined,
): Address {
  if (transaction.kind === 'transfer') return ed25519Address(provider, transaction.payerKey)
  return general!.sender
}

const resultBytes = 32

/** Logs of a transaction that has some. */
function logsOf(
  { database, provider, addressOf }: ReadContext,
  transaction: Transaction,
  stored: StoredLogs | undefined,
): readonly Log[] {
  if (transaction.kind === 'transfer') return transferEvents(provider, transaction)
  if (stored === undefined) return damaged(database.path, 'logs of a transaction are missing')
  if (stored.kind === 'logs') return stored.logs
  if (transaction.kind !== 'package') return damaged(database.path, 'a transaction has logs of another kind')
  const results = new Uint8Array(stored.applied.length * resultBytes).fill(0xff)
  for (const [i, one] of stored.applied.entries()) if (one === 1) results[i * resultBytes] = 0
  return packageEvents(provider, transaction, results, addressOf)
}
