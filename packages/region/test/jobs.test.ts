import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createJobs, defaultJobsLimits, isDeadLetter, stepJobs } from '@banyan/region/core'
import { afterEach, describe, expect, test } from 'vitest'
import { type LiveRegion, startLiveRegion, tell, usage } from './live-region.js'

const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(options: Parameters<typeof startLiveRegion>[0] = {}): Promise<LiveRegion> {
  const region = await startLiveRegion({ privateWebhooks: true, ...options })
  ends.push(() => region.end())
  return region
}

type View = {
  readonly id: string
  readonly state: string
  readonly done: number
  readonly webhook: string | null
}

const asJob = { prefer: 'respond-async' }

/** A path of the region itself. */
function own(region: LiveRegion, path: string, method = 'GET'): Promise<Response> {
  return fetch(`${region.base}${path}`, { method, headers: { authorization: `Bearer ${region.clientKey}` } })
}

async function view(region: LiveRegion, id: string): Promise<View> {
  return (await (await own(region, `/_banyan/jobs/${id}`)).json()) as View
}

describe('CMP-11: the life of a job', () => {
  const accepted = { kind: 'accepted', id: 'j', account: 'a', service: 's', webhook: 'https://x' } as const

  test('CMP-11: a webhook that fails is called again ever later, then the job is a dead letter', () => {
    const jobs = createJobs({ ...defaultJobsLimits, maxCalls: 3, callAgainMs: 1_000 })
    stepJobs(jobs, accepted, 0)
    const kinds = (now: number): string[] =>
      stepJobs(jobs, { kind: 'tick' }, now).map((effect) => effect.kind)
    expect(
      stepJobs(jobs, { kind: 'answered', id: 'j', status: 200 }, 10).map((effect) => effect.kind),
    ).toEqual(['changed', 'call'])
    stepJobs(jobs, { kind: 'called', id: 'j', failure: 'down' }, 20)
    expect([kinds(1_000), kinds(1_020)]).toEqual([[], ['call']])
    stepJobs(jobs, { kind: 'called', id: 'j', failure: 'down' }, 1_030)
    expect(isDeadLetter(jobs, jobs.jobs.get('j')!)).toBe(false)
    expect([kinds(5_000), kinds(5_030)]).toEqual([[], ['call']])
    stepJobs(jobs, { kind: 'called', id: 'j', failure: 'down' }, 5_040)
    expect(isDeadLetter(jobs, jobs.jobs.get('j')!)).toBe(true)
    expect(kinds(1_000_000)).toEqual([])
    expect(kinds(4_000_000)).toEqual(['forget'])
    expect(jobs.perAccount.size).toBe(0)
  })

  test('CMP-11: jobs are bounded, also for one account, and end once', () => {
    const jobs = createJobs({ ...defaultJobsLimits, maxJobs: 2, maxPerAccount: 1 })
    expect(stepJobs(jobs, accepted, 0)).toEqual([])
    expect(stepJobs(jobs, { ...accepted, id: 'k' }, 0)).toMatchObject([{ kind: 'refuse' }])
    expect(stepJobs(jobs, { ...accepted, id: 'k', account: 'b' }, 0)).toEqual([])
    expect(stepJobs(jobs, { ...accepted, id: 'l', account: 'c' }, 0)).toMatchObject([{ kind: 'refuse' }])
    stepJobs(jobs, { kind: 'failed', id: 'j', error: 'ClientGone' }, 1)
    expect(stepJobs(jobs, { kind: 'answered', id: 'j', status: 200 }, 2)).toEqual([])
    expect(jobs.jobs.get('j')!.state).toBe('cancelled')
  })
})

