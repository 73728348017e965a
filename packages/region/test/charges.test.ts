import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJson, encodeJson, formatAmount } from '@banyan/base'
import {
  decodeStatement,
  type Receipt,
  type Statement,
  verifyReceipt,
  verifyStatement,
} from '@banyan/billing'
import { hasher } from '@banyan/crypto/portable'
import { type AccountsFile, accountsOf, makeKey, type SettlementSettings } from '@banyan/region'
import type { ChargeView, WorkPage } from '@banyan/region/api'
import { approveToken, createClient, ed25519Account, getBalance, getReceipt } from '@banyan/sdk'
import { type Cluster, startCluster } from '@banyan/testing/cluster'
import { connectMiner } from '@banyan/tunnel/node'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type LiveRegion, startLiveRegion, tell } from './live-region.js'

/** Work that is charged by a region and settled on a real node. */

const fig = 10n ** 18n
const seedOf = (digit: number) => new Uint8Array(32).fill(digit)
const people = {
  payout: ed25519Account(seedOf(1)),
  operator: ed25519Account(seedOf(2)),
  enterprise: ed25519Account(seedOf(3)),
  house: ed25519Account(seedOf(4)),
}
const worker = `0x${'5'.repeat(40)}` as const
const author = `0x${'6'.repeat(40)}` as const

const keys = { alice: makeKey(), bob: makeKey(), operator: makeKey(), miner: makeKey(), owner: makeKey() }
const file: AccountsFile = {
  clients: [
    { account: 'alice', key: keys.alice.digest, tiers: [4], wallet: people.enterprise.address },
    { account: 'bob', key: keys.bob.digest, tiers: [4] },
    {
      account: 'reg',
      key: keys.operator.digest,
      tiers: [4],
      scopes: ['operate'],
      wallet: people.operator.address,
    },
    { account: 'owner', key: keys.owner.digest, tiers: [4], scopes: ['join'], wallet: worker },
  ],
  miners: [{ miner: 'm1', key: keys.miner.digest, tier: 4, wallet: worker }],
  services: [
    {
      name: 'echo',
      wallet: author,
      terms: {
        currency: 'USD',
        prices: [{ tier: 4, perRequest: '1000', perCpuHour: '3600000', perGpuHour: '0', perGigabyte: '0' }],
        contributor: 6_000,
        developer: 1_500,
        charities: {},
      },
    },
  ],
}

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(folder: string, rpc = 'http://127.0.0.1:1') {
  const settlement: SettlementSettings = {
    rpc,
    payoutKey: seedOf(1),
    operatorKey: seedOf(2),
    house: people.house.address,
    currency: 'USD',
    microPerFig: '500000',
    leastPayout: '0',
    asset: 0,
    schedule: 'never',
  }
  const region = await startLiveRegion({ folder, accounts: accountsOf(file), settlement })
  const miner = connectMiner(
    {
      url: `ws://127.0.0.1:${region.ports.miners}`,
      miner: 'm1',
      key: keys.miner.key,
      services: [{ name: 'echo', version: '1', concurrency: 8, warm: true }],
      maxRequests: 8,
    },
    tell,
  )
  await expect.poll(() => region.region.broker.miners.size).toBe(1)
  const end = async (): Promise<void> => {
    await miner.close()
    await region.end(true)
  }
  return { ...region, end }
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-charges-'))
  ends.push(() => rm(folder, { recursive: true }))
  return folder
}

const send = (region: Pick<LiveRegion, 'base'>, key: string, path: string, init: RequestInit = {}) =>
  fetch(`${region.base}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })

async function read<Value>(region: Pick<LiveRegion, 'base'>, key: string, path: string): Promise<Value> {
  const answer = await send(region, key, `/_banyan/${path}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Value
}

