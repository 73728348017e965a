import { asHash, equalBytes, type Hash } from '@banyan/base'
import { decodeHeader, receiptBytes } from '@banyan/ledger'
import type { BlockRecord, History, IncludedTransaction } from '../api/history.js'
import { type Database, damaged } from './database.js'
import { blockIdKey, heightKey, ordinalKey, partKey, space } from './keys.js'
import { newestFirst, type Sections } from './postings.js'
import { type ChunkWithLogs, type ReadContext, readChunk, readIncluded, withLogs } from './read-chunk.js'
import { type BlockEntry, decodeEntry, type IndexState } from './records.js'
import { chunkRows, readRows } from './rows.js'
import { idTerm, type Seed } from './terms.js'

/** What readers see: it is replaced as a whole when a block or a section has become durable. */
export type Current = { readonly state: IndexState | undefined; readonly sections: Sections }

export type Reader = ReadContext & { readonly seed: Seed; readonly current: () => Current }

/** Entry of a block; `undefined` if it is none of those that are kept. */
export async function readEntry(
  { database, current }: Reader,
  height: number,
): Promise<BlockEntry | undefined> {
  const { state } = current()
  if (state === undefined || !(height >= state.oldest && height <= state.head)) return undefined
  const value = await database.get(heightKey(space.record, height))
  if (value !== undefined) return decodeEntry(value)
  // It may have been dropped in the meantime.
  if (height >= current().state!.oldest) damaged(database.path, `block ${height} is missing`)
  return undefined
}

/** The block of a transaction, and its index there. */
export async function locate(
  reader: Reader,
  ordinal: number,
): Promise<{ readonly entry: BlockEntry; readonly index: number } | undefined> {
  const upTo = { gte: ordinalKey(0), lt: ordinalKey(ordinal + 1) }
  for await (const [, value] of reader.database.entries(upTo, true)) {
    const entry = await readEntry(reader, value.readUIntLE(0, 6))
    return entry && { entry, index: ordinal - entry.ordinal }
  }
  return undefined
}

export function recordOf(
  entry: Pick<BlockEntry, 'id' | 'size' | 'included' | 'gasUsed' | 'baseFee'>,
  header: BlockRecord['header'],
): BlockRecord {
  const { id, size, included, gasUsed, baseFee } = entry
  return { header, id, size, included, gasUsed, baseFee }
}

/** The part of `History` that needs no search through logs. */
export function blockReader(
  reader: Reader,
): Pick<History, 'oldest' | 'blockAt' | 'blockById' | 'ids' | 'included' | 'transaction'> {
  const { database, seed, current } = reader

  const blockAt = async (height: number): Promise<BlockRecord | undefined> => {
    const entry = await readEntry(reader, height)
    const header = entry && (await database.get(heightKey(space.header, height)))
    return header && recordOf(entry, decodeHeader(Uint8Array.from(header)))
  }

  const blockById = async (id: Hash): Promise<BlockRecord | undefined> => {
    const value = await database.get(blockIdKey(id))
    return value && blockAt(value.readUIntLE(0, 6))
  }

  const ids = async (height: number, from: number, limit: number): Promise<readonly Hash[]> => {
    const entry = await readEntry(reader, height)
    const end = entry === undefined ? 0 : Math.min(entry.included, from + limit)
    const found: Hash[] = []
    for (let index = from; index < end; index = from + found.length) {
      const chunk = await readChunk(database, entry!, index)
      if (chunk === undefined) return []
      const last = Math.min(end - chunk.first, chunk.count)
      for (let row = index - chunk.first; row < last; row++) found.push(idAt(chunk.receipts, row))
    }
    return found
  }

  const included = async (
    height: number,
    from: number,
    limit: number,
  ): Promise<readonly IncludedTransaction[]> => {
    const entry = await readEntry(reader, height)
    const end = entry === undefined ? 0 : Math.min(entry.included, from + limit)
    const found: IncludedTransaction[] = []
    for (let index = from; index < end; index = from + found.length) {
      const part = await includedIn(reader, entry!, index, end)
      if (part.length === 0) return []
      for (const one of part) found.push(one)
    }
    return found
  }

  const transaction = async (id: Hash): Promise<IncludedTransaction | undefined> => {
    const { state, sections } = current()
    if (state === undefined) return undefined
    const range = { from: 0, to: state.ordinal }
    for await (const ordinal of newestFirst(database, sections, idTerm(seed, id), range)) {
      const place = await locate(reader, ordinal)
      if (place === undefined) return undefined
      const chunk = await readChunk(database, place.entry, place.index)
      if (chunk === undefined) return undefined
      const row = place.index - chunk.first
      if (!equalBytes(idAt(chunk.receipts, row), id)) continue
      const full = await withLogs(database, place.entry.height, chunk)
      const [found] = await readIncluded(reader, place.entry, full, { from: row, to: row + 1 })
      return found
    }
    return undefined
  }

  return { oldest: () => current().state?.oldest ?? 0, blockAt, blockById, ids, included, transaction }
}

