import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asAssetId, asHash, BanyanError, fig, type Hash, toHex } from '@banyan/base'
import { createPool, type Pool } from '@banyan/ledger/threads'
import {
  createLightClient,
  decodeProof,
  type LightChain,
  type LightClient,
  type LightStart,
} from '@banyan/light'
import { bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { payee, provider, richWallet, transfer } from '../engine/people.js'
import { registeredKeys, registryCall, registryGenesis, registryRules, walletOf } from '../engine/registry.js'
import type * as Page from './browser/light-page.js'
import { type RealNode, startRealNode } from './real-node.js'

/** Light clients of a running network whose committee changes. */

const epochBlocks = 8
const rules = registryRules(4, {
  timing: { delta: 500, interval: 40, heartbeat: 120 },
  maxClockSkew: 5_000,
  upgrades: [],
  epochBlocks,
})
const limitMs = 60_000

const bundle = await bundleForBrowser(new URL('./browser/light-page.ts', import.meta.url))
const browser = useBrowser()

const walletAddress = Uint8Array.from(registeredKeys(0).address)

let folder: string
let pool: Pool
const nodes: RealNode[] = []
let nonce = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-light-'))
  pool = createPool({
    workers: 1,
    provider: 'native',
    collectionModule: new URL('../../../contracts/dist/index.js', import.meta.url),
    collectionName: 'genesisCollection',
  })
  for (const index of [0, 1, 2, 3]) await start(index, true)
})

afterAll(async () => {
  for (const node of nodes) await node.stop().catch(() => undefined)
  await pool.close()
  await rm(folder, { recursive: true })
})

async function start(index: number, isNew: boolean): Promise<void> {
  const peers = nodes.filter((_, i) => i !== index).flatMap(({ network }) => network.addresses().slice(0, 1))
  const genesis = registryGenesis(rules, 4)
  const keys = registeredKeys(index)
  nodes[index] = await startRealNode({ index, folder, rules, pool, peers, isNew, keys, genesis })
}

const heightOf = ({ api }: RealNode): number => api.head().header.height

async function until(done: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await done())) {
    const failures = nodes.flatMap((node) => node.failures)
    if (failures.length > 0) throw failures[0]
    expect(Date.now() < end, `${what}; heights ${nodes.map(heightOf)}`).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const chainOf = ({ view }: RealNode): LightChain => {
  const { chain } = view()
  return { chainId: chain.domains.chainId, genesisId: chain.genesisId, epochBlocks, quorumRule: 'byzantine' }
}

function clientOf(
  urls: readonly string[],
  begin: LightStart = { validators: rules.validators },
): LightClient {
  return createLightClient({ urls, chain: chainOf(nodes[0]!), start: begin, provider })
}

/** Submits transfers, and returns their ids once all are final at a node. */
async function pay(node: RealNode, count: number): Promise<readonly Hash[]> {
  const { chain, final } = node.view()
  const mark = { id: final.id, height: final.header.height }
  const envelopes = Array.from({ length: count }, () => transfer(chain, mark, nonce++))
  return settle(node, envelopes)
}

async function settle(node: RealNode, envelopes: readonly Uint8Array[]): Promise<readonly Hash[]> {
  const ids = (await node.api.submit(envelopes)).map(({ id, error }) => {
    if (error !== undefined) throw error
    return id
  })
  const isFinal = async (id: Hash) => (await nodes[0]!.api.history.transaction(id)) !== undefined
  await until(async () => (await Promise.all(ids.map(isFinal))).every(Boolean), 'transactions are final')
  return ids
}

const toEpoch = (epoch: number) =>
  until(() => nodes.every((node) => heightOf(node) > epoch * epochBlocks), `epoch ${epoch}`)

const epochNow = () => Math.floor(heightOf(nodes[0]!) / epochBlocks)

async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    return error instanceof BanyanError ? error.kind : String(error)
  }
}

