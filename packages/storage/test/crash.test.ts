import {
  createSimulatedDisk,
  type DiskOperation,
  kept,
  lost,
  lostBefore,
  type Outcome,
  randomOutcome,
  type SimulatedDisk,
  tornAfter,
} from '@banyan/storage/simulated'
import { expect, test } from 'vitest'
import { check, nothingTold, seen, type Told, workload } from './workload.js'

async function countPoints(): Promise<string[]> {
  const points: string[] = []
  const medium = createSimulatedDisk((operation: DiskOperation, file: string) =>
    points.push(`${operation} ${file}`),
  )
  await workload(await medium.open(), nothingTold())
  return points
}

/** Runs the workload until it dies at `point`. */
async function crash(point: number): Promise<{ readonly medium: SimulatedDisk; readonly told: Told }> {
  const medium = createSimulatedDisk()
  const told = nothingTold()
  medium.crashAt(point)
  try {
    await workload(await medium.open(), told)
    medium.kill()
  } catch (error) {
    expect(error).toMatchObject({ kind: 'DiskFailed' })
  }
  return { medium, told }
}

async function recoverAndCheck(medium: SimulatedDisk, told: Told): Promise<void> {
  await check(await medium.open(), told)
  medium.kill()
  const before = await seen(await medium.open())
  medium.powerLoss(lost)
  expect(await seen(await medium.open())).toEqual(before)
}

async function unsynced(point: number): Promise<{ readonly bytes: number; readonly writes: number }> {
  const { medium } = await crash(point)
  let total = 0
  let writes = 0
  medium.powerLoss(({ operation, bytes }) => {
    if (operation === 'write') {
      total += bytes
      writes++
    }
    return 0
  })
  return { bytes: total, writes }
}

test('LED-9/QLT-5: the workload reaches every kind of crash point', async () => {
  const points = await countPoints()
  const kinds = new Set(points.map((point) => point.split(' ')[0]))
  expect([...kinds].sort()).toEqual(
    ['create', 'lock', 'remove', 'rename', 'sync', 'syncFolder', 'truncate', 'write'].sort(),
  )
  expect(points.length).toBeGreaterThan(60)
  expect(points.filter((point) => point.startsWith('create blocks')).length).toBeGreaterThan(3)
})

test('LED-9/QLT-5: a crash at every point, torn at every byte, loses and invents nothing', async () => {
  const points = await countPoints()
  for (const [index, name] of points.entries()) {
    const point = index + 1
    const { bytes, writes } = await unsynced(point)
    const outcomes: [string, () => Outcome][] = [
      ['all lost', () => lost],
      ['all kept', () => kept],
    ]
    for (let count = 0; count < bytes; count++) {
      outcomes.push([`torn after ${count}`, () => tornAfter(count)])
    }
    for (let count = 1; count < writes; count++) {
      outcomes.push([`first ${count} writes lost`, () => lostBefore(count)])
    }
    for (const [title, outcome] of outcomes) {
      const { medium, told } = await crash(point)
      medium.powerLoss(outcome())
      await recoverAndCheck(medium, told).catch((error: unknown) => {
        throw new Error(`crash point ${point} (${name}), ${title}`, { cause: error })
      })
    }
  }
})

test('LED-9/QLT-5: killed processes lose nothing, and what recovery showed is durable', async () => {
  const points = await countPoints()
  for (let point = 1; point <= points.length; point++) {
    const { medium, told } = await crash(point)
    const before = await seen(await medium.open())
    medium.powerLoss(lost)
    expect(await seen(await medium.open()), `crash point ${point}`).toEqual(before)
    medium.kill()
    await recoverAndCheck(medium, told)
  }
})

test('LED-9/QLT-5: random subsets of unsynced changes, and crashes of the recovery itself', async () => {
  const points = (await countPoints()).length
  for (let seed = 1; seed <= 3000; seed++) {
    const { medium, told } = await crash(1 + (seed % points))
    medium.powerLoss(randomOutcome(seed))
    medium.crashAt(1 + (seed % 7))
    try {
      await seen(await medium.open())
    } catch (error) {
      expect(error, `seed ${seed}`).toMatchObject({ kind: 'DiskFailed' })
    }
    medium.powerLoss(randomOutcome(seed + 1_000_000))
    await recoverAndCheck(medium, told).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error })
    })
  }
})

test('LED-9/QLT-5: a sync that fails stops the log, and nothing acknowledged is lost', async () => {
  const syncs = (await countPoints()).filter((point) => point.startsWith('sync')).length
  for (let count = 1; count <= syncs; count++) {
    for (const outcome of [lost, kept, randomOutcome(count)]) {
      const medium = createSimulatedDisk()
      const told = nothingTold()
      medium.failSync(count)
      await expect(workload(await medium.open(), told)).rejects.toMatchObject({ kind: 'DiskFailed' })
      medium.powerLoss(outcome)
      await recoverAndCheck(medium, told).catch((error: unknown) => {
        throw new Error(`failing sync ${count}`, { cause: error })
      })
    }
  }
})

test('LED-9/QLT-5: a disk that fills up at any byte loses nothing acknowledged', async () => {
  for (let capacity = 1; capacity < 1500; capacity += 7) {
    const medium = createSimulatedDisk()
    const told = nothingTold()
    medium.setCapacity(capacity)
    try {
      await workload(await medium.open(), told)
    } catch (error) {
      expect(error).toMatchObject({ kind: 'DiskFull' })
    }
    medium.powerLoss(randomOutcome(capacity))
    medium.setCapacity(Number.POSITIVE_INFINITY)
    await recoverAndCheck(medium, told).catch((error: unknown) => {
      throw new Error(`capacity ${capacity}`, { cause: error })
    })
  }
})