describe('charges of a region', () => {
  test('BIL-1, BIL-4: what was done is charged exactly once, although the books were lost in a crash', async () => {
    const folder = await newFolder()
    const first = await start(folder)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        send(first, keys.alice.key, '/echo/x', { method: 'POST', body: 'abc' }),
      ),
    )
    for (const answer of answers) expect(answer.status, await answer.text()).toBe(200)
    const { items } = await read<WorkPage>(first, keys.alice.key, 'work')
    expect(items).toHaveLength(20)
    // A thousand for each request, and three milliseconds of a thousandth each.
    for (const { charge } of items) expect(charge).toMatchObject({ price: '1003' })
    expect(await read(first, keys.alice.key, 'spend')).toMatchObject({ spent: '20060', held: '0' })
    await first.end()
    await rm(join(folder, 'charges'), { recursive: true })

    const second = await start(folder)
    ends.push(second.end)
    expect(await second.charges!.store.last()).toBe(20)
    await send(second, keys.alice.key, '/echo/x').then((answer) => answer.text())
    await second.charges!.books.settled()
    const found = new Set<string>()
    for await (const rows of second.charges!.store.rows(1, 100))
      for (const row of rows) found.add(Buffer.from(row.public.subarray(32)).toString('hex'))
    expect(found.size).toBe(21)
    expect(await read(second, keys.alice.key, 'spend')).toMatchObject({ spent: '21063', unsettled: '21063' })
    await second.end()
    ends.pop()

    const third = await start(folder)
    ends.push(third.end)
    expect(await third.charges!.store.last()).toBe(21)
  })

  test('CMP-13: a budget stops work with a clear error, survives a restart, and can be lifted', async () => {
    const folder = await newFolder()
    const first = await start(folder)
    const put = (region: typeof first, body: object) =>
      send(region, keys.alice.key, '/_banyan/budget', { method: 'PUT', body: JSON.stringify(body) })
    expect((await send(first, keys.alice.key, '/echo/')).status).toBe(200)
    expect((await put(first, { perMonth: '2000' })).status).toBe(200)
    await first.end()
    const second = await start(folder)
    ends.push(second.end)
    const refused = await send(second, keys.alice.key, '/echo/')
    expect(refused.status).toBe(402)
    expect(await refused.json()).toMatchObject({ error: { name: 'BudgetSpent', code: 'BYN-2604' } })
    expect(await read(second, keys.alice.key, 'spend')).toMatchObject({
      spent: '1003',
      held: '0',
      budget: { perMonth: '2000', alertAt: [8_000, 10_000] },
    })
    expect((await put(second, { perMonth: '-1' })).status).toBe(400)
    expect((await put(second, { perMonth: null })).status).toBe(200)
    expect((await send(second, keys.alice.key, '/echo/')).status).toBe(200)
  })

  test('CMP-13, CMP-17: nobody works without a wallet, or reads what is not theirs', async () => {
    const region = await start(await newFolder())
    ends.push(region.end)
    const done = await send(region, keys.alice.key, '/echo/')
    const id = done.headers.get('banyan-request')!
    expect((await send(region, keys.bob.key, '/echo/')).status).toBe(402)
    expect((await send(region, keys.owner.key, '/echo/')).status).toBe(403)
    expect(await read<WorkPage>(region, keys.bob.key, 'work')).toEqual({ items: [], next: null })
    const statuses = await Promise.all(
      [
        [keys.bob.key, `work/${id}`],
        [keys.bob.key, 'spend'],
        [keys.owner.key, 'work'],
        [keys.alice.key, 'operations'],
        [keys.alice.key, 'charges/0x00'],
        [keys.alice.key, 'statements/2026-1'],
        [keys.alice.key, 'nothing'],
        [keys.alice.key, 'work/%'],
      ].map(async ([key, path]) => (await send(region, key!, `/_banyan/${path}`)).status),
    )
    expect(statuses).toEqual([404, 402, 403, 403, 404, 409, 400, 400])
    expect((await send(region, keys.alice.key, '/_banyan/settle', { method: 'POST' })).status).toBe(403)
    expect(await read<WorkPage>(region, keys.operator.key, 'work')).toMatchObject({
      items: [{ id, account: 'alice' }],
    })
    expect(await read(region, keys.operator.key, 'operations')).toMatchObject({
      miners: [{ miner: 'm1', services: [{ name: 'echo' }] }],
      work: { perMinute: 1 },
    })
    expect(await read(region, keys.alice.key, 'quote?service=echo&cpuMs=50&bytes=0')).toMatchObject({
      quotes: [{ tier: 4, price: '1050' }],
    })
    expect(await read(region, keys.alice.key, 'services')).toMatchObject({
      services: [{ name: 'echo', places: 8, tiers: [{ tier: 4, perRequest: '1000' }] }],
    })
  })
})

