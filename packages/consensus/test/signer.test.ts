import type { SignerRecord } from '@banyan/consensus'
import { createSigner, openSigner, quarantineEnd, restartSigner } from '@banyan/consensus'
import { native } from '@banyan/crypto/native'
import {
  createSimulatedDisk,
  kept,
  lost,
  lostBefore,
  type Outcome,
  randomOutcome,
  type SimulatedDisk,
  tornAfter,
} from '@banyan/storage/simulated'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { hashOf, mockCommittee } from './harness.js'

const identity = hashOf('key and chain')

const record = (view: number, patch: Partial<SignerRecord> = {}): SignerRecord => ({
  epoch: 1,
  view,
  notarized: undefined,
  nullified: false,
  finalized: undefined,
  ...patch,
})

async function open(disk: SimulatedDisk) {
  const folder = await disk.open()
  return { folder, opened: await openSigner(folder, native, identity) }
}

async function readBack(disk: SimulatedDisk) {
  const { folder, opened } = await open(disk)
  if (opened.kind === 'quarantined') {
    await folder.close()
    return opened.loss
  }
  const memory = opened.store.memory(1)!
  await opened.store.close()
  await folder.close()
  return memory
}

const [a, b] = [hashOf('a'), hashOf('b')]

describe('CON-1: the memory of a signer', () => {
  test('CON-1: what is persisted is read again, by epoch, the newest record of a view', async () => {
    const disk = createSimulatedDisk()
    const folder = await disk.open()
    const store = await createSigner(folder, native, identity)
    await Promise.all([
      store.persist(record(5, { notarized: a })),
      store.persist(record(5, { notarized: a, finalized: a })),
      store.persist(record(6, { nullified: true })),
      store.persist(record(2, { epoch: 2, notarized: b })),
    ])
    await store.close()
    await folder.close()
    const { opened } = await open(disk)
    if (opened.kind !== 'ready') throw new Error('it is not ready')
    const records = [record(5, { notarized: a, finalized: a }), record(6, { nullified: true })]
    expect(opened.store.memory(1)).toEqual({ floor: 0, records })
    expect(opened.store.memory(2)).toEqual({ floor: 0, records: [record(2, { epoch: 2, notarized: b })] })
    expect(opened.store.memory(3)).toEqual({ floor: 0, records: [] })
  })

  test('CON-1: the floor forgets records below it and closes earlier epochs', async () => {
    const disk = createSimulatedDisk()
    const store = await createSigner(await disk.open(), native, identity)
    for (const view of [5, 6, 7]) await store.persist(record(view, { notarized: a }))
    await store.raiseFloor({ epoch: 1, view: 6 })
    await store.raiseFloor({ epoch: 1, view: 3 })
    expect(store.memory(1)).toEqual({ floor: 6, records: [record(7, { notarized: a })] })
    await store.raiseFloor({ epoch: 2, view: 1 })
    expect(store.memory(1)).toBeUndefined()
    expect(store.memory(2)).toEqual({ floor: 1, records: [] })
  })

  test.each([
    ['another block notarized', record(5, { notarized: b })],
    ['another block finalized', record(5, { notarized: a, finalized: b })],
    ['a notarization forgotten', record(5)],
    ['giving up after finalizing', record(7, { nullified: true, finalized: a })],
    ['finalizing after giving up', record(6, { finalized: a })],
    ['a view at the floor', record(4, { nullified: true })],
    ['an epoch below the floor', record(9, { epoch: 0, nullified: true })],
  ])('CON-1: %s is refused, whatever the core says', async (_, wrong) => {
    const store = await createSigner(await createSimulatedDisk().open(), native, identity)
    await store.raiseFloor({ epoch: 1, view: 4 })
    await store.persist(record(5, { notarized: a }))
    await store.persist(record(6, { nullified: true }))
    await store.persist(record(7, { finalized: a }))
    await expect(store.persist(wrong)).rejects.toMatchObject({ kind: 'VoteRefused' })
    await store.persist(record(5, { notarized: a, nullified: true }))
  })

  test('CON-1: thousands of records keep the files small', async () => {
    const disk = createSimulatedDisk()
    const folder = await disk.open()
    const store = await createSigner(folder, native, identity)
    for (let view = 1; view <= 3000; view += 3) {
      for (let i = 0; i < 3; i++) void store.persist(record(view + i, { notarized: a }))
      await store.raiseFloor({ epoch: 1, view })
    }
    await store.close()
    expect((await folder.list()).length).toBe(2)
    for (const name of await folder.list()) {
      expect(await (await folder.open(name)).size()).toBeLessThan(128 * 1100)
    }
    await folder.close()
    expect(await readBack(disk)).toMatchObject({ floor: 2998, records: [{ view: 2999 }, { view: 3000 }] })
  })

  test('CON-1: a memory is made once per folder', async () => {
    const disk = createSimulatedDisk()
    const folder = await disk.open()
    await createSigner(folder, native, identity)
    await expect(createSigner(folder, native, identity)).rejects.toMatchObject({ kind: 'SignerExists' })
  })
})