/** Lets a validator in or out, and waits until the change has taken office. */
async function changeWeight(index: number, weight: bigint, ownersNonce: number): Promise<number> {
  const args = [toHex(registeredKeys(index).address), weight] as const
  await settle(nodes[0]!, [
    await registryCall(richWallet(), ownersNonce, { functionName: 'setWeight', args }),
  ])
  const changed = epochNow() + 2
  await toEpoch(changed)
  return changed
}

test('LED-19, LED-8, LED-16: a light client checks what a running node says of accounts, rows, blocks and receipts', async () => {
  const client = clientOf([nodes[1]!.rpc])
  const absent = await client.account(payee(49))
  expect(absent.value).toBeUndefined()
  const ids = await pay(nodes[2]!, 30)
  const paid = await client.account(payee(0))
  expect(paid.value).toMatchObject({ balance: 1n, nonce: 0n })
  expect(paid.block.height).toBeGreaterThan(absent.block.height)
  expect((await client.balance(payee(1), fig)).value).toBe(1n)
  expect((await client.balance(payee(1), asAssetId(5))).value).toBeUndefined()
  expect((await client.asset(fig)).value).toMatchObject({ symbol: 'FIG', decimals: 18 })
  expect((await client.asset(asAssetId(7))).value).toBeUndefined()
  expect((await client.storage(asHash(new Uint8Array(32).fill(1)))).value).toBeUndefined()
  expect((await client.utxo(asHash(new Uint8Array(32).fill(1)))).value).toBeUndefined()
  const row = nodes[0]!.view().chain.genesis.storage![0]!
  expect((await client.storage(row.key)).value).toEqual(row.value)
  for (const id of [ids[0]!, ids[29]!]) {
    const { value, block } = await client.receipt(id)
    expect(value).toMatchObject({ id, status: 'success' })
    expect((await client.prove({ kind: 'transaction', id })).block).toEqual(block)
    const { value: header } = await client.header(block.height)
    expect(header.transactionCount).toBeGreaterThan(0)
  }
  const { height } = client.core.newest()
  expect((await client.prove({ kind: 'recent', height })).value?.height).toBe(BigInt(height))
  expect((await client.prove({ kind: 'chain' })).value.height).toBeGreaterThanOrEqual(BigInt(height))
  const field = { kind: 'headerField', height: 1, field: 'receiptsRoot' } as const
  expect((await client.prove(field)).value).toHaveLength(32)
  const unknown = asHash(new Uint8Array(32).fill(7))
  expect(await refusalOf(() => client.receipt(unknown))).toBe('NodeUnreachable')
  // Many at a time: each gets the proof of its own.
  const many = await Promise.all(Array.from({ length: 60 }, (_, i) => client.account(payee(i % 32))))
  expect(many.map(({ value }) => value?.balance)).toEqual(
    Array.from({ length: 60 }, (_, i) => (i % 32 < 30 ? 1n : undefined)),
  )
}, 120_000)

test('CON-10, LED-19: a light client follows a committee that changes, from checkpoints and through restarts of its node', async () => {
  const saved: Uint8Array[] = []
  const client = createLightClient({
    urls: ['http://127.0.0.1:1', nodes[2]!.rpc, nodes[1]!.rpc],
    chain: chainOf(nodes[0]!),
    start: { validators: rules.validators },
    provider,
    onCheckpoint: (bytes) => saved.push(bytes),
  })
  await client.follow()
  const changed = await changeWeight(3, 3n, 0)
  await client.follow()
  const weights = client.core.validators(changed).map(({ weight }) => weight)
  expect(weights).toEqual([1, 1, 1, 3])
  expect(saved.length).toBeGreaterThan(0)

  await nodes[2]!.stop()
  await start(2, false)
  await toEpoch(changed + 1)
  const later = clientOf([nodes[2]!.rpc], { checkpoint: saved.at(-1)! })
  const newest = await later.follow()
  expect(newest.height).toBeGreaterThan((changed + 1) * epochBlocks)
  const [first] = await pay(nodes[2]!, 1)
  expect((await later.receipt(first!)).value.status).toBe('success')
  expect(await refusalOf(() => later.header(1)), 'the checkpoint knows nothing of what was before').toBe(
    'EpochUnknown',
  )
  expect((await client.header(1)).value.height).toBe(1)

  const elsewhere = createLightClient({
    urls: [nodes[2]!.rpc],
    chain: { ...chainOf(nodes[0]!), genesisId: asHash(new Uint8Array(32)) },
    start: { validators: rules.validators },
    provider,
  })
  expect(await refusalOf(() => elsewhere.follow())).toBe('ChainMismatch')
}, 180_000)

