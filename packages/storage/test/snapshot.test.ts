import { concatBytes, utf8 } from '@banyan/base'
import {
  type Disk,
  listSnapshots,
  maxChunkBytes,
  readSnapshot,
  removeOldSnapshots,
  writeSnapshot,
} from '@banyan/storage'
import { createSimulatedDisk, type SimulatedDisk } from '@banyan/storage/simulated'
import * as fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { all } from './workload.js'

let medium: SimulatedDisk
let disk: Disk
const file = 'state-0000000000000005.snap'

beforeEach(async () => {
  medium = createSimulatedDisk()
  disk = await medium.open()
})

async function stored(): Promise<Uint8Array> {
  await writeSnapshot(disk, 'state', 5, [utf8('first'), utf8('second'), utf8('third')])
  const opened = await disk.open(file)
  const bytes = new Uint8Array(await opened.size())
  await opened.read(0, bytes)
  return bytes
}

async function readBytes(bytes: Uint8Array): Promise<string[]> {
  const made = await disk.create(file)
  await made.append([bytes])
  return (await all(readSnapshot(disk, 'state', 5))).map((chunk) => new TextDecoder().decode(chunk))
}

test('LED-9: a snapshot gives back its chunks, from iterables of both kinds', async () => {
  const chunks = [utf8('a'), new Uint8Array(0), new Uint8Array(3_000_000).fill(9), utf8('z')]
  async function* streamed(): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  await writeSnapshot(disk, 'state', 0, chunks)
  await writeSnapshot(disk, 'state', 1, streamed())
  await writeSnapshot(disk, 'state', 2, [])
  for (const sequence of [0, 1]) {
    const read = await all(readSnapshot(disk, 'state', sequence))
    expect(read.map((chunk) => chunk.length)).toEqual([1, 3_000_000, 1])
    expect(Buffer.compare(concatBytes(...read), concatBytes(...chunks))).toBe(0)
  }
  expect(await all(readSnapshot(disk, 'state', 2))).toEqual([])
})

test('LED-9: snapshots are listed by name in order, and old ones removed', async () => {
  for (const sequence of [30, 4, 100]) await writeSnapshot(disk, 'state', sequence, [utf8('x')])
  await writeSnapshot(disk, 'state-2', 1, [utf8('x')])
  await disk.create('state-0000000000000007.snap.tmp')
  await disk.create('state-000000000000000x.snap')
  expect(await listSnapshots(disk, 'state')).toEqual([4, 30, 100])
  await removeOldSnapshots(disk, 'state', 2)
  expect(await listSnapshots(disk, 'state')).toEqual([30, 100])
  expect(await listSnapshots(disk, 'state-2')).toEqual([1])
  expect((await disk.list()).filter((name) => name.endsWith('.tmp'))).toEqual([])
  await removeOldSnapshots(disk, 'state', 5)
  expect(await listSnapshots(disk, 'state')).toEqual([30, 100])
})

test('LED-9: wrong options and chunks that are too large are refused', async () => {
  const refused = { kind: 'OptionInvalid' }
  await expect(writeSnapshot(disk, 'State', 1, [])).rejects.toMatchObject(refused)
  await expect(writeSnapshot(disk, 'state', -1, [])).rejects.toMatchObject(refused)
  await expect(removeOldSnapshots(disk, 'state', 0)).rejects.toMatchObject(refused)
  const large = [new Uint8Array(maxChunkBytes + 1)]
  await expect(writeSnapshot(disk, 'state', 1, large)).rejects.toMatchObject({ kind: 'RecordTooLarge' })
  expect(await disk.list()).toEqual([])
})

test('LED-9: a failed write leaves no snapshot and no temporary file', async () => {
  function* broken(): Generator<Uint8Array> {
    yield utf8('a')
    throw new Error('the source broke')
  }
  await expect(writeSnapshot(disk, 'state', 1, broken())).rejects.toThrow('the source broke')
  medium.setCapacity(50)
  await expect(writeSnapshot(disk, 'state', 1, [new Uint8Array(60)])).rejects.toMatchObject({
    kind: 'DiskFull',
  })
  expect(await disk.list()).toEqual([])
})

test('LED-9: a snapshot that is written again replaces the old one only when it is complete', async () => {
  await stored()
  for (let point = 1; point <= 12; point++) {
    const used = createSimulatedDisk()
    const first = await used.open()
    await writeSnapshot(first, 'state', 5, [utf8('old')])
    used.crashAt(point)
    await writeSnapshot(first, 'state', 5, [utf8('new')]).catch(() => undefined)
    used.powerLoss(() => 0)
    const chunks = await all(readSnapshot(await used.open(), 'state', 5))
    expect(['old', 'new']).toContain(new TextDecoder().decode(chunks[0]))
  }
})

test('LED-9: every flipped bit and every missing end of a snapshot is noticed', async () => {
  const bytes = await stored()
  expect(await readBytes(bytes)).toEqual(['first', 'second', 'third'])
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice()
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    await expect(readBytes(flipped), `bit ${bit}`).rejects.toMatchObject({ kind: 'SnapshotInvalid' })
  }
  for (let length = 0; length < bytes.length; length++) {
    await expect(readBytes(bytes.subarray(0, length))).rejects.toMatchObject({ kind: 'SnapshotInvalid' })
  }
  await expect(readBytes(concatBytes(bytes, utf8('x')))).rejects.toMatchObject({ kind: 'SnapshotInvalid' })
})

test('LED-9: exchanged, repeated or left out chunks and renamed files are noticed', async () => {
  const bytes = await stored()
  const [first, second] = [bytes.subarray(32, 45), bytes.subarray(45, 59)]
  const rest = bytes.subarray(59)
  const head = bytes.subarray(0, 32)
  for (const parts of [
    [head, second, first, rest],
    [head, first, first, second, rest],
    [head, first, rest],
  ]) {
    await expect(readBytes(concatBytes(...parts))).rejects.toMatchObject({ kind: 'SnapshotInvalid' })
  }
  await readBytes(bytes)
  await disk.rename(file, 'state-0000000000000006.snap')
  await expect(all(readSnapshot(disk, 'state', 6))).rejects.toMatchObject({ kind: 'SnapshotInvalid' })
})

test('LED-9: a later version of the format is told from damage', async () => {
  const bytes = await stored()
  const view = new DataView(bytes.buffer)
  view.setUint32(8, 2, true)
  view.setUint32(28, disk.crc32(bytes.subarray(0, 28), 0), true)
  await expect(readBytes(bytes)).rejects.toMatchObject({ kind: 'FormatUnknown' })
})

test('LED-9: any bytes in a snapshot give its chunks or a typed error', async () => {
  const bytes = await stored()
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bytes.length),
      fc.nat(40),
      fc.uint8Array({ maxLength: 40 }),
      async (at, remove, insert) => {
        const list = [...bytes]
        list.splice(at, remove, ...insert)
        try {
          expect(await readBytes(new Uint8Array(list))).toEqual(['first', 'second', 'third'])
        } catch (error) {
          expect(['SnapshotInvalid', 'FormatUnknown']).toContain((error as { kind?: string }).kind)
        }
      },
    ),
    { numRuns: 1000, seed: 21 },
  )
})
