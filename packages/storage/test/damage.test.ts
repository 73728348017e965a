import { utf8 } from '@banyan/base'
import { type Disk, openLog } from '@banyan/storage'
import { createSimulatedDisk } from '@banyan/storage/simulated'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { all, options, text } from './workload.js'

const one = { ...options, segmentBytes: 1 << 16 }

async function bytesOf(disk: Disk, name: string): Promise<Uint8Array> {
  const file = await disk.open(name)
  const bytes = new Uint8Array(await file.size())
  await file.read(0, bytes)
  return bytes
}

async function put(disk: Disk, name: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.create(name)
  await file.append([bytes])
  await file.sync()
  await disk.syncFolder()
}

/** A folder whose segments are given byte by byte. */
async function folderOf(files: readonly (readonly [string, Uint8Array])[]): Promise<Disk> {
  const disk = await createSimulatedDisk().open()
  for (const [name, bytes] of files) await put(disk, name, bytes)
  return disk
}

/** The files of a log of `records` records of which each is a batch of its own. */
async function written(records: number, given = options): Promise<[string, Uint8Array][]> {
  const disk = await createSimulatedDisk().open()
  const log = await openLog(disk, given)
  for (let sequence = 1; sequence <= records; sequence++) await log.append([utf8(`record ${sequence}`)])
  const names = [...(await disk.list())].sort()
  return Promise.all(
    names.map(async (name): Promise<[string, Uint8Array]> => [name, await bytesOf(disk, name)]),
  )
}

test('LED-9: a flipped bit is never served: it is damage, or in the last record a cut tail', async () => {
  const files = await written(6, one)
  const [name, bytes] = files[0]!
  const recordBytes = (bytes.length - 64) / 6
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const medium = createSimulatedDisk()
    const disk = await medium.open()
    await put(disk, name, bytes)
    medium.flipBit(name, bit)
    const byte = bit >> 3
    if (byte >= bytes.length - recordBytes) {
      const log = await openLog(disk, one)
      expect(log.last(), `bit ${bit}`).toBe(5)
      expect(log.cut).toEqual({ file: name, offset: bytes.length - recordBytes, bytes: recordBytes })
    } else {
      const offset = byte < 64 ? 0 : 64 + Math.floor((byte - 64) / recordBytes) * recordBytes
      await expect(openLog(disk, one), `bit ${bit}`).rejects.toMatchObject({
        kind: 'LogDamaged',
        details: { offset },
      })
      expect((await bytesOf(disk, name)).length).toBe(bytes.length)
    }
  }
})

test('LED-9: damage in any segment but the newest is never cut, nor is a missing segment', async () => {
  const files = await written(40)
  expect(files.length).toBeGreaterThan(3)
  for (let at = 0; at < files.length - 1; at++) {
    const [name, bytes] = files[at]!
    const others = files.filter((_, index) => index !== at)
    for (const length of [0, 10, 63, 64, 65, bytes.length - 20, bytes.length - 1]) {
      const disk = await folderOf([...others, [name, bytes.subarray(0, length)]])
      await expect(openLog(disk, options)).rejects.toMatchObject({ kind: 'LogDamaged' })
    }
    if (at > 0) {
      await expect(openLog(await folderOf(others), options)).rejects.toMatchObject({ kind: 'LogDamaged' })
    }
  }
  const last = files.at(-1)!
  const shortened = await folderOf([...files.slice(0, -2), [last[0], last[1].subarray(0, 40)]])
  await expect(openLog(shortened, options)).rejects.toMatchObject({ kind: 'LogDamaged' })
  const alone = await folderOf([[last[0], last[1].subarray(0, 40)]])
  await expect(openLog(alone, options)).rejects.toMatchObject({ kind: 'LogDamaged' })
})