/** A node that decides alone in a committee that is large enough for BLS: the others hardly weigh anything. */
async function startBlsNode() {
  const few = registryRules(34, {
    timing: { delta: 500, interval: 40, heartbeat: 120 },
    schedule: { kind: 'stableLeader', term: 128 },
    maxClockSkew: 5_000,
    upgrades: [],
    epochBlocks: 4,
  })
  const blsRules = {
    ...few,
    validators: few.validators.map((one, i) => ({ ...one, weight: i === 0 ? 1_000 : 1 })),
  }
  const genesis = registryGenesis(blsRules, 1)
  const keys = registeredKeys(0)
  const options = { index: 40, folder, rules: blsRules, pool, peers: [], isNew: true, keys, genesis }
  return { node: await startRealNode(options), blsRules }
}

test('LED-19, LED-7: BLS certificates of a running node are checked in Node and in Chromium', async () => {
  const { node, blsRules } = await startBlsNode()
  try {
    const { validators } = blsRules
    const chain = { ...chainOf(node), epochBlocks: 4 }
    const client = createLightClient({ urls: [node.rpc], chain, start: { validators }, provider })
    await until(() => heightOf(node) > 12, 'three epochs are over')
    await client.follow()
    expect(client.core.nextEpoch()).toBeGreaterThanOrEqual(3)
    const proof = await node.api.prove({ kind: 'account', address: payee(1) })
    expect(decodeProof(proof!.bytes).finality.certificate.signature).toHaveLength(96)
    expect((await client.account(payee(1))).value).toBeUndefined()
    const page = await browser.open<typeof Page>(bundle, [node.rpc])
    const { chainId, genesisId, epochBlocks } = chain
    const beginning = { url: node.rpc, chainId, genesisId: Uint8Array.from(genesisId), epochBlocks }
    await page.call('begin', { ...beginning, validators })
    expect((await page.call('follow')).members).toBe(34)
    expect(await page.call('balance', walletAddress, 0)).toBe(10n ** 20n)
    expect(node.failures).toEqual([])
  } finally {
    await node.stop()
  }
}, 120_000)

test('LED-19, LED-7, CON-10: a page in Chromium follows a running node through epochs and a change of its committee', async () => {
  const node = nodes[1]!
  const { chainId, genesisId } = chainOf(node)
  const page = await browser.open<typeof Page>(bundle, [node.rpc])
  const beginning = { url: node.rpc, chainId, genesisId: Uint8Array.from(genesisId), epochBlocks }
  const begin = { ...beginning, validators: rules.validators }
  await page.call('begin', begin)
  const before = await page.call('follow')
  expect(before.members).toBe(4)
  const [id] = await pay(node, 1)
  const number = nonce - 1
  const envelope = await registryCall(walletOf(0), 0, {
    functionName: 'remove',
    args: [toHex(registeredKeys(0).address)],
  })
  await settle(node, [envelope])
  const changed = epochNow() + 2
  await toEpoch(changed + 1)
  const after = await page.call('follow')
  expect(after.members).toBe(3)
  expect(after.nextEpoch).toBeGreaterThanOrEqual(before.nextEpoch + 3)
  expect(await page.call('balance', payee(number), 0)).toBe(1n)
  expect(await page.call('account', new Uint8Array(20).fill(0x42))).toBeUndefined()
  expect(await page.call('receipt', id!)).toMatchObject({ status: 'success', payeeBalance: 1n })
  await page.call('reopen', begin)
  expect((await page.call('follow')).height).toBeGreaterThanOrEqual(after.height)
  expect(await page.call('refusalOf', id!)).toMatch(/^(none|EpochUnknown)$/)
}, 180_000)
