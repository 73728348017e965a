import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accountsOf, makeKey } from '@banyan/region'
import { connectMiner, type WorkHandler } from '@banyan/tunnel/node'
import { afterEach, describe, expect, test } from 'vitest'
import { type LiveRegion, startLiveRegion, tell } from './live-region.js'

const until = (look: () => unknown) => expect.poll(look, { timeout: 15_000 })
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-jobs-'))
  ends.push(() => rm(folder, { recursive: true }))
  return folder
}

async function start(folder: string): Promise<LiveRegion> {
  const region = await startLiveRegion({ folder, privateWebhooks: true })
  ends.push(() => region.end(true))
  return region
}

async function stop(region: LiveRegion): Promise<void> {
  await region.end(true)
  ends.pop()
}

type View = {
  readonly id: string
  readonly state: string
  readonly webhook: string | null
  readonly error: { readonly name: string } | null
}

const own = (region: LiveRegion, path: string, method = 'GET'): Promise<Response> =>
  fetch(`${region.base}/_banyan/jobs/${path}`, {
    method,
    headers: { authorization: `Bearer ${region.clientKey}` },
  })
const view = async (region: LiveRegion, id: string): Promise<View> =>
  (await (await own(region, id)).json()) as View
const state = async (region: LiveRegion, id: string): Promise<string> => (await view(region, id)).state

async function begin(
  region: LiveRegion,
  headers: Record<string, string> = {},
  body: string | Buffer = 'input',
): Promise<string> {
  const response = await region.ask('/work?x=1', {
    method: 'POST',
    body,
    headers: { prefer: 'respond-async', 'x-own': 'kept', ...headers },
  })
  expect(response.status).toBe(202)
  return ((await response.json()) as View).id
}

const never: WorkHandler = () => new Promise(() => undefined)