test('LED-9: segments of another history with the same sequences are not accepted', async () => {
  const files = await written(40)
  const disk = await createSimulatedDisk().open()
  const log = await openLog(disk, options)
  for (let sequence = 1; sequence <= 40; sequence++) await log.append([utf8(`stale! ${sequence}`)])
  for (let at = 1; at < files.length; at++) {
    const [name] = files[at]!
    const mixed = files.map(([file, bytes]): [string, Uint8Array] => [file, bytes])
    mixed[at] = [name, await bytesOf(disk, name)]
    await expect(openLog(await folderOf(mixed), options)).rejects.toMatchObject({ kind: 'LogDamaged' })
  }
})

test('LED-9: intact records of another history, or out of order, do not continue a log', async () => {
  const [[name, bytes]] = (await written(4, one)) as [[string, Uint8Array]]
  const disk = await createSimulatedDisk().open()
  const log = await openLog(disk, one)
  for (let sequence = 1; sequence <= 4; sequence++) await log.append([utf8(`strange${sequence}`)])
  const size = (bytes.length - 64) / 4
  const stale = bytes.slice()
  stale.set((await bytesOf(disk, name)).subarray(64 + 3 * size), 64 + 3 * size)
  const opened = await openLog(await folderOf([[name, stale]]), one)
  expect([opened.last(), opened.cut?.offset]).toEqual([3, 64 + 3 * size])
  const repeated = new Uint8Array([...bytes, ...bytes.subarray(64 + 3 * size)])
  expect((await openLog(await folderOf([[name, repeated]]), one)).last()).toBe(4)
  const skipped = new Uint8Array([...bytes.subarray(0, 64 + size), ...bytes.subarray(64 + 2 * size)])
  await expect(openLog(await folderOf([[name, skipped]]), one)).rejects.toMatchObject({
    kind: 'LogDamaged',
    details: { offset: 64 + size },
  })
})

/** Puts a changed field into the record of `bytes` at `offset` and makes its checksum right again. */
function forge(disk: Disk, bytes: Uint8Array, offset: number, field: number, value: number): Uint8Array {
  const forged = bytes.slice()
  const view = new DataView(forged.buffer)
  view.setUint32(offset + field, value, true)
  view.setUint32(offset, disk.crc32(forged.subarray(offset + 4), disk.crc32(one.identity, 0)), true)
  return forged
}

test('LED-9: a record with the wrong sequence is not accepted, though its link and checksum are right', async () => {
  const [[name, bytes]] = (await written(4, one)) as [[string, Uint8Array]]
  const offset = 64 + 3 * 32
  const disk = await createSimulatedDisk().open()
  const same = await openLog(await folderOf([[name, forge(disk, bytes, offset, 16, 4)]]), one)
  expect(same.last()).toBe(4)
  for (const sequence of [3, 5]) {
    const log = openLog(await folderOf([[name, forge(disk, bytes, offset, 16, sequence)]]), one)
    if (sequence === 3) expect((await log).last()).toBe(3)
    else await expect(log).rejects.toMatchObject({ kind: 'LogDamaged', details: { offset } })
  }
})

test('LED-9: an empty segment that does not begin where the one before ends is not accepted', async () => {
  const [[name, bytes]] = (await written(4, one)) as [[string, Uint8Array]]
  for (const first of [4, 5, 6]) {
    const header = bytes.slice(0, 64)
    const view = new DataView(header.buffer)
    view.setUint32(12, new DataView(bytes.buffer).getUint32(64 + 3 * 32, true), true)
    view.setUint32(16, first, true)
    const disk = await folderOf([[name, bytes]])
    view.setUint32(60, disk.crc32(header.subarray(0, 60), 0), true)
    await put(disk, `blocks-000000000000000${first}.log`, header)
    if (first === 5) expect((await openLog(disk, one)).last()).toBe(4)
    else await expect(openLog(disk, one)).rejects.toMatchObject({ kind: 'LogDamaged' })
  }
})

