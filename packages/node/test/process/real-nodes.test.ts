import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hash, type Hex, toHex } from '@banyan/base'
import { windowBlocks } from '@banyan/ledger'
import { createPool, type Pool } from '@banyan/ledger/threads'
import { createPublicClient, createWalletClient, http } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { payee, richWallet, rulesFor, transfer } from '../engine/people.js'
import { type RealNode, startRealNode } from './real-node.js'

const rules = rulesFor(4, { timing: { delta: 500, interval: 50, heartbeat: 500 }, maxClockSkew: 5_000 })
const limitMs = 60_000

let folder: string
let pool: Pool
let nodes: (RealNode | undefined)[] = []
/** Nodes that were started before: their keys are not new any more. */
let known = new Set<number>()

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
  for (const node of nodes) await node?.stop().catch(() => undefined)
  nodes = []
  known = new Set()
  await pool.close()
  await rm(folder, { recursive: true })
})

/** Starts a node and connects it with those that run. */
async function start(index: number): Promise<RealNode> {
  const peers = running().flatMap(({ network }) => network.addresses().slice(0, 1))
  const node = await startRealNode({ index, folder, rules, pool, peers, isNew: !known.has(index) })
  known.add(index)
  nodes[index] = node
  return node
}

async function stop(index: number): Promise<void> {
  const node = nodes[index]
  nodes[index] = undefined
  await node?.stop()
}

const running = (): readonly RealNode[] => nodes.filter((node) => node !== undefined)
const heightOf = (node: RealNode): number => node.api.head().header.height

