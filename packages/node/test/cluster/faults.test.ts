import { join } from 'node:path'
import { createRandom, testSeed } from '@banyan/testing'
import {
  type Cluster,
  checkCluster,
  createLoad,
  fundedAccounts,
  grow,
  type Load,
  placeOf,
  type SmallDisk,
  smallDiskReason,
  startCluster,
  useSmallDisk,
  viewsUntilProgress,
} from '@banyan/testing/cluster'
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest'

/** Four processes under load; f = 1. The last node's data are on a disk of its own, where that is possible. */
const random = createRandom(testSeed('cluster faults'))
const last = 3
const noDisk = smallDiskReason()

let cluster: Cluster
let load: Load
let disk: SmallDisk | undefined
let isKept = false

beforeAll(async () => {
  cluster = await startCluster({
    validators: 4,
    accounts: fundedAccounts,
    // What a node has acknowledged stays with it for a while: whoever kills it then kills what only it knows.
    flags: ['--batch-interval', '500'],
    faults: () => random.below(2 ** 32) / 2 ** 32,
    prepare: async (index, folder) => {
      if (index !== last || noDisk !== undefined) return undefined
      disk = await useSmallDisk(join(folder, 'data'))
      return disk.unmount
    },
  })
  load = createLoad({ cluster, random, perSecond: 20 })
})

afterAll(() => cluster?.close(isKept))

beforeEach(() => {
  onTestFailed(() => {
    isKept = true
    console.error(`what the nodes have said is in ${cluster.folder}`)
  })
  load.start()
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Ends the load; nothing acknowledged may be lost, nothing done twice, and all nodes have one history. */
async function expectSound(): Promise<void> {
  await load.stop()
  const { problems, ...counts } = await checkCluster(cluster, load)
  expect(problems, JSON.stringify(counts)).toEqual([])
  expect(counts.final).toBeGreaterThan(0)
}

/** Waits until a node has just acknowledged a transaction that never expires. */
async function untilAcknowledged(node: number): Promise<void> {
  const isFresh = () =>
    load.sent.some(
      ({ wallet, acknowledged }) =>
        wallet !== undefined && acknowledged?.node === node && Date.now() - acknowledged.at < 50,
    )
  while (!isFresh()) await pause(5)
}

test('CON-16, QLT-5, LED-9, LED-17: all nodes are stopped or killed one after the other, and nothing acknowledged is lost', async () => {
  for (const index of [0, 1, 2, 3]) {
    if (index % 2 === 0) expect(await cluster.stop(index)).toEqual({ code: 0, signal: null })
    else {
      await pause(random.below(1_000))
      await untilAcknowledged(index)
      await cluster.kill(index)
    }
    await pause(random.below(500))
    await cluster.start(index)
    await grow(cluster.running(), 1)
  }
  await expectSound()
})

test('CON-16: two halves make no block, and within three views of healing they do', async () => {
  await grow(cluster.running(), 1)
  cluster.partition([
    [0, 1],
    [2, 3],
  ])
  // What was under way when it was cut may still become final.
  await pause(1_000)
  const cut = await placeOf(cluster.running())
  await pause(1_500)
  expect((await placeOf(cluster.running())).height).toBe(cut.height)
  cluster.heal()
  const healed = await placeOf(cluster.running())
  expect(await viewsUntilProgress(cluster.node(0), healed)).toBeLessThanOrEqual(3)
  await grow(cluster.running(), 2)
  await expectSound()
})

test('CON-16, QLT-5, LED-9: a node with a full disk stops and says why; with space again it catches up', async (context) => {
  if (disk === undefined) {
    await load.stop()
    return context.skip(noDisk)
  }
  await disk.fill(64 * 1024)
  const { code, output } = await cluster.ended(last)
  expect(code, output).toBe(3)
  expect(output).toMatch(/^BYN-1500: No space is left on the disk that holds .+\n {2}why: .+\n {2}fix: /m)
  await grow(cluster.running(), 2)
  await disk.free()
  await cluster.start(last)
  await grow(cluster.running(), 2)
  await expectSound()
})
