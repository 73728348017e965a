import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool, type Pool } from '@banyan/ledger/threads'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { rulesFor } from '../engine/people.js'
import { type RealNode, startRealNode } from './real-node.js'

const rules = rulesFor(1, {
  timing: { delta: 500, interval: 20, heartbeat: 50 },
  maxClockSkew: 5_000,
  epochBlocks: 16,
})
const snapshotLag = 10
let folder: string
let pool: Pool
let running: RealNode[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-snapshot-'))
  const collectionModule = new URL(import.meta.resolve('@banyan/contracts'))
  pool = createPool({ workers: 1, provider: 'native', collectionModule, collectionName: 'genesisCollection' })
})

afterEach(async () => {
  for (const node of running) await node.stop()
  running = []
})

afterAll(async () => {
  await pool.close()
  await rm(folder, { recursive: true })
})

async function start(index: number, peers: readonly string[]): Promise<RealNode> {
  const role = index === 0 ? { isNew: true } : {}
  const node = await startRealNode({
    index,
    folder,
    rules,
    pool,
    peers,
    snapshotEvery: 5,
    snapshotLag,
    ...role,
  })
  running.push(node)
  return node
}

const heightOf = ({ api }: RealNode): number => api.head().header.height
const untilHeight = (node: RealNode, height: number) =>
  expect.poll(() => heightOf(node), { timeout: 30_000 }).toBeGreaterThanOrEqual(height)

async function blockOf({ rpc }: RealNode, height: number): Promise<unknown> {
  return (await fetch(`${rpc}/v1/blocks/${height}`)).json()
}

test('CON-11, LED-16: a node far behind starts from the state of a peer, serves the blocks after it, and so after a restart', async () => {
  const validator = await start(0, [])
  await untilHeight(validator, 3 * snapshotLag)
  const first = await start(1, validator.network.addresses())
  await untilHeight(first, heightOf(validator) + 5)
  expect(first.told[0]!.height, 'the blocks before are not to be had').toBeGreaterThan(snapshotLag)
  const { height } = first.told[0]!
  expect(first.api.history.oldest()).toBe(height)
  expect(await blockOf(first, height - 1)).toHaveProperty('error')
  await first.stop()
  running = [validator]

  await untilHeight(validator, heightOf(validator) + 2)
  const second = await start(1, validator.network.addresses())
  await untilHeight(second, heightOf(validator) + 2)
  expect(second.api.history.oldest()).toBe(height)
  for (let at = height; at <= heightOf(second); at += 3) {
    expect(await blockOf(second, at)).toEqual(await blockOf(validator, at))
  }
  expect([...validator.failures, ...first.failures, ...second.failures]).toEqual([])
})