async function until(done: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await done())) {
    const failures = running().flatMap((node) => node.failures)
    if (failures.length > 0) throw failures[0]
    expect(Date.now() < end, `${what}; heights ${running().map(heightOf)}`).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

let nonce = 0

/** Submits transfers to a node, and returns their ids. */
async function submit({ view, api }: RealNode, count: number): Promise<readonly Hash[]> {
  const { chain, final } = view()
  const mark = { id: final.id, height: final.header.height }
  const outcomes = await api.submit(Array.from({ length: count }, () => transfer(chain, mark, nonce++)))
  return outcomes.map(({ id, error }) => {
    if (error !== undefined) throw error
    return id
  })
}

async function isFinal({ api }: RealNode, ids: readonly Hash[]): Promise<boolean> {
  const found = await Promise.all(ids.map((id) => api.history.transaction(id)))
  return found.every((transaction) => transaction?.receipt.status === 'success')
}

const areFinalEverywhere = async (ids: readonly Hash[]): Promise<boolean> =>
  (await Promise.all(running().map((node) => isFinal(node, ids)))).every(Boolean)

const received = ({ api }: RealNode): bigint =>
  Array.from({ length: 50 }, (_, i) => api.view().account(payee(i))?.balance ?? 0n).reduce((a, b) => a + b)

test('CON-1, LED-9: four nodes of real disks, sockets and threads agree, and one that restarts catches up', async () => {
  for (const index of [0, 1, 2, 3]) await start(index)
  const first = await submit(nodes[1]!, 40)
  await until(() => areFinalEverywhere(first), 'the first transfers are final everywhere')

  await stop(3)
  const second = await submit(nodes[0]!, 20)
  await until(() => areFinalEverywhere(second), 'three of four go on')

  const back = await start(3)
  expect(await isFinal(back, first), 'what was final before is known from the start').toBe(true)
  await until(() => isFinal(back, second), 'the fourth has caught up')
  const third = await submit(back, 3)
  await until(() => areFinalEverywhere(third), 'its own transfers are final everywhere')

  const ids = new Map<number, string>()
  for (const { told } of running()) {
    for (const { height, id } of told) {
      expect(ids.get(height) ?? id, `block ${height}`).toBe(id)
      ids.set(height, id)
    }
  }
  for (const node of running()) expect(received(node)).toBe(63n)
}, 180_000)

test('LED-9, LED-16: all nodes stop and start again, and know every block, transaction and certificate', async () => {
  for (const index of [0, 1, 2, 3]) await start(index)
  const ids = await submit(nodes[0]!, 12)
  await until(() => areFinalEverywhere(ids), 'the transfers are final everywhere')
  const before = Math.min(...running().map(heightOf))
  for (const index of [0, 1, 2, 3]) await stop(index)
  // An index that is gone is made again from the log.
  await rm(join(folder, 'node-2', 'index'), { recursive: true })
  for (const index of [0, 1, 2, 3]) await start(index)
  expect(await areFinalEverywhere(ids)).toBe(true)
  await until(() => running().every((node) => heightOf(node) > before + 1), 'new blocks come')
  for (const { api } of running()) {
    for (let height = 0; height <= before; height++) {
      expect((await api.history.blockAt(height))?.header.height).toBe(height)
      if (height > 0) expect((await api.certificate(height))?.height).toBeGreaterThanOrEqual(height)
    }
  }
}, 180_000)

test('SDK-4, LED-16: unmodified viem pays through one node, and sees it through another', async () => {
  for (const index of [0, 1, 2, 3]) await start(index)
  const clients = running().map(({ rpc }) =>
    createPublicClient({ transport: http(rpc), pollingInterval: 50 }),
  )
  const id = await clients[0]!.getChainId()
  const chain = {
    id,
    name: 'test',
    nativeCurrency: { name: 'FIG', symbol: 'FIG', decimals: 18 },
    rpcUrls: { default: { http: [nodes[0]!.rpc] } },
  }
  const wallet = createWalletClient({ account: richWallet(), chain, transport: http(nodes[0]!.rpc) })
  const to = toHex(new Uint8Array(20).fill(0x77))
  const hashes: Hex[] = []
  for (let i = 0; i < 3; i++) hashes.push(await wallet.sendTransaction({ to, value: 5n }))
  for (const hash of hashes) {
    const receipt = await clients[2]!.waitForTransactionReceipt({ hash, timeout: limitMs })
    expect(receipt.status).toBe('success')
  }
  expect(await clients[2]!.getBalance({ address: to })).toBe(15n)
  expect(await clients[2]!.getTransactionCount({ address: wallet.account.address })).toBe(3)
}, 180_000)

test('LED-17: what one node has taken in while there was no quorum waits over its restart, and becomes final', async () => {
  const ids = await submit(await start(0), 30)
  await stop(0)
  const { api } = await start(0)
  // In a block that is not final it may be: one that this node proposed and nobody voted for.
  const states = ids.map((id) => api.waiting(id)?.state.kind)
  expect(states.filter((state) => state === 'pending' || state === 'included')).toHaveLength(ids.length)
  for (const index of [1, 2, 3]) await start(index)
  const isOver = async () => (await areFinalEverywhere(ids)) || heightOf(nodes[1]!) >= windowBlocks / 2
  await until(isOver, 'the network goes on')
  expect(await areFinalEverywhere(ids), 'the transfers are final, before any batch is given up').toBe(true)
  await stop(0)
  const again = await start(0)
  expect(
    ids.map((id) => again.api.waiting(id)),
    'what is final waits no more',
  ).toEqual(ids.map(() => undefined))
}, 180_000)

test('LED-17: each of many submitted transactions is judged by itself', async () => {
  const { view, api } = await start(0)
  expect(api.status().ready, 'it hears nobody').toBe(false)
  const { chain, final } = view()
  const mark = { id: final.id, height: final.header.height }
  const good = Array.from({ length: 12 }, () => transfer(chain, mark, nonce++))
  const forged = good[4]!.slice()
  forged[forged.length - 1]! ^= 1
  const envelopes = [...good.slice(0, 4), forged, new Uint8Array(3), ...good.slice(5), good[0]!]
  const outcomes = await api.submit(envelopes)
  expect(outcomes.map(({ error }) => error?.kind)).toEqual([
    ...Array.from({ length: 4 }, () => undefined),
    'SignatureInvalid',
    'TransactionTypeUnknown',
    ...Array.from({ length: 7 }, () => undefined),
    'TransactionKnown',
  ])
}, 60_000)
