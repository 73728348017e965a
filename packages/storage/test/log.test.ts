import { utf8 } from '@banyan/base'
import { type Disk, type Log, openLog } from '@banyan/storage'
import { createSimulatedDisk, type SimulatedDisk } from '@banyan/storage/simulated'
import { beforeEach, expect, test } from 'vitest'
import { all, options, text } from './workload.js'

let medium: SimulatedDisk
let disk: Disk
let operations: string[]

beforeEach(async () => {
  operations = []
  medium = createSimulatedDisk((operation, file) => operations.push(`${operation} ${file}`))
  disk = await medium.open()
})

async function filled(records: number): Promise<Log> {
  const log = await openLog(disk, options)
  for (let sequence = 1; sequence <= records; sequence++) await log.append([utf8(`record ${sequence}`)])
  return log
}

async function texts(log: Log, from: number): Promise<string[]> {
  return (await all(log.readFrom(from))).map((record) => `${record.sequence} ${text(record)}`)
}

async function segments(): Promise<string[]> {
  return [...(await disk.list())].sort()
}

test('LED-9: a new log is empty, and its first record is 1', async () => {
  const log = await openLog(disk, options)
  expect([log.first(), log.last(), log.cut]).toEqual([1, 0, undefined])
  expect(await all(log.readFrom(1))).toEqual([])
  expect(await log.append([utf8('a'), utf8('bc')])).toBe(1)
  expect(await texts(log, 1)).toEqual(['1 abc'])
})

test('LED-9: records survive closing and opening, across segments of bounded size', async () => {
  const log = await filled(40)
  await log.close()
  const again = await openLog(disk, options)
  expect(again.cut).toBeUndefined()
  expect(await texts(again, 1)).toEqual(Array.from({ length: 40 }, (_, at) => `${at + 1} record ${at + 1}`))
  expect(await texts(again, 33)).toHaveLength(8)
  expect(await texts(again, 41)).toEqual([])
  expect((await segments()).length).toBeGreaterThan(4)
  for (const name of await segments()) {
    expect(await (await disk.open(name)).size()).toBeLessThanOrEqual(options.segmentBytes)
  }
})

test('LED-9: appends that arrive during a sync share the next write and sync', async () => {
  const log = await openLog(disk, options)
  operations.length = 0
  const sequences = await Promise.all([1, 2, 3, 4, 5].map((number) => log.append([utf8(`r${number}`)])))
  expect(sequences).toEqual([1, 2, 3, 4, 5])
  expect(operations.filter((operation) => operation.startsWith('sync'))).toHaveLength(1)
  expect(await texts(log, 4)).toEqual(['4 r4', '5 r5'])
})

test('LED-9: an append is acknowledged after its sync, not before', async () => {
  const log = await openLog(disk, options)
  operations.length = 0
  await log.append([utf8('a')]).then(() => operations.push('acknowledged'))
  expect(operations.map((operation) => operation.split(' ')[0])).toEqual([
    'write',
    'write',
    'sync',
    'acknowledged',
  ])
})

test('LED-9: what waits for the disk is bounded in bytes and in number', async () => {
  const log = await openLog(disk, options)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => log.append([new Uint8Array(60).fill(1)])),
  )
  expect(outcomes.map((outcome) => outcome.status)).toEqual([
    ...Array(3).fill('fulfilled'),
    ...Array(7).fill('rejected'),
  ])
  expect(outcomes[9]).toMatchObject({ reason: { kind: 'LogBusy' } })
  expect(await log.append([utf8('later')])).toBe(4)
  const large = await openLog(disk, { ...options, name: 'large', segmentBytes: 1 << 20 })
  const many = await Promise.allSettled(Array.from({ length: 5000 }, () => large.append([utf8('x')])))
  expect(many.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(4096)
})

test('LED-9: records must have bytes, and not too many', async () => {
  const log = await openLog(disk, options)
  await expect(log.append([])).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await expect(log.append([new Uint8Array(0)])).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await expect(log.append([new Uint8Array(60), new Uint8Array(41)])).rejects.toMatchObject({
    kind: 'RecordTooLarge',
    details: { size: 101, limit: 100 },
  })
  expect(await log.append([new Uint8Array(60), new Uint8Array(40)])).toBe(1)
})

test('LED-9: truncation drops a suffix, within and across segments', async () => {
  for (const kept of [19, 13, 7, 6, 1, 0]) {
    const log = await filled(kept === 19 ? 20 : 0)
    await log.truncateAfter(kept)
    expect(log.last()).toBe(kept)
    expect(await texts(log, 1)).toEqual(Array.from({ length: kept }, (_, at) => `${at + 1} record ${at + 1}`))
    await log.close()
    const again = await openLog(disk, options)
    expect(again.last()).toBe(kept)
    expect(again.cut).toBeUndefined()
    await again.close()
  }
  const log = await filled(3)
  await log.truncateAfter(3)
  await log.truncateAfter(100)
  expect(log.last()).toBe(3)
  await expect(log.truncateAfter(-1)).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await expect(log.truncateAfter(1.5)).rejects.toMatchObject({ kind: 'OptionInvalid' })
  expect(await log.append([utf8('still writable')])).toBe(4)
})

