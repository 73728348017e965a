import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dayOf, decodePublic, type PublicColumns, perDayOf } from '@banyan/billing'
import { type AccountsFile, accountsOf, makeKey } from '@banyan/region'
import { connectMiner } from '@banyan/tunnel/node'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type LiveRegion, startLiveRegion, tell } from './live-region.js'

/** Accounts that pay the same each month, in a region whose clock the test turns. */

const dayMs = 86_400_000
const wallet = (digit: string) => `0x${digit.repeat(40)}`
const keys = { alice: makeKey(), carol: makeKey(), operator: makeKey(), miner: makeKey() }
const perMonth = { alice: 75_000n, carol: 31_000n }
const today = dayOf(Date.now())
const yesterday = dayOf(Date.now() - dayMs)

const terms = {
  currency: 'USD',
  prices: [
    { tier: 4 as const, perRequest: '1000', perCpuHour: '3600000', perGpuHour: '0', perGigabyte: '0' },
  ],
  contributor: 6_000,
  developer: 1_500,
  charities: {},
}
const subscription = (month: bigint, since: string, region = 'here') =>
  ({ kind: 'subscription', region, perMonth: String(month), since }) as const

const file: AccountsFile = {
  clients: [
    {
      ...{ account: 'alice', key: keys.alice.digest, tiers: [4], wallet: wallet('a') },
      deal: subscription(perMonth.alice, today),
    },
    {
      ...{ account: 'carol', key: keys.carol.digest, tiers: [4], wallet: wallet('c') },
      deal: subscription(perMonth.carol, yesterday),
    },
    { account: 'reg', key: keys.operator.digest, tiers: [4], scopes: ['operate'], wallet: wallet('1') },
  ],
  miners: [{ miner: 'm1', key: keys.miner.digest, tier: 4, wallet: wallet('5') }],
  services: [{ name: 'echo', wallet: wallet('6'), terms }],
}

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(folder: string, accounts: AccountsFile = file) {
  const seedOf = (digit: number) => new Uint8Array(32).fill(digit)
  const region = await startLiveRegion({
    folder,
    accounts: accountsOf(accounts, 'here'),
    settlement: {
      ...{ rpc: 'http://127.0.0.1:1', payoutKey: seedOf(1), operatorKey: seedOf(2), house: wallet('9') },
      ...{ currency: 'USD', microPerFig: '500000', leastPayout: '0', asset: 0, schedule: 'never' },
    },
  })
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

const send = (region: Pick<LiveRegion, 'base'>, key: string, path: string, init: RequestInit = {}) =>
  fetch(`${region.base}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })

const read = async (region: Pick<LiveRegion, 'base'>, key: string, path: string): Promise<unknown> =>
  (await send(region, key, `/_banyan/${path}`)).json()

/** Days are closed before a settlement, which fails here: there is no chain. */
const settle = (region: Pick<LiveRegion, 'base'>) =>
  send(region, keys.operator.key, '/_banyan/settle', { method: 'POST' })

async function rowsOf({ charges }: Pick<LiveRegion, 'charges'>): Promise<readonly PublicColumns[]> {
  await charges!.books.settled()
  const rows: PublicColumns[] = []
  for await (const group of charges!.store.rows(1, await charges!.store.last()))
    for (const row of group) rows.push(decodePublic(row.public))
  return rows
}

const shown = ({ deal, dservice, enterprise, enterpriseAmount, houseAmount }: PublicColumns) => [
  ...[deal, dservice, enterprise, enterpriseAmount, houseAmount],
]

describe('subscriptions', () => {
  test('CMP-13, BIL-8: a day costs its part of the month, whatever was done on it, over crashes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'banyan-subscriptions-'))
    ends.push(() => rm(folder, { recursive: true }))
    const first = await start(folder)
    const perDay = perDayOf(perMonth.alice, today)
    const carols = [yesterday, today].map((day) => [
      ...['difference', `subscription@${day}`, wallet('c'), perDayOf(perMonth.carol, day), 0n],
    ])
    const request = (own: bigint) => ['subscription', 'echo@1', wallet('a'), own, 1_003n - own]
    const begun = [carols[0], request(1_003n), request(1_003n)]

    await settle(first)
    for (let i = 0; i < 2; i++) await (await send(first, keys.alice.key, '/echo/x')).text()
    expect((await rowsOf(first)).map(shown)).toEqual(begun)
    expect(await read(first, keys.alice.key, 'spend')).toMatchObject({
      spent: '2006',
      subscription: { perMonth: '75000', perDay: String(perDay), usedToday: '2006' },
    })
    expect(await read(first, keys.alice.key, 'quote?service=echo&cpuMs=5000&bytes=0')).toMatchObject({
      quotes: [{ price: '6000', enterpriseAmount: String(perDay - 2_006n) }],
    })
    await first.end()

    await rm(join(folder, 'charges'), { recursive: true })
    const second = await start(folder)
    ends.push(second.end)
    ends.push(() => vi.useRealTimers())
    expect((await rowsOf(second)).map(shown)).toEqual(begun)
    // Above its day the house pays, and budgets do not stop what costs no more.
    await send(second, keys.alice.key, '/_banyan/budget', {
      method: 'PUT',
      body: JSON.stringify({ perMonth: '1' }),
    })
    for (let i = 0; i < 2; i++) expect((await send(second, keys.alice.key, '/echo/x')).status).toBe(200)
    const used = [...begun, request(perDay - 2_006n), request(0n)]
    expect((await rowsOf(second)).map(shown)).toEqual(used)

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + dayMs })
    await settle(second)
    await settle(second)
    const alices = ['difference', `subscription@${today}`, wallet('a'), 0n, 0n]
    expect((await rowsOf(second)).map(shown)).toEqual([...used, alices, carols[1]])
    // Its clock stands still a day behind: what ends on a day that is closed is the house's.
    await (await send(second, keys.carol.key, '/echo/x')).text()
    expect(shown((await rowsOf(second)).at(-1)!)).toEqual([
      ...['subscription', 'echo@1', wallet('c'), 0n, 1_003n],
    ])
    expect(await read(second, keys.carol.key, 'spend')).toMatchObject({
      services: [{ name: 'subscription', count: 2 }],
    })
  })

  test.each([
    ['it is with another region', subscription(75_000n, today, 'there')],
    ['it begins tomorrow', subscription(75_000n, dayOf(Date.now() + dayMs))],
  ])('CMP-13: a request is paid by its use where %s', async (_, deal) => {
    const folder = await mkdtemp(join(tmpdir(), 'banyan-subscriptions-'))
    ends.push(() => rm(folder, { recursive: true }))
    const region = await start(folder, {
      ...file,
      clients: [{ ...file.clients[0]!, deal }, file.clients[2]!],
    })
    ends.push(region.end)
    await (await send(region, keys.alice.key, '/echo/x')).text()
    await settle(region)
    expect((await rowsOf(region)).map(shown)).toEqual([['use', 'echo@1', wallet('a'), 1_003n, 0n]])
    expect(await read(region, keys.alice.key, 'spend')).toMatchObject({ subscription: null })
  })
})
