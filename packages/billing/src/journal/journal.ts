import { asHash, equalBytes, fail, type Hash, utf8 } from '@banyan/base'
import { type Disk, type Log, openLog } from '@banyan/storage'
import type { Charge, Row } from '../charge/charge.js'
import { offsets } from '../charge/columns.js'
import { encodeCharge, type Keccak, type Parts } from '../charge/seal.js'
import {
  batchRowBytes,
  countOf,
  encodeRows,
  firstOf,
  fullBatchBytes,
  hashBatch,
  linkBatch,
  maxBatchBytes,
  maxBatchRows,
  previousOf,
  rootOf,
  rowsOf,
} from './batch.js'
import { createRecentIds } from './recent-ids.js'

/** Fills the hashes into a batch: here, or on another thread that hands the same memory back. */
export type BatchHasher = (batch: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>

export type JournalOptions = {
  readonly disk: Disk
  readonly region: string
  readonly keccak256: Keccak
  /** ms since the Unix epoch: only charges of these days are taken, so that a repeated one is told. */
  readonly now: () => number
  /** By default hashes on the calling thread. */
  readonly hashBatch?: BatchHasher
}

export type Added = { readonly added: number; readonly known: number }

/** Charges in the order in which they came, written once. */
export type Journal = {
  /**
   * Adds charges; resolves when they are durable. Those whose id is there already are left out: a charge may be given again until it was
   * acknowledged. All of the call are refused if one is invalid. Errors: ChargeInvalid, LogBusy, LogClosed, DiskFull, DiskFailed.
   */
  readonly append: (charges: readonly Charge[]) => Promise<Added>
  /** Sequence of the oldest row that was not dropped; the next one's if there is none. */
  readonly first: () => number
  /** Sequence of the newest durable row; 0 if there is none. */
  readonly last: () => number
  /** Root of the newest durable batch: it commits to all rows before. */
  readonly root: () => Hash
  /** Rows `from` to `to`, both included, in groups; valid until the next is asked for. Errors: JournalForged, LogDamaged, DiskFailed. */
  readonly rows: (from: number, to: number) => AsyncGenerator<readonly Row[], void, undefined>
  /** Drops whole files with only rows before `sequence`. */
  readonly pruneBefore: (sequence: number) => Promise<void>
  readonly close: () => Promise<void>
}

type Waiting = {
  readonly rows: readonly Parts[]
  readonly added: Added
  readonly resolve: (added: Added) => void
  readonly reject: (reason: unknown) => void
}

/** A file is dropped as a whole, once all of its rows are archived. */
const segmentBytes = 2 ** 25
/** Most rows that wait for the disk. */
const maxWaitingRows = 2 ** 16
/** Records between two remembered places in the log. */
const markEvery = 64

/** Errors: JournalForged, LogDamaged, FormatUnknown, DiskFull, DiskFailed. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { disk, region, keccak256, now } = options
  const identity = keccak256(utf8(`banyan/charges ${region}`))
  const log = await openLog(disk, { name: 'charges', identity, segmentBytes, maxRecordBytes: maxBatchBytes })
  const ids = createRecentIds(now)
  let firstRow = await firstRowOf(log)
  const end = await readJournal(log, keccak256, (row) => {
    const id = idOf(row.public)
    if (ids.isInTime(id)) ids.add(id)
  })
  const hash: BatchHasher =
    options.hashBatch ??
    (async (batch) => {
      hashBatch(batch, keccak256)
      return batch
    })
  const waiting: Waiting[] = []
  let waitingRows = 0
  let isWriting = false
  let linked = end
  let durable = end
  let refusal: unknown

  /** What waits, up to the bounds of a batch; the first always fits, since calls are cut to fit. */
  const takeBatch = (): readonly Waiting[] => {
    let rows = 0
    let bytes = 0
    let taken = 0
    for (const item of waiting) {
      rows += item.rows.length
      bytes += item.rows.reduce((sum, row) => sum + batchRowBytes(row), 0)
      if (taken > 0 && (rows > maxBatchRows || bytes > fullBatchBytes)) break
      taken++
    }
    const items = waiting.splice(0, taken)
    waitingRows -= items.reduce((sum, item) => sum + item.rows.length, 0)
    return items
  }

  const writeBatch = async (items: readonly Waiting[]): Promise<void> => {
    const rows = items.flatMap((item) => item.rows)
    if (rows.length > 0) {
      const batch = await hash(encodeRows(rows))
      const root = linkBatch(batch, linked.root, linked.last + 1, keccak256)
      linked = { ...linked, root, last: linked.last + rows.length }
      const record = await log.append([batch])
      durable = linked
      if (record % markEvery === 0) end.marks.push({ row: firstOf(batch), record })
    }
    for (const { resolve, added } of items) resolve(added)
  }

  const writeAll = async (): Promise<void> => {
    isWriting = true
    try {
      while (waiting.length > 0) {
        const items = takeBatch()
        await writeBatch(items).catch((error: unknown) => {
          refusal = error
          for (const { reject } of [...items, ...waiting.splice(0)]) reject(error)
        })
      }
    } finally {
      isWriting = false
    }
  }

  const append = async (charges: readonly Charge[]): Promise<Added> => {
    if (refusal !== undefined) throw refusal
    if (waitingRows + charges.length > maxWaitingRows) fail('LogBusy', { name: 'charges' })
    const all = charges.map((charge) => {
      const parts = encodeCharge(charge)
      if (!ids.isInTime(idOf(parts.public)))
        fail('ChargeInvalid', {
          id: charge.id,
          column: 'id',
          reason: 'has a time that is too old or to come',
        })
      return parts
    })
    const rows = all.filter((parts) => ids.add(idOf(parts.public)))
    const added = { added: rows.length, known: all.length - rows.length }
    return new Promise((resolve, reject) => {
      const pieces = cut(rows)
      for (const [i, piece] of pieces.entries()) {
        const isLast = i === pieces.length - 1
        waiting.push({ rows: piece, added, resolve: isLast ? resolve : () => undefined, reject })
      }
      waitingRows += rows.length
      if (!isWriting) void writeAll()
    })
  }

  async function* rows(from: number, to: number): AsyncGenerator<readonly Row[], void, undefined> {
    const last = Math.min(to, durable.last)
    if (from > last) return
    const mark = end.marks.findLast(({ row }) => row <= from)
    for await (const { payload } of log.readFrom(mark?.record ?? log.first())) {
      if (firstOf(payload) + countOf(payload) <= from) continue
      if (firstOf(payload) > last) return
      yield rowsOf(payload).filter(({ sequence }) => sequence >= from && sequence <= last)
    }
  }

  const pruneBefore = async (sequence: number): Promise<void> => {
    const mark = end.marks.findLast(({ row }) => row <= sequence)
    let keep = log.last() + 1
    for await (const { sequence: record, payload } of log.readFrom(mark?.record ?? log.first())) {
      if (firstOf(payload) + countOf(payload) <= sequence) continue
      keep = record
      break
    }
    // Whoever asks for rows meanwhile begins with the oldest that is there.
    const newer = end.marks.findIndex(({ record }) => record >= keep)
    const older = end.marks.splice(0, newer < 0 ? end.marks.length : newer)
    await log.pruneBefore(keep)
    end.marks.unshift(...older.filter(({ record }) => record >= log.first()))
    firstRow = await firstRowOf(log)
  }

  return {
    append,
    first: () => Math.min(firstRow, durable.last + 1),
    last: () => durable.last,
    root: () => durable.root,
    rows,
    pruneBefore,
    close: async () => {
      while (isWriting) await new Promise((resolve) => setTimeout(resolve, 1))
      await log.close()
    },
  }
}