describe('CMP-11: jobs over HTTP', () => {
  test('CMP-11: accepted at once, with progress, result and a signed webhook', async () => {
    const region = await start()
    let go: () => void = () => undefined
    const going = new Promise<void>((resolve) => {
      go = resolve
    })
    await region.addMiner('m1', async (request) => {
      request.progress(0.5, 'half')
      await going
      return tell(request)
    })
    const secret = 'a-secret-of-the-client'
    const called = new Promise<{ body: string; signature: string }>((resolve) => {
      const hook = createServer((request, response) => {
        let body = ''
        request.on('data', (bytes: Buffer) => {
          body += bytes.toString()
        })
        request.on('end', () => {
          response.end()
          resolve({ body, signature: String(request.headers['banyan-signature']) })
        })
      }).listen(0, '127.0.0.1', async () => {
        const response = await region.ask('/work', {
          method: 'POST',
          body: 'input',
          headers: {
            ...asJob,
            'banyan-webhook': `http://127.0.0.1:${(hook.address() as AddressInfo).port}/done`,
            'banyan-webhook-secret': secret,
          },
        })
        expect(response.status).toBe(202)
        const { id } = (await response.json()) as View
        await expect.poll(async () => (await view(region, id)).done).toBe(0.5)
        const events = own(region, `/_banyan/jobs/${id}/events`)
        expect((await own(region, `/_banyan/jobs/${id}/result`)).status).toBe(202)
        go()
        expect(await (await events).text()).toContain('"state":"done"')
      })
      ends.push(() => hook.close())
    })
    const { body, signature } = await called
    const told = JSON.parse(body) as View
    const [, at, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature)!
    expect(mac).toBe(createHmac('sha256', secret).update(`${at}.${body}`).digest('hex'))
    const result = await own(region, `/_banyan/jobs/${told.id}/result`)
    expect(((await result.json()) as { body: string }).body).toBe('input')
    await expect.poll(async () => (await view(region, told.id)).webhook).toBe('called')
    expect(region.records).toMatchObject([{ id: told.id, outcome: 'done' }])
  })

  test('CMP-11: a job can be cancelled, and what failed is in the list of dead letters', async () => {
    const region = await start()
    await region.addMiner('m1', () => new Promise(() => undefined))
    const begin = async (headers: Record<string, string> = {}): Promise<View> =>
      (await (await region.ask('/', { headers: { ...asJob, ...headers } })).json()) as View
    const one = await begin()
    await own(region, `/_banyan/jobs/${one.id}`, 'DELETE')
    expect((await view(region, one.id)).state).toBe('cancelled')
    const late = await begin({ 'banyan-total-ms': '50' })
    await expect.poll(async () => (await view(region, late.id)).state).toBe('failed')
    const dead = (await (await own(region, '/_banyan/dead-letters')).json()) as { jobs: View[] }
    expect(dead.jobs).toMatchObject([{ id: late.id, error: { name: 'DeadlinePassed' } }])
    expect((await own(region, '/_banyan/jobs/0000')).status).toBe(404)
    const other = await fetch(`${region.base}/_banyan/jobs/${one.id}`, {
      headers: { authorization: `Bearer ${region.otherKey}` },
    })
    expect(other.status).toBe(404)
  })

  test('CMP-17: webhooks into private networks are refused', async () => {
    const region = await start({ privateWebhooks: false })
    await region.addMiner('m1', tell)
    for (const url of [
      'http://example.com/',
      'https://127.0.0.1/',
      'https://10.0.0.1/',
      'https://169.254.169.254/',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://[fd00::1]/',
      'https://user@example.com/',
      'nonsense',
    ]) {
      const response = await region.ask('/', {
        headers: { ...asJob, 'banyan-webhook': url, 'banyan-webhook-secret': 'x'.repeat(16) },
      })
      const { error } = (await response.json()) as { error: { name: string } }
      expect([url, error.name]).toEqual([url, 'WebhookRefused'])
    }
  })
})

describe('CMP-11: idempotency keys', () => {
  const withKey = { 'idempotency-key': 'k1' }

  test('CMP-11: the same key gives the same answer and one record; a failure frees it', async () => {
    const region = await start()
    expect((await region.ask('/', { headers: withKey })).status).toBe(404)
    let count = 0
    await region.addMiner('m1', async () => ({
      status: 201,
      headers: ['x-count', String(++count)],
      body: Buffer.from('result'),
      usage: () => usage,
    }))
    for (const repeated of [null, 'true']) {
      const response = await region.ask('/', { headers: withKey })
      expect([response.status, response.headers.get('x-count'), await response.text()]).toEqual([
        201,
        '1',
        'result',
      ])
      expect(response.headers.get('banyan-repeated')).toBe(repeated)
    }
    expect(region.records).toHaveLength(1)
  })

  test('CMP-11: work under way is not begun twice', async () => {
    const region = await start()
    let started: () => void = () => undefined
    const running = new Promise<void>((resolve) => {
      started = resolve
    })
    await region.addMiner('m1', () => {
      started()
      return new Promise(() => undefined)
    })
    const leaving = new AbortController()
    const first = region.ask('/', { headers: withKey, signal: leaving.signal }).catch(() => undefined)
    await running
    expect((await region.ask('/', { headers: withKey })).status).toBe(409)
    leaving.abort()
    await first
  })

  test('CMP-3: after a crash recorded work is done again once, and its record says that it was paid', async () => {
    const region = await startLiveRegion()
    await region.addMiner('m1', tell)
    await (await region.ask('/', { headers: withKey })).text()
    const [first] = region.records
    await region.end(true)
    const again = await start({ folder: region.folder })
    await again.addMiner('m1', tell)
    expect((await again.ask('/', { headers: withKey })).status).toBe(200)
    expect(again.records).toMatchObject([{ repeats: first!.id, idempotencyKey: 'k1' }])
    await again.end(true)
    ends.length = 0
    const third = await start({ folder: region.folder })
    await third.addMiner('m1', tell)
    expect((await third.ask('/', { headers: withKey })).status).toBe(409)
  })
})