function idAt(receipts: Uint8Array, row: number): Hash {
  return asHash(Uint8Array.from(receipts.subarray(row * receiptBytes, row * receiptBytes + 32)))
}

/** Transactions `from` to `to` of a block as far as they stand in one chunk. */
async function includedIn(
  reader: Reader,
  entry: BlockEntry,
  from: number,
  to: number,
): Promise<readonly IncludedTransaction[]> {
  const chunk = await readChunk(reader.database, entry, from)
  if (chunk === undefined) return []
  const end = Math.min(to - chunk.first, chunk.count)
  const full = await withLogs(reader.database, entry.height, chunk)
  return readIncluded(reader, entry, full, { from: from - chunk.first, to: end })
}

/** Reads transactions by their ordinals. What it has read last serves for neighbours. */
export function transactionCursor(
  reader: Reader,
): (
  ordinal: number,
) => Promise<{ readonly entry: BlockEntry; readonly one: IncludedTransaction } | undefined> {
  let entry: BlockEntry | undefined
  let chunk: ChunkWithLogs | undefined
  return async (ordinal) => {
    if (entry === undefined || ordinal < entry.ordinal || ordinal >= entry.ordinal + entry.included) {
      entry = (await locate(reader, ordinal))?.entry
      chunk = undefined
    }
    if (entry === undefined) return undefined
    const index = ordinal - entry.ordinal
    if (chunk === undefined || index < chunk.first || index >= chunk.first + chunk.count) {
      const found = await readChunk(reader.database, entry, index)
      chunk = found && (await withLogs(reader.database, entry.height, found))
    }
    if (chunk === undefined) return undefined
    const from = index - chunk.first
    const [one] = await readIncluded(reader, entry, chunk, { from, to: from + 1 })
    return one && { entry, one }
  }
}

/** The receipts of a block, 128 bytes for each transaction in block order, skipped ones included. */
export async function readReceipts(reader: Reader, height: number): Promise<Uint8Array | undefined> {
  const entry = await readEntry(reader, height)
  if (entry === undefined) return undefined
  const receipts = new Uint8Array((entry.included + entry.skipped) * receiptBytes)
  for (let first = 0; first < entry.included; first += chunkRows) {
    const chunk = await readChunk(reader.database, entry, first)
    if (chunk === undefined) return undefined
    for (const [row, position] of chunk.positions.entries()) place(chunk.receipts, row, position)
  }
  for (let chunk = 0; chunk * chunkRows < entry.skipped; chunk++) {
    const rows = await skippedRows(reader.database, height, chunk)
    if (rows === undefined) return undefined
    for (const [row, position] of rows.numbers.entries()) place(rows.receipts, row, position)
  }
  return receipts

  function place(from: Uint8Array, row: number, position: number): void {
    receipts.set(from.subarray(row * receiptBytes, (row + 1) * receiptBytes), position * receiptBytes)
  }
}

async function skippedRows(database: Database, height: number, chunk: number) {
  const value = await database.get(partKey(space.skipped, height, chunk))
  return value && readRows(value)
}
