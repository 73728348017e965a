import type { IncludedTransaction, LogPage, LogQuery, PlacedLog } from '../api/history.js'
import { logPasses } from '../api/log-match.js'
import { assetNumber, isAssetAddress } from './asset-logs.js'
import { type Reader, readEntry, transactionCursor } from './blocks.js'
import { heightKey, space } from './keys.js'
import { type Criterion, criteriaOf } from './log-criteria.js'
import { type OrdinalRange, ofSection, overlaps } from './postings.js'
import { logsOfRow, readChunk, readIncluded, withLogs } from './read-chunk.js'
import { type BlockEntry, decodeEntry } from './records.js'
import { chunkRows } from './rows.js'

/**
 * Logs of a query. Where addresses or topics tell transactions apart, only these are read. Where they do not (nothing is
 * asked for, or only what nearly every block has), blocks are read one after the other.
 */
export async function readLogs(reader: Reader, query: LogQuery): Promise<LogPage> {
  const { state } = reader.current()
  if (state === undefined) return { logs: [], complete: true }
  const from = Math.max(query.from, query.after?.height ?? 0, state.oldest)
  const to = Math.min(query.to, state.head)
  if (from > to) return { logs: [], complete: true }
  const logs: PlacedLog[] = []
  for await (const placed of candidates(reader, { ...query, from, to })) {
    if (!isAfter(placed, query.after) || !logPasses(query, placed.log)) continue
    if (logs.length === query.limit) return { logs, complete: false }
    logs.push(placed)
  }
  return { logs, complete: true }
}

function isAfter({ height, logIndex }: PlacedLog, after: LogQuery['after']): boolean {
  if (after === undefined) return true
  return height > after.height || (height === after.height && logIndex > after.logIndex)
}

/** All logs that can pass, and others, in order. */
async function* candidates(reader: Reader, query: LogQuery): AsyncGenerator<PlacedLog, void, undefined> {
  const criteria = criteriaOf(reader, query)
  const telling = criteria.filter(({ isCommon }) => !isCommon)
  if (telling.length > 0) yield* ofTransactions(reader, query, telling)
  else yield* ofBlocks(reader, query, criteria[0])
}

async function* ofTransactions(
  reader: Reader,
  query: LogQuery,
  criteria: readonly Criterion[],
): AsyncGenerator<PlacedLog, void, undefined> {
  const readAt = transactionCursor(reader)
  for await (const ordinal of ordinals(reader, query, criteria)) {
    const read = await readAt(ordinal)
    if (read !== undefined) yield* placed(read.entry, read.one)
  }
}

/** Transactions that have a term of every criterion, section after section. */
async function* ordinals(
  reader: Reader,
  query: LogQuery,
  criteria: readonly Criterion[],
): AsyncGenerator<number, void, undefined> {
  const { stored, open } = reader.current().sections
  const range = await ordinalRange(reader, query)
  for (const section of [...stored, open]) {
    if ('end' in section && !overlaps(section, range)) continue
    let common: ReadonlySet<number> | undefined
    for (const { terms } of criteria) {
      const found = new Set<number>()
      for (const term of terms) {
        for (const ordinal of await ofSection(reader.database, section, term, range)) {
          if (common === undefined || common.has(ordinal)) found.add(ordinal)
        }
      }
      common = found
      if (found.size === 0) break
    }
    yield* [...(common ?? [])].sort((a, b) => a - b)
  }
}

/** Transactions of the blocks of a query. */
async function ordinalRange(reader: Reader, { from, to }: LogQuery): Promise<OrdinalRange> {
  const first = await readEntry(reader, from)
  const last = await readEntry(reader, to)
  if (first === undefined || last === undefined) return { from: 0, to: 0 }
  return { from: first.ordinal, to: last.ordinal + last.included }
}

/** Logs of the blocks that have a term of the criterion, or of all blocks. */
async function* ofBlocks(
  reader: Reader,
  query: LogQuery,
  criterion: Criterion | undefined,
): AsyncGenerator<PlacedLog, void, undefined> {
  const marked = criterion && ordinals(reader, query, [criterion])
  let next = await marked?.next()
  const assets = wantedAssets(query)
  const range = { gte: heightKey(space.record, query.from), lt: heightKey(space.record, query.to + 1) }
  for await (const [, value] of reader.database.entries(range)) {
    const entry = decodeEntry(value)
    const end = entry.ordinal + entry.included
    while (next !== undefined && !next.done && next.value < entry.ordinal) next = await marked?.next()
    if (next?.done === true) return
    if (entry.logs === 0 || (next !== undefined && next.value! >= end)) continue
    const { after } = query
    const skip = after?.height === entry.height ? after.logIndex + 1 : 0
    yield* ofBlock(reader, entry, skip, assets)
  }
}

/** Numbers of the assets whose transfers can pass; `undefined` for all. */
function wantedAssets({ addresses }: LogQuery): ReadonlySet<number> | undefined {
  return addresses.length === 0 ? undefined : new Set(addresses.filter(isAssetAddress).map(assetNumber))
}

/** Logs of a block, but for some whose index is below `skip`. */
async function* ofBlock(
  reader: Reader,
  entry: BlockEntry,
  skip: number,
  assets: ReadonlySet<number> | undefined,
): AsyncGenerator<PlacedLog, void, undefined> {
  for (let index = await chunkOfLog(reader, entry, skip); index < entry.included; ) {
    const chunk = await readChunk(reader.database, entry, index)
    if (chunk === undefined) return
    const to = chunk.count
    const hasLogs = chunk.positions.some((_, row) => logsOfRow(chunk, row) > 0)
    const options = assets === undefined ? { from: 0, to } : { from: 0, to, assets }
    if (hasLogs) {
      const full = await withLogs(reader.database, entry.height, chunk)
      for (const one of await readIncluded(reader, entry, full, options)) yield* placed(entry, one)
    }
    index = chunk.first + to
  }
}

/** Index of the first transaction of the last chunk that starts at or before the log at `logIndex`. */
async function chunkOfLog(reader: Reader, entry: BlockEntry, logIndex: number): Promise<number> {
  let low = 0
  let high = logIndex === 0 ? 0 : Math.ceil(entry.included / chunkRows) - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const chunk = await readChunk(reader.database, entry, middle * chunkRows)
    if (chunk !== undefined && chunk.logsBefore <= logIndex) low = middle
    else high = middle - 1
  }
  return low * chunkRows
}

function* placed(entry: BlockEntry, one: IncludedTransaction): Generator<PlacedLog> {
  for (const [i, log] of one.logs.entries()) {
    yield {
      log,
      height: entry.height,
      logIndex: one.logsBefore + i,
      blockId: entry.id,
      timestamp: entry.timestamp,
      transactionId: one.receipt.id,
      transactionIndex: one.index,
    }
  }
}