/** A signer of five records, whose first three are durable and marked. */
async function fiveRecords() {
  const disk = createSimulatedDisk()
  const folder = await disk.open()
  const store = await createSigner(folder, native, identity)
  for (let view = 1; view <= 5; view++) await store.persist(record(view, { notarized: a }))
  await store.close()
  await folder.close()
  return disk
}

describe('CON-1: losses', () => {
  test('CON-1: a folder without a memory, or with that of another key, is quarantined (P3)', async () => {
    expect(await readBack(createSimulatedDisk())).toBe('missing')
    const disk = await fiveRecords()
    const folder = await disk.open()
    await folder.remove('votes-1')
    await folder.close()
    expect(await readBack(disk)).toBe('missing')
    const other = await fiveRecords()
    const opened = await openSigner(await other.open(), native, hashOf('another key'))
    expect(opened).toEqual({ kind: 'quarantined', loss: 'damaged' })
  })

  test('CON-1: a file shorter than it was once is quarantined (P3)', async () => {
    const size = 128 * 6
    for (let length = 0; length < size; length += 31) {
      const disk = await fiveRecords()
      const folder = await disk.open()
      const file = await folder.open('votes-1')
      await file.truncate(length)
      await file.sync()
      await file.close()
      await folder.close()
      expect(await readBack(disk), `${length} bytes`).toBe('truncated')
    }
  })

  test('CON-1: every flipped bit is noticed (P3)', async () => {
    const random = createRandom(testSeed('signer flips'))
    for (let i = 0; i < tierCount({ push: 60, full: 6144, fuzz: 500 }); i++) {
      const disk = await fiveRecords()
      disk.flipBit('votes-1', random.below(8 * 128 * 6))
      expect(await readBack(disk)).toBe('damaged')
    }
  })

  test('CON-1: a damaged newest mark leaves the one before, and what is there is marked again', async () => {
    const disk = await fiveRecords()
    disk.flipBit('marks-1', 8 * 64 * 5 + 3)
    expect(await readBack(disk)).toMatchObject({ records: { length: 5 } })
    const folder = await disk.open()
    const file = await folder.open('votes-1')
    await file.truncate(128 * 5)
    await file.sync()
    await file.close()
    await folder.close()
    expect(await readBack(disk)).toBe('truncated')
  })
})

/**
 * Runs a signer until the disk dies at the given operation and the power goes; returns which records were durable
 * for their caller, and what is there afterwards.
 */
async function crash(point: number, outcome: Outcome) {
  const disk = createSimulatedDisk()
  const folder = await disk.open()
  const store = await createSigner(folder, native, identity)
  const acknowledged: number[] = []
  disk.crashAt(point)
  const work = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn++) {
      const views = [1, 2].map((i) => 2 * turn + i)
      await Promise.all(
        views.map(async (view) => {
          await store.persist(record(view, { notarized: a }))
          acknowledged.push(view)
        }),
      )
    }
    await store.raiseFloor({ epoch: 1, view: 3 })
    acknowledged.push(3.5)
    await store.close()
    await folder.close()
  }
  const finished = await work().then(
    () => true,
    () => false,
  )
  disk.powerLoss(outcome)
  return { acknowledged, finished, memory: await readBack(disk) }
}

