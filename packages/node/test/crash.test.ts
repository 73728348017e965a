import {
  createSimulatedDisk,
  kept,
  lost,
  type Outcome,
  randomOutcome,
  type SimulatedDisk,
  tornAfter,
} from '@banyan/storage/simulated'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { beforeAll, expect, test } from 'vitest'
import { type Made, makeBlocks } from './small-chain.js'
import { check, crashPoints, nothingTold, type Told, workload } from './workload.js'

let blocks: readonly Made[]
let points: readonly string[]
beforeAll(async () => {
  blocks = makeBlocks(20)
  points = await crashPoints(blocks)
})

/** Runs the workload until its process dies at `point`. */
async function crash(point: number): Promise<{ readonly medium: SimulatedDisk; readonly told: Told }> {
  const medium = createSimulatedDisk()
  const told = nothingTold()
  medium.crashAt(point)
  try {
    await workload(medium, blocks, told)
    medium.kill()
  } catch (error) {
    expect(error).toMatchObject({ kind: 'DiskFailed' })
  }
  return { medium, told }
}

async function expectRecovery(medium: SimulatedDisk, told: Told, title: string): Promise<void> {
  await check(medium, blocks, told).catch((error: unknown) => {
    throw new Error(title, { cause: error })
  })
}

test('LED-9/QLT-5: the workload reaches every kind of crash point', () => {
  const kinds = new Set(points.map((point) => point.replace(/-?\d+/g, '')))
  for (const kind of [
    'create chain.snap.tmp',
    'create blocks.log',
    'write blocks.log',
    'sync blocks.log',
    'create state.snap.tmp',
    'write state.snap.tmp',
    'sync state.snap.tmp',
    'rename state.snap.tmp',
    'remove state.snap',
    'remove blocks.log',
    'syncFolder ',
  ]) {
    expect([...kinds], kind).toContain(kind)
  }
  expect(points.length).toBeGreaterThan(100)
})

test('LED-9/QLT-5: a crash at every point with torn tails loses and invents nothing', async () => {
  const random = createRandom(testSeed('torn tails'))
  for (const [index, name] of points.entries()) {
    const at = `crash point ${index + 1} (${name})`
    let total = 0
    const none = await crash(index + 1)
    none.medium.powerLoss(({ operation, bytes }) => {
      if (operation === 'write') total += bytes
      return 0
    })
    await expectRecovery(none.medium, none.told, `${at}, all lost`)
    const outcomes: [string, Outcome][] = [['all kept', kept]]
    // Before the sync of a log write, all of its bytes are at stake: tear at each, if there is time.
    const every = name.startsWith('sync blocks') ? total : 8
    const cuts = Math.min(total, tierCount({ push: 1, full: every, fuzz: 8 }))
    for (let i = 0; i < cuts; i++) {
      const count = cuts === total ? i : random.below(total)
      outcomes.push([`torn after ${count} bytes`, tornAfter(count)])
    }
    for (const [title, outcome] of outcomes) {
      const { medium, told } = await crash(index + 1)
      medium.powerLoss(outcome)
      await expectRecovery(medium, told, `${at}, ${title}`)
    }
  }
})

test('LED-9/QLT-5: a killed process loses nothing that it wrote', async () => {
  for (const [index, name] of points.entries()) {
    const { medium, told } = await crash(index + 1)
    await expectRecovery(medium, told, `killed at point ${index + 1} (${name})`)
  }
})

test('LED-9/QLT-5: random subsets of unsynced changes, and crashes of the recovery itself', async () => {
  const random = createRandom(testSeed('crashed recoveries'))
  for (let round = 0; round < tierCount({ push: 150, full: 20_000, fuzz: 1000 }); round++) {
    const { medium, told } = await crash(1 + random.below(points.length))
    medium.powerLoss(randomOutcome(random.u32()))
    medium.crashAt(1 + random.below(12))
    try {
      await workload(medium, blocks, told)
      medium.kill()
    } catch (error) {
      expect(error).toMatchObject({ kind: 'DiskFailed' })
    }
    medium.powerLoss(randomOutcome(random.u32()))
    await expectRecovery(medium, told, `round ${round}`)
  }
})

test('LED-9/QLT-5: a sync that fails stops the store, and nothing acknowledged is lost', async () => {
  const syncs = points.filter((point) => point.startsWith('sync')).length
  for (let count = 1; count <= syncs; count++) {
    for (const outcome of [lost, kept]) {
      const medium = createSimulatedDisk()
      const told = nothingTold()
      medium.failSync(count)
      await expect(workload(medium, blocks, told)).rejects.toMatchObject({ kind: 'DiskFailed' })
      medium.powerLoss(outcome)
      await expectRecovery(medium, told, `failing sync ${count} (${outcome === lost ? 'lost' : 'kept'})`)
    }
  }
})