describe('settlement by a region', () => {
  let cluster: Cluster
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    cluster = await startCluster({
      validators: 1,
      accounts: Object.values(people).map(({ address }) => ({ address, balance: formatAmount(fig) })),
      plan: { blockInterval: 50, heartbeat: 100 },
    })
    client = createClient({ url: cluster.node(0).rpc })
    const allowance = { asset: 0, spender: people.payout.address, amount: 10n ** 30n }
    await approveToken(client, { account: people.enterprise, ...allowance }).final
  })
  afterAll(() => cluster?.close())

  test('BIL-3, BIL-5, BIL-7: a request leads to a transfer on the chain whose anchor proves its charge', async () => {
    const region = await start(await newFolder(), cluster.node(0).rpc)
    ends.push(region.end)
    const done = await send(region, keys.alice.key, '/echo/', {
      headers: { 'banyan-end-user': 'guest-7', 'banyan-fields': 'order=42&shop=north' },
    })
    expect(done.status).toBe(200)
    const settled = await send(region, keys.operator.key, '/_banyan/settle', { method: 'POST' })
    expect(settled.status, await settled.clone().text()).toBe(200)
    const { period } = (await settled.json()) as { readonly period: string }
    // 1,003 micro-units at two FIG each million.
    const rate = 2n * 10n ** 12n
    expect(await getBalance(client, { address: worker, asset: 0 })).toBe(601n * rate)
    expect(await getBalance(client, { address: author, asset: 0 })).toBe(150n * rate)

    const { items } = await read<WorkPage>(region, keys.alice.key, 'work')
    const text = await (await send(region, keys.alice.key, `/_banyan/charges/${items[0]!.charge!.id}`)).text()
    const charge = decodeJson(text) as ChargeView
    expect(charge).toMatchObject({
      period,
      charge: { endUser: 'guest-7', enterpriseAmount: 1_003n, custom: { order: '42', shop: 'north' } },
    })
    const receipt = decodeStatement(encodeJson(charge.receipt)) as Receipt
    verifyReceipt(receipt, hasher.keccak256)
    const { logs } = await getReceipt(client, { id: receipt.part.transfer!.id })
    expect(logs.some(({ topics }) => topics[3] === receipt.part.anchor)).toBe(true)

    for (const [format, start] of [
      ['csv', 'period,'],
      ['pdf', '%PDF'],
      ['parquet', 'PAR1'],
    ]) {
      const answer = await send(region, keys.alice.key, `/_banyan/statements/${period}?format=${format}`)
      expect((await answer.text()).slice(0, start!.length)).toBe(start)
    }
    const month = await send(region, keys.owner.key, `/_banyan/statements/${period.slice(0, 7)}`)
    const statement = decodeStatement(await month.text()) as Statement
    expect(verifyStatement(statement, hasher.keccak256)).toMatchObject({
      rows: 1,
      paidOut: 601n * rate,
      open: 0n,
    })
    expect(await read(region, keys.owner.key, 'earnings')).toMatchObject({ open: '0', settled: '601' })
    expect(await read(region, keys.alice.key, 'periods')).toMatchObject({
      periods: [
        { period, state: 'settled', lines: [{ way: 'collect', account: people.enterprise.address }] },
      ],
    })
    const again = await send(region, keys.operator.key, '/_banyan/settle', { method: 'POST' })
    expect(again.status).toBe(409)
    expect(await again.json()).toMatchObject({ error: { name: 'NothingCharged' } })
  })
})