/** Row with which the log begins; 1 if it is empty. */
async function firstRowOf(log: Log): Promise<number> {
  for await (const { payload } of log.readFrom(log.first())) return firstOf(payload)
  return 1
}

function idOf(open: Uint8Array): Uint8Array {
  return open.subarray(offsets.id, offsets.id + 16)
}

/** Pieces that fit a batch; one without rows, if there are none, so that its caller waits for what was added before. */
function cut(rows: readonly Parts[]): readonly (readonly Parts[])[] {
  const pieces: Parts[][] = [[]]
  let bytes = 0
  for (const row of rows) {
    bytes += batchRowBytes(row)
    if (pieces.at(-1)!.length === maxBatchRows || bytes > fullBatchBytes) {
      pieces.push([])
      bytes = batchRowBytes(row)
    }
    pieces.at(-1)!.push(row)
  }
  return pieces
}

export type JournalEnd = {
  readonly root: Hash
  readonly last: number
  /** Rows, and the records of the log that begin with them. */
  readonly marks: { readonly row: number; readonly record: number }[]
}

/** Reads all that is there, and checks that it fits together. Error: JournalForged. */
async function readJournal(log: Log, keccak256: Keccak, take: (row: Row) => void): Promise<JournalEnd> {
  let root: Hash | undefined
  let last: number | undefined
  const marks: JournalEnd['marks'] = []
  for await (const { sequence, payload } of log.readFrom(log.first())) {
    const first = firstOf(payload)
    if (root !== undefined && last !== undefined) {
      if (first !== last + 1) fail('JournalForged', { sequence: first, reason: 'a row is missing before it' })
      if (!equalBytes(previousOf(payload), root))
        fail('JournalForged', { sequence: first, reason: 'its batch follows another one' })
    }
    if (marks.length === 0 || sequence % markEvery === 0) marks.push({ row: first, record: sequence })
    root = rootOf(payload, keccak256)
    last = first + countOf(payload) - 1
    for (const row of rowsOf(payload)) take(row)
  }
  return { root: root ?? asHash(new Uint8Array(32)), last: last ?? 0, marks }
}