test('LED-9: pruning removes whole segments, never the newest', async () => {
  const log = await filled(20)
  const before = await segments()
  // Seven such records fit a segment.
  await log.pruneBefore(7)
  expect(log.first()).toBe(1)
  await log.pruneBefore(8)
  expect(log.first()).toBe(8)
  expect(await texts(log, 8)).toHaveLength(13)
  await expect(all(log.readFrom(1))).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await expect(log.truncateAfter(log.first() - 2)).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await log.pruneBefore(1000)
  expect(await segments()).toEqual(before.slice(-1))
  const first = log.first()
  await log.close()
  const again = await openLog(disk, options)
  expect([again.first(), again.last()]).toEqual([first, 20])
  expect(await again.append([utf8('next')])).toBe(21)
})

test('LED-9: a reader sees what was there when it began; truncation waits for it to end', async () => {
  const log = await filled(10)
  const reader = log.readFrom(1)
  const first = await reader.next()
  expect(first.done).toBe(false)
  await log.append([utf8('late')])
  await expect(log.truncateAfter(5)).rejects.toMatchObject({ kind: 'OptionInvalid' })
  expect(await all(reader)).toHaveLength(9)
  await log.truncateAfter(5)
  expect(log.last()).toBe(5)
})

test('LED-9: a reader whose next segment is pruned meanwhile is told', async () => {
  const log = await filled(20)
  const reader = log.readFrom(1)
  await reader.next()
  await log.pruneBefore(20)
  await expect(all(reader)).rejects.toMatchObject({ kind: 'OptionInvalid' })
})

test('LED-9: closing finishes the appends that wait; after it the log refuses', async () => {
  const log = await openLog(disk, options)
  const waiting = [log.append([utf8('a')]), log.append([utf8('b')])]
  await log.close()
  await log.close()
  expect(await Promise.all(waiting)).toEqual([1, 2])
  for (const refused of [log.append([utf8('c')]), log.truncateAfter(0), log.pruneBefore(2)]) {
    await expect(refused).rejects.toMatchObject({ kind: 'LogClosed' })
  }
})

test('LED-9/QLT-5: after a failure the log refuses, with the same reason, until it is opened again', async () => {
  const log = await filled(2)
  medium.failSync(1)
  const outcomes = await Promise.allSettled([log.append([utf8('a')]), log.append([utf8('b')])])
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { kind: 'DiskFailed' } })
  operations.length = 0
  await expect(log.append([utf8('c')])).rejects.toMatchObject({ kind: 'DiskFailed' })
  await expect(log.truncateAfter(1)).rejects.toMatchObject({ kind: 'DiskFailed' })
  expect(operations).toEqual([])
  expect(log.last()).toBe(2)
  await log.close()
  medium.powerLoss(() => 0)
  disk = await medium.open()
  expect(await texts(await openLog(disk, options), 1)).toEqual(['1 record 1', '2 record 2'])
})

test('LED-9: logs of other names, identities and versions are kept apart', async () => {
  await (await filled(2)).close()
  const other = await openLog(disk, { ...options, name: 'blocks-2' })
  expect(other.last()).toBe(0)
  expect((await openLog(disk, options)).last()).toBe(2)
  const identity = new Uint8Array(32).fill(8)
  await expect(openLog(disk, { ...options, identity })).rejects.toMatchObject({ kind: 'FormatUnknown' })
})

test('LED-9: options out of range are refused', async () => {
  const wrong = [
    { name: '' },
    { name: '../up' },
    { name: 'Upper' },
    { identity: new Uint8Array(31) },
    { maxRecordBytes: 0 },
    { maxRecordBytes: 2 ** 31 },
    { segmentBytes: 187 },
    { segmentBytes: Number.NaN },
  ]
  for (const change of wrong) {
    await expect(openLog(disk, { ...options, ...change })).rejects.toMatchObject({ kind: 'OptionInvalid' })
  }
  await openLog(disk, { ...options, segmentBytes: 188 })
})

test('LED-9: a record far behind in a large segment is read without what comes before it', async () => {
  const large = { ...options, segmentBytes: 2 ** 25, maxRecordBytes: 2 ** 20 }
  const size = 700_000
  const record = (byte: number) => new Uint8Array(size).fill(byte)
  let read = 0
  const counting: Disk = {
    ...disk,
    open: async (name) => {
      const file = await disk.open(name)
      return {
        ...file,
        read: async (offset, into) => {
          const bytes = await file.read(offset, into)
          read += bytes
          return bytes
        },
      }
    },
  }
  const bytesAt = async (log: Log, sequence: number): Promise<number | undefined> => {
    for await (const { payload, sequence: found } of log.readFrom(sequence)) {
      expect([found, payload.length]).toEqual([sequence, size])
      return payload[0]
    }
    return undefined
  }
  const log = await openLog(counting, large)
  for (let byte = 1; byte <= 20; byte++) await log.append([record(byte)])
  for (const sequence of [20, 11, 1]) {
    read = 0
    expect(await bytesAt(log, sequence)).toBe(sequence)
    expect(read).toBeLessThan(4 * size)
  }
  await log.truncateAfter(9)
  for (let byte = 110; byte <= 120; byte++) await log.append([record(byte)])
  for (const sequence of [9, 10, 15, 20])
    expect(await bytesAt(log, sequence)).toBe(sequence < 10 ? 9 : 100 + sequence)
  await log.close()
  const again = await openLog(counting, large)
  expect(await bytesAt(again, 20)).toBe(120)
  read = 0
  expect(await bytesAt(again, 20), 'a second reading finds its place').toBe(120)
  expect(read).toBeLessThan(4 * size)
  await again.close()
})
