import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { WorkHandler } from '@banyan/tunnel/node'
import { afterEach, describe, expect, test } from 'vitest'
import { type LiveRegion, startLiveRegion, tell, usage } from './live-region.js'

const regions: LiveRegion[] = []

async function start(options: Parameters<typeof startLiveRegion>[0] = {}): Promise<LiveRegion> {
  const region = await startLiveRegion(options)
  regions.push(region)
  return region
}

afterEach(async () => {
  for (const region of regions.splice(0)) await region.end()
})

type Told = {
  readonly method: string
  readonly path: string
  readonly headers: string[]
  readonly body: string
}

/** The text of the answer to a raw request. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (bytes) => {
      answer += bytes.toString()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', () => resolve(answer))
  })
}

async function errorOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { name: string } }).error.name
}

describe('CMP-2: requests pass untouched', () => {
  test('CMP-2: method, path, query, headers and body, without what is meant for one connection', async () => {
    const region = await start()
    await region.addMiner('m1', tell)
    const response = await region.ask('/a%20b/c?x=1&x=2', {
      method: 'PUT',
      body: 'héllo',
      headers: { 'X-Own': 'Kept', range: 'bytes=0-9', 'banyan-prefer': 'speed', traceparent: '00-aa-bb-01' },
    })
    const told = (await response.json()) as Told
    expect([told.method, told.path, told.body]).toEqual(['PUT', '/a%20b/c?x=1&x=2', 'héllo'])
    const names = told.headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())
    expect(names).toEqual(expect.arrayContaining(['x-own', 'range', 'traceparent', 'content-length', 'host']))
    expect(names.filter((name) => /^(banyan-|authorization$|connection$)/.test(name))).toEqual([])
  })

  test('CMP-2: status, headers and a body without known length come back as they are', async () => {
    const region = await start()
    const handler: WorkHandler = async () => ({
      status: 206,
      headers: [
        'ETag',
        '"v1"',
        'Vary',
        'accept',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'Connection',
        'close',
      ],
      body: (async function* () {
        for (let i = 0; i < 3; i++) yield Buffer.from(`piece ${i};`)
      })(),
      usage: () => usage,
    })
    await region.addMiner('m1', handler)
    const response = await region.ask('/')
    expect(response.status).toBe(206)
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect([response.headers.get('etag'), response.headers.get('vary')]).toEqual(['"v1"', 'accept'])
    expect(await response.text()).toBe('piece 0;piece 1;piece 2;')
  })

  test('CMP-2: answers without a body are whole', async () => {
    const region = await start()
    const headers = ['content-length', '1234', 'etag', '"x"']
    await region.addMiner('m1', async (request) => ({
      status: request.method === 'HEAD' ? 200 : 304,
      headers: request.method === 'HEAD' ? headers : headers.slice(2),
      body: new Uint8Array(0),
      usage: () => usage,
    }))
    const head = await region.ask('/', { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1234'])
    expect((await region.ask('/')).status).toBe(304)
  })

  test('CMP-2: 24 MiB up and down in pieces, and a service that answers before it has read all', async () => {
    const region = await start()
    await region.addMiner('m1', async (request) => {
      if (request.path === '/early')
        return { status: 200, headers: [], body: Buffer.from('enough'), usage: () => usage }
      return { status: 200, headers: [], body: request.body, usage: () => usage }
    })
    const body = Buffer.alloc(24 * 2 ** 20)
    for (let i = 0; i < body.length; i += 4_096) body.writeUInt32LE(i, i)
    const response = await region.ask('/', { method: 'POST', body })
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
    expect(region.records[0]).toMatchObject({ outcome: 'done', bytesIn: body.length, bytesOut: body.length })
    const early = await new Promise<string>((resolve) => {
      const onward = httpRequest(
        `${region.base}/echo/early`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${region.clientKey}`, 'transfer-encoding': 'chunked' },
        },
        (answer) => answer.on('data', (bytes: Buffer) => resolve(bytes.toString())),
      )
      onward.on('error', () => undefined)
      onward.write(Buffer.alloc(100_000))
    })
    expect(early).toBe('enough')
  })

  test('CMP-2: a service is found by the host too, and then the path is its own', async () => {
    const region = await start({ domain: 'region.example' })
    await region.addMiner('m1', tell)
    const answer = await raw(
      region.ports.work,
      `GET /echo/x HTTP/1.1\r\nHost: echo.region.example\r\nAuthorization: Bearer ${region.clientKey}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toContain('"path":"/echo/x"')
  })
})

describe('CMP-3: failures stay invisible', () => {
  test('CMP-3: a body is given again to another miner when the first one is lost', async () => {
    const region = await start()
    const first = await region.addMiner('m1', async (request) => {
      for await (const _ of request.body) break
      void first.close()
      return new Promise(() => undefined)
    })
    const answer = region.ask('/', { method: 'POST', body: 'x'.repeat(500_000) })
    await region.addMiner('m2', tell)
    const response = await answer
    expect(((await response.json()) as Told).body).toHaveLength(500_000)
    expect(region.records).toMatchObject([{ outcome: 'done', attempts: 2, miner: 'm2' }])
  })

  test('CMP-3: a body that is larger than what memory keeps is given again from a file', async () => {
    const region = await start()
    const half = 12 * 2 ** 20
    const first = await region.addMiner('m1', async (request) => {
      let size = 0
      for await (const bytes of request.body) {
        size += bytes.length
        if (size > half) break
      }
      void first.close()
      return new Promise(() => undefined)
    })
    const body = randomBytes(2 * half)
    const answer = region.ask('/', { method: 'POST', body })
    await region.addMiner('m2', async (request) => {
      const hash = createHash('sha256')
      for await (const bytes of request.body) hash.update(bytes)
      return { status: 200, headers: [], body: hash.digest(), usage: () => usage }
    })
    const expected = createHash('sha256').update(body).digest()
    expect(Buffer.from(await (await answer).arrayBuffer()).equals(expected)).toBe(true)
    expect(region.records).toMatchObject([
      { outcome: 'done', attempts: 2, miner: 'm2', bytesIn: body.length },
    ])
    await expect.poll(() => readdir(join(region.folder, 'spool')), { timeout: 15_000 }).toEqual([])
  })

  const pieces =
    (count: number, end: () => void): WorkHandler =>
    async () => ({
      status: 200,
      headers: ['content-length', '1000000'],
      body: (async function* () {
        for (let i = 0; i < 10; i++) {
          if (i === count) {
            end()
            await new Promise(() => undefined)
          }
          yield Buffer.alloc(100_000, i)
        }
      })(),
      usage: () => usage,
    })

  test('CMP-3: an answer that breaks off in the middle is continued by another miner', async () => {
    const region = await start()
    const first = await region.addMiner(
      'm1',
      pieces(4, () => void first.close()),
    )
    const response = await region.ask('/')
    await region.addMiner(
      'm2',
      pieces(10, () => undefined),
    )
    const body = Buffer.from(await response.arrayBuffer())
    expect(body.length).toBe(1_000_000)
    for (let i = 0; i < 10; i++) expect([i, body[i * 100_000], body[i * 100_000 + 99_999]]).toEqual([i, i, i])
    expect(region.records).toMatchObject([{ outcome: 'done', attempts: 2, bytesOut: 1_000_000 }])
  })

  test('CMP-3: an answer that would continue differently is broken off, not mixed', async () => {
    const region = await start()
    const first = await region.addMiner(
      'm1',
      pieces(4, () => void first.close()),
    )
    const response = await region.ask('/')
    await region.addMiner('m2', async () => ({
      status: 200,
      headers: ['content-length', '1000000'],
      body: Buffer.alloc(1_000_000, 77),
      usage: () => usage,
    }))
    await expect(response.arrayBuffer()).rejects.toThrow()
    await expect.poll(() => region.records.map((record) => record.outcome)).toEqual(['failed'])
  })

  test('CMP-3: a client that leaves stops the work, and makes one record', async () => {
    const region = await start()
    let stopped: () => void = () => undefined
    const stop = new Promise<void>((resolve) => {
      stopped = resolve
    })
    const leaving = new AbortController()
    await region.addMiner('m1', (request) => {
      request.signal.addEventListener('abort', () => stopped())
      leaving.abort()
      return new Promise(() => undefined)
    })
    await expect(region.ask('/', { signal: leaving.signal })).rejects.toThrow()
    await stop
    await expect.poll(() => region.records.map((record) => record.outcome)).toEqual(['cancelled'])
  })

  test('CMP-3: the journal holds every record once, after a new start too', async () => {
    const region = await start()
    await region.addMiner('m1', tell)
    for (let i = 0; i < 20; i++) await (await region.ask(`/${i}`)).text()
    const ids = async (from: LiveRegion): Promise<string[]> => {
      const found: string[] = []
      for await (const { records } of from.journal.read(1)) found.push(...records.map((record) => record.id))
      return found
    }
    const made = await ids(region)
    expect(made).toEqual(region.records.map((record) => record.id))
    regions.length = 0
    await region.end(true)
    const again = await start({ folder: region.folder })
    expect(await ids(again)).toEqual(made)
  })

  test('CMP-3: a region without room hands a request to another, once', async () => {
    const there = await start({ region: 'there' })
    await there.addMiner('m1', tell)
    const here = await start({ region: 'here' })
    here.region.step({
      kind: 'peers',
      peers: [{ region: 'there', url: `http://127.0.0.1:${there.ports.work}`, load: 0 }],
    })
    const response = await fetch(`${here.base}/echo/far`, {
      method: 'POST',
      body: 'hello',
      headers: { authorization: `Bearer ${here.clientKey}` },
    })
    const told = (await response.json()) as Told
    expect([told.path, told.body]).toEqual(['/far', 'hello'])
    expect([here.records.length, there.records.length]).toEqual([0, 1])
    there.region.step({
      kind: 'peers',
      peers: [{ region: 'here', url: here.base, load: 0 }],
    })
    const unknown = await fetch(`${here.base}/other/`, {
      headers: { authorization: `Bearer ${here.clientKey}` },
    })
    expect(await errorOf(unknown)).toBe('ServiceUnknown')
  })
})

describe('CMP-17: abuse', () => {
  test('CMP-17: no key, a wrong key, and too many of them', async () => {
    const region = await start()
    expect((await fetch(`${region.base}/echo/`)).status).toBe(401)
    for (let i = 0; i < 20; i++) {
      await (await fetch(`${region.base}/echo/`, { headers: { authorization: `Bearer guess${i}` } })).text()
    }
    expect((await region.ask('/')).status).toBe(429)
  })

  test('CMP-17: a key opens a session, whose token works alike; a changed token does not', async () => {
    const region = await start()
    await region.addMiner('m1', tell)
    const opened = await fetch(`${region.base}/_banyan/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${region.clientKey}` },
    })
    const { token } = (await opened.json()) as { token: string }
    const ask = (bearer: string): Promise<Response> =>
      fetch(`${region.base}/echo/`, { headers: { authorization: `Bearer ${bearer}` } })
    expect((await ask(token)).status).toBe(200)
    expect((await ask(`${token.slice(0, -2)}xx`)).status).toBe(401)
    const forged = `bs1.${Buffer.from(JSON.stringify(['bob', [1], 9e15])).toString('base64url')}.${'A'.repeat(43)}`
    expect((await ask(forged)).status).toBe(401)
  })

  test('CMP-13: a region that charges nothing says so wherever charges are asked for', async () => {
    const region = await start()
    for (const path of ['quote', 'spend', 'earnings', 'periods', 'charges/0x00', 'statements/2026-11']) {
      const answer = await fetch(`${region.base}/_banyan/${path}`, {
        headers: { authorization: `Bearer ${region.clientKey}` },
      })
      expect([path, answer.status, await errorOf(answer)]).toEqual([path, 404, 'ChargesOff'])
    }
  })

  test('CMP-17: with banyan-key the authorization of the client reaches the service', async () => {
    const region = await start()
    await region.addMiner('m1', tell)
    const response = await fetch(`${region.base}/echo/`, {
      headers: { authorization: 'Basic own', 'banyan-key': region.clientKey },
    })
    expect(((await response.json()) as Told).headers).toContain('Basic own')
  })

  test('CMP-17: large bodies are refused before they are read, and while they are', async () => {
    const region = await start({ maxBody: 100_000 })
    await region.addMiner('m1', tell)
    const head = `POST /echo/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${region.clientKey}\r\n`
    expect(await raw(region.ports.work, `${head}Content-Length: 100001\r\n\r\n`)).toMatch(/^HTTP\/1.1 413/)
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const answer = await raw(region.ports.work, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`)
    expect(answer).toMatch(/^HTTP\/1.1 413/)
  })

  test('CMP-17: a body that stops coming ends its connection and holds no miner', async () => {
    const region = await start({ clientIdleMs: 50 })
    await region.addMiner('m1', tell)
    const head = `POST /echo/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${region.clientKey}\r\n`
    expect(await raw(region.ports.work, `${head}Content-Length: 10\r\n\r\nabc`)).toMatch(/^HTTP\/1.1 400/)
    expect(region.records).toEqual([])
    expect(await raw(region.ports.work, `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`)).toMatch(
      /^HTTP\/1.1 400/,
    )
    await expect.poll(() => region.records.map((record) => record.outcome)).toEqual(['cancelled'])
  }, 20_000)

  test('CMP-17: headers that are too large, odd options and unknown services have clear answers', async () => {
    const region = await start()
    const head = `GET /echo/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${region.clientKey}\r\nConnection: close\r\n`
    expect(await raw(region.ports.work, `${head}X: ${'y'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431/)
    expect(await errorOf(await region.ask('/', { headers: { 'banyan-tiers': '9' } }))).toBe('WorkMalformed')
    expect(await errorOf(await region.ask('/', { headers: { 'banyan-tiers': '4' } }))).toBe('WorkMalformed')
    const unknown = await region.ask('/')
    expect([unknown.status, await errorOf(unknown)]).toEqual([404, 'ServiceUnknown'])
    expect(Number(unknown.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('CMP-1: endpoints', () => {
  test('CMP-1: status, health, readiness and metrics', async () => {
    const region = await start({ location: '48.1,11.6' })
    await region.addMiner('m1', tell, 3)
    await (await region.ask('/')).text()
    const at = `http://127.0.0.1:${region.ports.status}`
    expect(await (await fetch(`${at}/status`)).json()).toEqual({
      region: 'here',
      location: '48.1,11.6',
      accepting: true,
      load: 0,
      miners: 1,
      tiers: [{ tier: 1, capacity: 3, active: 0, waiting: 0, overloaded: false }],
      services: [{ name: 'echo', version: '1', tier: 1, places: 3, free: 3 }],
    })
    expect(await (await fetch(`${at}/metrics`)).text()).toContain(
      'banyan_region_work_total{service="echo",outcome="done"} 1',
    )
    region.region.step({ kind: 'drain' })
    expect([(await fetch(`${at}/health`)).status, (await fetch(`${at}/ready`)).status]).toEqual([200, 503])
    expect(await errorOf(await region.ask('/'))).toBe('RegionStopping')
  })
})
