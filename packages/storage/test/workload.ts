import { equalBytes, utf8 } from '@banyan/base'
import {
  type Disk,
  type LogOptions,
  type LogRecord,
  listSnapshots,
  openLog,
  readSnapshot,
  removeOldSnapshots,
  writeSnapshot,
} from '@banyan/storage'
import { expect } from 'vitest'

export const options: LogOptions = {
  name: 'blocks',
  identity: new Uint8Array(32).fill(7),
  segmentBytes: 300,
  maxRecordBytes: 100,
}

/** What a run was told: the oracle that a recovered folder is compared with. */
export type Told = {
  /** Payloads by sequence that were acknowledged and not truncated. */
  readonly acknowledged: Map<number, string>
  /** Every payload that was ever given for a sequence. */
  readonly attempted: Map<number, Set<string>>
  /** Sequence after which a truncation was begun that was not acknowledged. */
  truncating: number | undefined
  /** Records from here on must be there. */
  keptFrom: number
  readonly snapshots: Set<number>
  keptSnapshots: number
}

export function nothingTold(): Told {
  return {
    acknowledged: new Map(),
    attempted: new Map(),
    truncating: undefined,
    keptFrom: 1,
    snapshots: new Set(),
    keptSnapshots: 0,
  }
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

export function text(record: LogRecord): string {
  return new TextDecoder().decode(record.payload)
}

function snapshotChunks(sequence: number): Uint8Array[] {
  return [utf8(`snapshot ${sequence}`), new Uint8Array(40).fill(sequence), utf8('end')]
}

/** Everything a log and snapshots are used for, told step by step. Rejects when the disk fails. */
export async function workload(disk: Disk, told: Told): Promise<void> {
  const log = await openLog(disk, options)
  const append = async (sequence: number, payload: string): Promise<void> => {
    const known = told.attempted.get(sequence) ?? new Set()
    told.attempted.set(sequence, known.add(payload))
    const bytes = utf8(payload)
    expect(await log.append([bytes.subarray(0, 3), bytes.subarray(3)])).toBe(sequence)
    told.acknowledged.set(sequence, payload)
  }
  const burst = async (from: number, to: number, era: string): Promise<void> => {
    const started: Promise<void>[] = []
    for (let sequence = from; sequence <= to; sequence++) {
      started.push(append(sequence, `${era} ${sequence} ${'x'.repeat(sequence % 5)}`))
    }
    // All of them settle before the oracle is read.
    for (const result of await Promise.allSettled(started))
      if (result.status === 'rejected') throw result.reason
  }
  const truncate = async (sequence: number): Promise<void> => {
    told.truncating = sequence
    await log.truncateAfter(sequence)
    for (const known of [...told.acknowledged.keys()]) if (known > sequence) told.acknowledged.delete(known)
    for (const known of [...told.attempted.keys()]) if (known > sequence) told.attempted.delete(known)
    told.truncating = undefined
  }
  const snapshot = async (sequence: number): Promise<void> => {
    await writeSnapshot(disk, 'state', sequence, snapshotChunks(sequence))
    told.snapshots.add(sequence)
    told.keptSnapshots = Math.max(told.keptSnapshots, sequence)
  }
  for (let sequence = 1; sequence <= 3; sequence++) await append(sequence, `first ${sequence}`)
  await burst(4, 7, 'first')
  await snapshot(3)
  await burst(8, 12, 'first')
  await burst(13, 16, 'first')
  await truncate(6)
  await append(7, 'second 7')
  await burst(8, 12, 'second')
  await burst(13, 18, 'second')
  await truncate(17)
  await append(18, 'third 18')
  await snapshot(7)
  told.keptFrom = 17
  await log.pruneBefore(17)
  await removeOldSnapshots(disk, 'state', 1)
  await append(19, 'third 19')
  await log.close()
  await disk.close()
}

/** Checks a recovered folder against what was told, then that it can be used on. */
export async function check(disk: Disk, told: Told): Promise<void> {
  const log = await openLog(disk, options)
  const records = await all(log.readFrom(log.first()))
  const last = log.last()
  expect(records.map((record) => record.sequence)).toEqual(
    Array.from({ length: last - log.first() + 1 }, (_, at) => log.first() + at),
  )
  expect(log.first()).toBeLessThanOrEqual(told.keptFrom)
  const promised = Math.max(0, ...told.acknowledged.keys())
  expect(last).toBeGreaterThanOrEqual(Math.min(promised, told.truncating ?? promised))
  for (const record of records) {
    const acknowledged = told.acknowledged.get(record.sequence)
    if (acknowledged !== undefined) expect(text(record)).toBe(acknowledged)
    else expect([...(told.attempted.get(record.sequence) ?? [])]).toContain(text(record))
  }
  for (const sequence of await listSnapshots(disk, 'state')) {
    const chunks = await all(readSnapshot(disk, 'state', sequence))
    expect(chunks.length).toBe(3)
    for (const [at, chunk] of snapshotChunks(sequence).entries()) {
      expect(equalBytes(chunk, chunks[at]!)).toBe(true)
    }
  }
  if (told.keptSnapshots > 0) expect(await listSnapshots(disk, 'state')).toContain(told.keptSnapshots)
  expect(await log.append([utf8('after recovery')])).toBe(last + 1)
  expect((await all(log.readFrom(last + 1))).map(text)).toEqual(['after recovery'])
}

/** All records of the folder, as text. */
export async function seen(disk: Disk): Promise<string[]> {
  const log = await openLog(disk, options)
  return (await all(log.readFrom(log.first()))).map((record) => `${record.sequence} ${text(record)}`)
}
