import { utf8 } from '@banyan/base'
import { type Log, openLog } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'
import type { PackedCharge } from './charges/packed.js'
import type { WorkRecord } from './core/index.js'
import { createWriteBehind } from './write-behind.js'

/** What was done, and what it costs if it costs something. */
export type JournalEntry = WorkRecord & { readonly charge?: PackedCharge }

/** What subscribers owe for a day that is over. */
export type DayEntry = { readonly day: string; readonly differences: readonly PackedCharge[] }

/** What one write has put into the journal. */
export type JournalBatch = {
  /** Position of the next. */
  readonly next: number
  readonly records: readonly JournalEntry[]
  /** Those of records and of days, in the order in which they came. */
  readonly charges: readonly PackedCharge[]
}

/**
 * The journal of work done: an append-only log whose records hold work records as lines of JSON. It is the source from
 * which work is charged, so that an answer ends only after its record is durable.
 */
export type Journal = {
  /** `durable` is called once the record is on disk. */
  readonly add: (entry: JournalEntry | DayEntry, durable: () => void) => void
  /** Resolves when all that was added is durable, or writing has failed. */
  readonly settled: () => Promise<void>
  /** What was written from a position on. */
  readonly read: (from: number) => AsyncGenerator<JournalBatch>
  /** Position of the newest batch. */
  readonly last: () => number
  /** Drops whole files in which all ended before a time, ms. Errors: LogClosed, DiskFailed. */
  readonly dropBefore: (time: number) => Promise<void>
  /** Waits for what was added, and closes. */
  readonly close: () => Promise<void>
}

const options = {
  name: 'work',
  identity: utf8('banyan/work-journal'.padEnd(32, '\0')),
  // A file is dropped as a whole.
  segmentBytes: 2 ** 25,
  maxRecordBytes: 2 ** 24,
} as const

/** Work records in one write; what comes meanwhile goes with the next. */
const maxBatch = 2_000

/** Opens the journal of a region's folder. Errors: FolderLocked, LogDamaged, DiskFull, DiskFailed. */
export async function openJournal(folder: string, failed: (error: unknown) => void): Promise<Journal> {
  const disk = await openNodeDisk(folder)
  let log: Log
  try {
    log = await openLog(disk, options)
  } catch (error) {
    await disk.close()
    throw error
  }
  const entries = createWriteBehind<{
    readonly entry: JournalEntry | DayEntry
    readonly durable: () => void
  }>({
    most: maxBatch,
    write: async (batch) => {
      await log.append([utf8(batch.map(({ entry }) => JSON.stringify(entry)).join('\n'))])
      for (const { durable } of batch) durable()
    },
    failed,
  })
  async function* read(from: number): AsyncGenerator<JournalBatch> {
    for await (const { sequence, payload } of log.readFrom(Math.max(from, log.first()))) {
      const lines = new TextDecoder().decode(payload).split('\n')
      yield batchOf(
        sequence + 1,
        lines.map((line) => JSON.parse(line) as JournalEntry | DayEntry),
      )
    }
  }
  return {
    add: (entry, durable) => entries.add({ entry, durable }),
    settled: entries.settled,
    read,
    last: log.last,
    dropBefore: async (time) => {
      let keep = log.first()
      for await (const { next, records, charges } of read(keep)) {
        const isOld = ({ at }: PackedCharge['public']): boolean => Number(at) < time
        if (records.some(({ endedAt }) => endedAt >= time) || !charges.every((one) => isOld(one.public)))
          break
        keep = next
      }
      await log.pruneBefore(keep)
    },
    close: async () => {
      await entries.settled()
      await log.close()
      await disk.close()
    },
  }
}

function batchOf(next: number, entries: readonly (JournalEntry | DayEntry)[]): JournalBatch {
  const records: JournalEntry[] = []
  const charges: PackedCharge[] = []
  for (const entry of entries) {
    if ('differences' in entry) charges.push(...entry.differences)
    else {
      records.push(entry)
      if (entry.charge !== undefined) charges.push(entry.charge)
    }
  }
  return { next, records, charges }
}