test('LED-9: records above a limit that was lowered later are refused, not cut', async () => {
  const files = await written(4, one)
  const disk = await folderOf(files)
  await expect(openLog(disk, { ...one, maxRecordBytes: 7 })).rejects.toMatchObject({ kind: 'RecordTooLarge' })
  expect((await openLog(disk, { ...one, maxRecordBytes: 8 })).last()).toBe(4)
})

test('LED-9: payloads that imitate later records of the log do not turn a cut into damage', async () => {
  const disk = await createSimulatedDisk().open()
  const guess = await openLog(disk, { ...one, name: 'guess', identity: new Uint8Array(32) })
  for (let sequence = 1; sequence <= 9; sequence++) await guess.append([utf8('forged')])
  const imitation = (await bytesOf(disk, 'guess-0000000000000001.log')).subarray(64 + 8 * 30)
  const log = await openLog(disk, one)
  await log.append([utf8('honest')])
  await log.append([imitation])
  const name = 'blocks-0000000000000001.log'
  const bytes = await bytesOf(disk, name)
  bytes.fill(0, 64 + 30, 64 + 30 + 24)
  const opened = await openLog(await folderOf([[name, bytes]]), one)
  expect([opened.last(), opened.cut?.offset]).toEqual([1, 94])
})

test('LED-9: damage that appears while the log is open is found by the reader', async () => {
  const medium = createSimulatedDisk()
  const log = await openLog(await medium.open(), one)
  for (let sequence = 1; sequence <= 5; sequence++) await log.append([utf8(`record ${sequence}`)])
  medium.flipBit('blocks-0000000000000001.log', 8 * (64 + 32 * 2 + 30))
  const seen: string[] = []
  const read = async (): Promise<void> => {
    for await (const record of log.readFrom(1)) seen.push(text(record))
  }
  await expect(read()).rejects.toMatchObject({ kind: 'LogDamaged', details: { offset: 64 + 32 * 2 } })
  expect(seen).toEqual(['record 1', 'record 2'])
})

test('LED-9: a later version of the format is not mistaken for damage', async () => {
  const [[name, bytes]] = (await written(2, one)) as [[string, Uint8Array]]
  const later = bytes.slice()
  const view = new DataView(later.buffer)
  view.setUint32(8, 2, true)
  const disk = await folderOf([[name, later]])
  view.setUint32(60, disk.crc32(later.subarray(0, 60), 0), true)
  await put(disk, name, later)
  await expect(openLog(disk, one)).rejects.toMatchObject({
    kind: 'FormatUnknown',
    details: { given: 2, expected: 1 },
  })
})

test('LED-9: any bytes in a segment give typed errors or a readable log, in bounded memory', async () => {
  const files = await written(8, one)
  const [name, bytes] = files[0]!
  const spliced = fc.record({
    at: fc.nat(bytes.length),
    remove: fc.nat(80),
    insert: fc.uint8Array({ maxLength: 80 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(spliced, { maxLength: 3 }), fc.boolean(), async (splices, behindHeader) => {
      const list = [...bytes]
      for (const { at, remove, insert } of splices) {
        list.splice(behindHeader ? Math.max(at, 64) : at, remove, ...insert)
      }
      const disk = await folderOf([[name, new Uint8Array(list)]])
      let largest = 0
      const watched: Disk = {
        ...disk,
        open: async (file) => {
          const opened = await disk.open(file)
          return {
            ...opened,
            read: (offset, into) => {
              largest = Math.max(largest, into.length)
              return opened.read(offset, into)
            },
          }
        },
      }
      try {
        const log = await openLog(watched, one)
        const records = await all(log.readFrom(1))
        for (const [index, record] of records.entries()) expect(text(record)).toBe(`record ${index + 1}`)
      } catch (error) {
        expect(['LogDamaged', 'FormatUnknown']).toContain((error as { kind?: string }).kind)
      }
      expect(largest).toBeLessThanOrEqual(list.length)
    }),
    { numRuns: 1500, seed: 20 },
  )
})
