import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concatBytes, utf8 } from '@banyan/base'
import type { Disk } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'
import { createSimulatedDisk } from '@banyan/storage/simulated'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** A folder that can be opened, and what to do with it afterwards. */
type Folder = { readonly open: () => Promise<Disk>; readonly remove: () => Promise<void> }

const drivers: readonly (readonly [string, () => Promise<Folder>])[] = [
  [
    'node',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'banyan-disk-'))
      return {
        open: () => openNodeDisk(join(folder, 'made', 'deep')),
        remove: () => rm(folder, { recursive: true }),
      }
    },
  ],
  ['simulated', async () => ({ open: createSimulatedDisk().open, remove: async () => undefined })],
]

async function content(disk: Disk, name: string): Promise<string> {
  const file = await disk.open(name)
  const bytes = new Uint8Array(await file.size())
  expect(await file.read(0, bytes)).toBe(bytes.length)
  await file.close()
  return new TextDecoder().decode(bytes)
}

async function store(disk: Disk, name: string, ...parts: string[]): Promise<void> {
  const file = await disk.create(name)
  await file.append(parts.map((part) => utf8(part)))
  await file.sync()
  await file.close()
}

describe.each(drivers)('LED-9: the %s disk', (_, make) => {
  let folder: Folder
  let disk: Disk
  beforeEach(async () => {
    folder = await make()
    disk = await folder.open()
  })
  afterEach(async () => {
    await disk.close()
    await folder.remove()
  })

  test('appends parts in order, reads ranges and keeps the end in mind', async () => {
    const file = await disk.create('a')
    expect(await file.size()).toBe(0)
    await file.append([utf8('one'), new Uint8Array(0), utf8('two')])
    await file.append([])
    await file.append([utf8('three')])
    await file.sync()
    expect(await file.size()).toBe(11)
    const middle = new Uint8Array(4)
    expect(await file.read(2, middle)).toBe(4)
    expect(new TextDecoder().decode(middle)).toBe('etwo')
    expect(await file.read(9, middle)).toBe(2)
    expect(await file.read(11, middle)).toBe(0)
    await file.close()
    expect(await content(disk, 'a')).toBe('onetwothree')
  })

  test('many large parts arrive whole', async () => {
    const parts = Array.from({ length: 3000 }, (_, at) => new Uint8Array(500).fill(at))
    const file = await disk.create('a')
    await file.append(parts)
    const bytes = new Uint8Array(await file.size())
    await file.read(0, bytes)
    expect(Buffer.compare(bytes, concatBytes(...parts))).toBe(0)
    await file.close()
  })

  test('truncates and goes on from there', async () => {
    const file = await disk.create('a')
    await file.append([utf8('abcdef')])
    await file.truncate(2)
    await file.append([utf8('X')])
    await file.sync()
    await file.close()
    expect(await content(disk, 'a')).toBe('abX')
  })

  test('create empties a file that exists; names can be listed, changed, replaced and removed', async () => {
    await store(disk, 'a', 'old')
    await store(disk, 'a', 'new')
    await store(disk, 'b', 'other')
    expect([...(await disk.list())].sort()).toEqual(['a', 'b'])
    await disk.rename('a', 'b')
    await disk.syncFolder()
    expect(await disk.list()).toEqual(['b'])
    expect(await content(disk, 'b')).toBe('new')
    await disk.remove('b')
    await disk.syncFolder()
    expect(await disk.list()).toEqual([])
  })

  test('what is missing fails with DiskFailed', async () => {
    const failed = { kind: 'DiskFailed' }
    await expect(disk.open('none')).rejects.toMatchObject(failed)
    await expect(disk.rename('none', 'a')).rejects.toMatchObject(failed)
    await expect(disk.remove('none')).rejects.toMatchObject(failed)
  })

  test('a folder has one process at a time', async () => {
    await store(disk, 'a', 'kept')
    await expect(folder.open()).rejects.toMatchObject({ kind: 'FolderLocked' })
    await disk.close()
    disk = await folder.open()
    expect(await content(disk, 'a')).toBe('kept')
  })

  test('the checksum is CRC-32, and continues', async () => {
    expect(disk.crc32(utf8('123456789'), 0)).toBe(0xcbf43926)
    expect(disk.crc32(utf8('6789'), disk.crc32(utf8('12345'), 0))).toBe(0xcbf43926)
    const nothing = new Uint8Array(0)
    expect(nothing.buffer.byteLength, 'a buffer that was looked at').toBe(0)
    expect(disk.crc32(nothing, 5)).toBe(5)
  })
})

describe('LED-9: the lock of a node folder', () => {
  test.each([
    ['a process that is gone', '4194304 1'],
    ['an earlier process with the id of this one', `${process.pid} 1`],
    ['an interrupted write', ''],
    ['nonsense', 'nonsense'],
  ])('of %s is taken over', async (_, text) => {
    const folder = await mkdtemp(join(tmpdir(), 'banyan-lock-'))
    await writeFile(join(folder, 'lock'), text)
    const disk = await openNodeDisk(folder)
    await expect(openNodeDisk(folder)).rejects.toMatchObject({
      kind: 'FolderLocked',
      details: { pid: process.pid },
    })
    await disk.close()
    await rm(folder, { recursive: true })
  })
})

test('LED-9: the simulated disk tells a partial write when it is full, and goes on when it is not', async () => {
  const medium = createSimulatedDisk()
  const disk = await medium.open()
  medium.setCapacity(4)
  const file = await disk.create('a')
  await expect(file.append([utf8('abcdef')])).rejects.toMatchObject({ kind: 'DiskFull' })
  expect(await content(disk, 'a')).toBe('abcd')
  medium.setCapacity(10)
  await file.append([utf8('ef')])
  expect(await content(disk, 'a')).toBe('abcdef')
})

test('LED-9: a second sync does not bring back what a failed one lost', async () => {
  const medium = createSimulatedDisk()
  const disk = await medium.open()
  const file = await disk.create('a')
  await disk.syncFolder()
  await file.append([utf8('lost')])
  medium.failSync(1)
  await expect(file.sync()).rejects.toMatchObject({ kind: 'DiskFailed' })
  await file.sync()
  expect(await content(disk, 'a')).toBe('lost')
  medium.powerLoss(() => 0)
  expect(await content(await medium.open(), 'a')).toBe('')
})