describe('CMP-11: jobs and a restart of their region', () => {
  test('CMP-11: a job under way goes on with the request it was accepted with, and makes one record', async () => {
    const folder = await newFolder()
    const first = await start(folder)
    await first.addMiner('m1', never)
    const id = await begin(first)
    const waiting = await begin(first, { 'idempotency-key': 'k' })
    await stop(first)
    expect(first.records).toEqual([])

    const second = await start(folder)
    expect(await state(second, id)).toBe('running')
    expect((await own(second, `${id}/result`)).status).toBe(202)
    expect((await second.ask('/', { headers: { 'idempotency-key': 'k' } })).status).toBe(409)
    expect((await own(second, waiting, 'DELETE')).status).toBe(200)
    await until(() => state(second, waiting)).toBe('cancelled')
    await second.addMiner('m1', tell)
    await until(() => state(second, id)).toBe('done')
    const answer = (await (await own(second, `${id}/result`)).json()) as Record<string, unknown>
    expect(answer).toMatchObject({ method: 'POST', path: '/work?x=1', body: 'input' })
    expect(answer['headers']).toContain('kept')
    expect(second.records).toMatchObject([{ id, outcome: 'done', repeats: undefined }])
  })

  test('CMP-11: an answer is there after a restart, until it is forgotten, for its account alone', async () => {
    const folder = await newFolder()
    const first = await start(folder)
    await first.addMiner('m1', tell)
    const id = await begin(first, {}, Buffer.alloc(3_000_000, 'x'))
    await until(() => state(first, id)).toBe('done')
    const before = await (await own(first, `${id}/result`)).text()
    await stop(first)
    await writeFile(
      join(folder, 'jobs', '0'.repeat(32).concat('.job')),
      Buffer.from('\x02\0\0\0\0\0\0\0{}half of a job'),
    )
    await writeFile(join(folder, 'jobs', '1'.repeat(32).concat('.end')), 'of a job that was forgotten')

    const second = await start(folder)
    expect((await readdir(join(folder, 'jobs'))).filter((name) => name !== 'lock').sort()).toEqual([
      ...[`${id}.end`, `${id}.job`],
    ])
    const after = await own(second, `${id}/result`)
    expect([after.status, after.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await after.text()).toBe(before)
    const other = await fetch(`${second.base}/_banyan/jobs/${id}/result`, {
      headers: { authorization: `Bearer ${second.otherKey}` },
    })
    expect(other.status).toBe(404)
    expect(second.records).toEqual([])
  })

  test('CMP-11: a webhook that was not called before a restart is called after it, and not twice', async () => {
    const folder = await newFolder()
    let calls = 0
    let answer = 500
    const hook = createServer((request, response) => {
      request.resume().on('end', () => {
        calls++
        response.writeHead(answer).end()
      })
    }).listen(0, '127.0.0.1')
    await once(hook, 'listening')
    ends.push(() => hook.close())
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`
    const first = await start(folder)
    await first.addMiner('m1', tell)
    const id = await begin(first, { 'banyan-webhook': url, 'banyan-webhook-secret': 'x'.repeat(16) })
    await until(() => calls).toBe(1)
    await stop(first)
    answer = 200
    const second = await start(folder)
    await until(async () => (await view(second, id)).webhook).toBe('called')
    expect(calls).toBe(2)
    await until(async () => (await readdir(join(folder, 'jobs'))).length).toBe(4)
    await stop(second)
    const third = await start(folder)
    expect((await view(third, id)).webhook).toBe('called')
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(calls).toBe(2)
  })

  test('CMP-11: a job whose time has passed meanwhile has failed, and one that was cancelled stays so', async () => {
    const folder = await newFolder()
    const first = await start(folder)
    await first.addMiner('m1', never)
    const late = await begin(first, { 'banyan-total-ms': '900' })
    const gone = await begin(first)
    await own(first, gone, 'DELETE')
    await until(() => state(first, gone)).toBe('cancelled')
    await stop(first)
    // As after a crash between its record and what the job desk keeps.
    await rm(join(folder, 'jobs', `${gone}.end`))
    const second = await start(folder)
    await until(() => state(second, gone)).toBe('cancelled')
    await until(() => state(second, late)).toBe('failed')
    expect((await view(second, late)).error?.name).toBe('DeadlinePassed')
  })

  test('BIL-4, CMP-11: a job that was charged and lost its answer in a crash is done again for nothing', async () => {
    const folder = await newFolder()
    const wallet = (digit: string) => `0x${digit.repeat(40)}`
    const keys = { alice: makeKey(), miner: makeKey() }
    const prices = [
      { tier: 4 as const, perRequest: '1000', perCpuHour: '0', perGpuHour: '0', perGigabyte: '0' },
    ]
    const terms = { currency: 'USD', prices, contributor: 6_000, developer: 1_500, charities: {} }
    const accounts = accountsOf(
      {
        clients: [{ account: 'alice', key: keys.alice.digest, tiers: [4], wallet: wallet('a') }],
        miners: [{ miner: 'm1', key: keys.miner.digest, tier: 4 }],
        services: [{ name: 'echo', terms }],
      },
      'here',
    )
    const seedOf = (digit: number) => new Uint8Array(32).fill(digit)
    const settlement = {
      ...{ rpc: 'http://127.0.0.1:1', payoutKey: seedOf(1), operatorKey: seedOf(2), house: wallet('9') },
      ...{ currency: 'USD', microPerFig: '500000', leastPayout: '0', asset: 0, schedule: 'never' as const },
    }
    const open = async () => {
      const region = await startLiveRegion({ folder, accounts, settlement })
      const miner = connectMiner(
        {
          ...{ url: `ws://127.0.0.1:${region.ports.miners}`, miner: 'm1', key: keys.miner.key },
          services: [{ name: 'echo', version: '1', concurrency: 8, warm: true }],
          maxRequests: 8,
        },
        tell,
      )
      await until(() => region.region.broker.miners.size).toBe(1)
      const end = async (): Promise<void> => {
        await miner.close()
        await region.end(true)
      }
      ends.push(end)
      return { ...region, clientKey: keys.alice.key, end }
    }
    const first = await open()
    const response = await fetch(`${first.base}/echo/`, {
      method: 'POST',
      body: 'input',
      headers: { authorization: `Bearer ${keys.alice.key}`, prefer: 'respond-async' },
    })
    const { id } = (await response.json()) as View
    await until(() => state(first, id)).toBe('done')
    await first.end()
    ends.pop()
    await rm(join(folder, 'jobs', `${id}.end`))

    const second = await open()
    await until(() => state(second, id)).toBe('done')
    expect(await (await own(second, `${id}/result`)).json()).toMatchObject({ body: 'input' })
    expect(second.records).toMatchObject([{ outcome: 'done', repeats: id }])
    await second.charges!.books.settled()
    expect(await second.charges!.store.last()).toBe(1)
  })
})
