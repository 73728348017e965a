import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import { createPool, type Pool } from '@banyan/ledger/threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { payee, rulesFor, transfer } from '../engine/people.js'
import { balanceAt, type RealNode, startRealNode } from './real-node.js'

const rules = rulesFor(4, { timing: { delta: 500, interval: 50, heartbeat: 500 }, maxClockSkew: 5_000 })
const limitMs = 60_000

let folder: string
let pool: Pool
const nodes: (RealNode | undefined)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-nodes-'))
  pool = createPool({
    workers: 1,
    provider: 'native',
    collectionModule: new URL('../../../contracts/dist/index.js', import.meta.url),
    collectionName: 'genesisCollection',
  })
})

afterEach(async () => {
  for (const node of nodes.splice(0)) await node?.stop().catch(() => undefined)
  await pool.close()
  await rm(folder, { recursive: true })
})

/** Starts a node and connects it with those that run. */
async function start(index: number): Promise<RealNode> {
  const node = await startRealNode({ index, folder: join(folder, `node-${index}`), rules, pool })
  for (const other of nodes) {
    const address = other?.network.addresses()[0]
    if (address !== undefined) node.network.keepConnected(address)
  }
  nodes[index] = node
  return node
}

async function stop(index: number): Promise<void> {
  const node = nodes[index]
  nodes[index] = undefined
  await node?.stop()
}

const running = (): readonly RealNode[] => nodes.filter((node) => node !== undefined)
const heights = (): readonly number[] => running().map(({ engine }) => engine.view().final.header.height)

async function until(done: () => boolean, what: string): Promise<void> {
  const end = Date.now() + limitMs
  while (!done()) {
    const failures = running().flatMap((node) => node.failures)
    if (failures.length > 0) throw failures[0]
    expect(Date.now() < end, `${what}; heights ${heights()}`).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

let nonce = 0

/** Submits transfers to a node, and returns their ids. */
async function submit(node: RealNode, count: number): Promise<readonly string[]> {
  const { chain, final } = node.engine.view()
  const mark = { id: final.id, height: final.header.height }
  const envelopes = Array.from({ length: count }, () => transfer(chain, mark, nonce++))
  const outcomes = await node.submit(envelopes)
  return outcomes.map(({ id, error }) => {
    if (error !== undefined) throw error
    return toHex(id)
  })
}

const has = (node: RealNode, ids: readonly string[]): boolean => {
  const included = new Set(node.included)
  return ids.every((id) => included.has(id))
}

test('CON-1, LED-9: four nodes of real disks, sockets and threads agree, and one that restarts catches up', async () => {
  for (const index of [0, 1, 2, 3]) await start(index)
  const first = await submit(nodes[1]!, 40)
  await until(() => running().every((node) => has(node, first)), 'the first transfers are final everywhere')

  await stop(3)
  const second = await submit(nodes[0]!, 20)
  await until(() => running().every((node) => has(node, second)), 'three of four go on')

  const back = await start(3)
  const reached = Math.max(...heights())
  await until(() => Math.min(...heights()) >= reached, 'the fourth has caught up')
  const third = await submit(back, 3)
  await until(() => running().every((node) => has(node, third)), 'its own transfers are final everywhere')

  const final = Math.min(...heights())
  const idAt = ({ finals }: RealNode, height: number) =>
    finals.filter(({ block }) => block.header.height === height).map(({ executed }) => toHex(executed.id))
  const ids = new Set(running().flatMap((node) => idAt(node, final)))
  expect(ids.size).toBe(1)
  for (const node of running()) {
    expect(new Set(node.included).size, 'nothing is included twice').toBe(node.included.length)
    const received = Array.from({ length: 50 }, (_, i) => balanceAt(node, payee(i)))
    expect(received.reduce((sum, balance) => sum + balance, 0n)).toBe(63n)
  }
}, 180_000)

test('LED-17: each of many submitted transactions is judged by itself', async () => {
  const node = await start(0)
  const { chain, final } = node.engine.view()
  const mark = { id: final.id, height: final.header.height }
  const good = Array.from({ length: 12 }, () => transfer(chain, mark, nonce++))
  const forged = good[4]!.slice()
  forged[forged.length - 1]! ^= 1
  const envelopes = [...good.slice(0, 4), forged, new Uint8Array(3), ...good.slice(5), good[0]!]
  const outcomes = await node.submit(envelopes)
  expect(outcomes.map(({ error }) => error?.kind)).toEqual([
    ...Array.from({ length: 4 }, () => undefined),
    'SignatureInvalid',
    'TransactionTypeUnknown',
    ...Array.from({ length: 7 }, () => undefined),
    'TransactionKnown',
  ])
}, 60_000)