describe('CON-1: crashes', () => {
  const outcomes: readonly (readonly [string, Outcome])[] = [
    ['everything unsynced lost', lost],
    ['everything kept', kept],
    ['the first unsynced write lost', lostBefore(1)],
    ...Array.from({ length: 9 }, (_, i) => [`random ${i}`, randomOutcome(i + 1)] as const),
    ...Array.from({ length: tierCount({ push: 33, full: 257, fuzz: 65 }) }, (_, i) => {
      const bytes = i * tierCount({ push: 8, full: 1, fuzz: 4 })
      return [`torn after ${bytes} bytes`, tornAfter(bytes)] as const
    }),
  ]

  test.each(outcomes)(
    'CON-1: at every operation, with %s: no acknowledged vote is forgotten (P1)',
    async (_, outcome) => {
      for (let point = 1; ; point++) {
        const { acknowledged, finished, memory } = await crash(point, outcome)
        // A crash alone is no loss: whatever was durable is there.
        if (typeof memory === 'string') throw new Error(`${memory} after a crash at operation ${point}`)
        const views = memory.records.map(({ view }) => view)
        for (const view of acknowledged)
          expect(views.includes(view) || view <= memory.floor || view === 3.5).toBe(true)
        if (acknowledged.includes(3.5)) expect(memory.floor).toBe(3)
        if (finished) break
      }
    },
  )

  test('CON-1: a crash while a generation is made loses nothing (P1)', async () => {
    for (const outcome of [lost, kept, randomOutcome(1), randomOutcome(2)]) {
      for (let point = 1; ; point++) {
        const disk = createSimulatedDisk()
        const folder = await disk.open()
        const store = await createSigner(folder, native, identity)
        for (let view = 1; view < 1023; view++) void store.persist(record(view, { notarized: a }))
        await store.raiseFloor({ epoch: 1, view: 1018 })
        disk.crashAt(point)
        let last = 1022
        const finished = await (async () => {
          await store.persist(record(1023, { nullified: true }))
          last = 1023
          await store.persist(record(1024, { nullified: true }))
          last = 1024
          await store.close()
          await folder.close()
        })().then(
          () => true,
          () => false,
        )
        disk.powerLoss(outcome)
        const memory = await readBack(disk)
        if (typeof memory === 'string') throw new Error(`${memory} after a crash at operation ${point}`)
        expect(memory.floor).toBe(1018)
        const views = memory.records.map(({ view }) => view)
        for (let view = 1019; view <= last; view++) expect(views).toContain(view)
        if (finished) break
      }
    }
  })

  test('CON-1: after a failure of the disk nothing more is taken', async () => {
    const disk = createSimulatedDisk()
    const store = await createSigner(await disk.open(), native, identity)
    disk.failSync(1)
    await expect(store.persist(record(1, { nullified: true }))).rejects.toMatchObject({ kind: 'DiskFailed' })
    await expect(store.persist(record(2, { nullified: true }))).rejects.toMatchObject({ kind: 'DiskFailed' })
  })
})

describe('CON-16: quarantine', () => {
  const committee = mockCommittee([1, 1, 1, 1])

  const end = (...told: readonly (readonly [number, number])[]) =>
    quarantineEnd({ ...committee, epoch: 7 }, new Map(told))

  test('CON-16: it ends two epochs after the one that enough members are not beyond (P3)', () => {
    expect(end([1, 7], [2, 7])).toBeUndefined()
    expect(end([1, 7], [2, 7], [9, 7])).toBeUndefined()
    expect(end([1, 7], [2, 7], [3, 7])).toBe(9)
    expect(end([1, 7], [2, 8], [3, 7])).toBe(10)
    // A signer may have voted in the epoch that it has come to by itself, whatever others say.
    expect(end([1, 5], [2, 5], [3, 6])).toBe(9)
  })

  test.each([
    // By the rule, how many of so many members must have told.
    ['byzantine', 3, 1],
    ['byzantine', 4, 3],
    ['byzantine', 6, 3],
    ['byzantine', 7, 5],
    ['crash', 3, 2],
    ['crash', 5, 3],
  ] as const)(
    'CON-16: by the rule %s of %i members %i others are enough, and less are not',
    (rule, members, enough) => {
      const many = { ...mockCommittee(Array(members).fill(1), rule), epoch: 7 }
      const said = (count: number) => new Map(Array.from({ length: count }, (_, i) => [i + 1, 7]))
      expect(quarantineEnd(many, said(enough - 1))).toBeUndefined()
      expect(quarantineEnd(many, said(enough))).toBe(9)
    },
  )

  test('CON-16: who names a great epoch does not prolong it while enough others do not', () => {
    expect(end([0, 7], [1, 7], [2, 7], [3, 2 ** 40])).toBe(9)
    expect(end([1, 7], [2, 7], [3, 2 ** 40])).toBeUndefined()
  })

  test('CON-16: who is far behind first catches up: others may vote by now', () => {
    expect(end([1, 9], [2, 9], [3, 9])).toBeUndefined()
  })

  test('CON-16: a signer that was released starts with that floor and nothing else', async () => {
    const disk = await fiveRecords()
    disk.flipBit('votes-1', 100)
    const { folder, opened } = await open(disk)
    expect(opened.kind).toBe('quarantined')
    const store = await restartSigner(folder, native, identity, { epoch: 1, view: 99 })
    await expect(store.persist(record(99, { nullified: true }))).rejects.toMatchObject({
      kind: 'VoteRefused',
    })
    await store.persist(record(100, { nullified: true }))
    await store.close()
    await folder.close()
    expect(await readBack(disk)).toEqual({ floor: 99, records: [record(100, { nullified: true })] })
  })
})
