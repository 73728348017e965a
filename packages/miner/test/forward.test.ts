import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Lease, Pool } from '@banyan/isolation'
import { forward, type Traffic } from '@banyan/miner'
import type { WorkAnswer, WorkRequest } from '@banyan/tunnel/node'
import { afterEach, describe, expect, test } from 'vitest'

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

/** A pool of one server that notes how each lease ended. */
async function poolOf(serve: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(serve).listen(0, '127.0.0.1')
  await new Promise((resolve) => server!.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const ends: boolean[] = []
  const lease: Lease = {
    target: { host: '127.0.0.1', port },
    end: (isBroken) => {
      ends.push(isBroken)
      return { cpuMs: 3, peakBytes: 1_000.5 }
    },
  }
  const pool = { take: async () => lease } as Pick<Pool, 'take'> as Pool
  return { pool, ends }
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

const newTraffic = (): Traffic => ({ requests: 0, failed: 0, bytesIn: 0, bytesOut: 0, cpuMs: 0 })

function workOf(change: Partial<WorkRequest> = {}): WorkRequest {
  return {
    id: 'one',
    service: 'sample',
    version: '1.0.0',
    method: 'GET',
    path: '/a?b=%20c',
    headers: ['Accept', '*/*'],
    body: pieces(),
    deadlineMs: 10_000,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...change,
  }
}

async function textOf({ body }: WorkAnswer): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString()
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('CMP-2: requests pass untouched', () => {
  test('CMP-2: method, path, headers and body arrive, but for those of the connection', async () => {
    let seen: unknown
    const { pool, ends } = await poolOf(async (request, response) => {
      let text = ''
      for await (const part of request) text += part
      seen = { method: request.method, url: request.url, headers: request.rawHeaders, text }
      response.writeHead(207, 'odd', [
        'X-Twice',
        'one',
        'X-Twice',
        'two',
        'Connection',
        'close, X-Drop',
        'X-Drop',
        '1',
      ])
      response.end('answer')
    })
    const traffic = newTraffic()
    const headers = [
      'X-A',
      '1',
      'x-a',
      '2',
      'Connection',
      'X-Gone',
      'X-Gone',
      'y',
      'TE',
      'trailers',
      'Content-Length',
      '8',
      'Host',
      'here',
    ]
    const answer = await forward(
      workOf({ method: 'PATCH', headers, body: pieces('some', 'body') }),
      pool,
      'sample',
      false,
      traffic,
    )
    expect(seen).toMatchObject({ method: 'PATCH', url: '/a?b=%20c', text: 'somebody' })
    const { headers: arrived } = seen as { headers: readonly string[] }
    expect(arrived).toEqual(expect.arrayContaining(['X-A', '1', 'x-a', '2', 'Host', 'here']))
    expect(arrived.join()).not.toMatch(/X-Gone|TE|trailers/)
    expect(answer.status).toBe(207)
    expect(answer.headers.join()).toMatch(/^X-Twice,one,X-Twice,two/)
    expect(answer.headers.join()).not.toMatch(/X-Drop|Connection/i)
    expect(await textOf(answer)).toBe('answer')
    expect(answer.usage()).toEqual({ cpuMs: 3, peakMemoryBytes: 1_001 })
    expect(ends).toEqual([false])
    expect(traffic).toEqual({ requests: 1, failed: 0, bytesIn: 8, bytesOut: 6, cpuMs: 3 })
  })

  test('CMP-2: a body of unknown length goes in chunks, also with DELETE, and none is made up for GET', async () => {
    const seen: unknown[] = []
    const { pool } = await poolOf(async (request, response) => {
      let text = ''
      for await (const part of request) text += part
      seen.push([request.method, request.headers['transfer-encoding'], text])
      response.end()
    })
    await textOf(
      await forward(
        workOf({ method: 'DELETE', body: pieces('x', 'y') }),
        pool,
        'sample',
        false,
        newTraffic(),
      ),
    )
    await textOf(await forward(workOf(), pool, 'sample', false, newTraffic()))
    expect(seen).toEqual([
      ['DELETE', 'chunked', 'xy'],
      ['GET', undefined, ''],
    ])
  })

  test('CMP-2: the answer streams while the body is still being sent', async () => {
    const { pool } = await poolOf((request, response) => {
      request.on('data', (part: Buffer) => response.write(part))
      request.on('end', () => response.end())
    })
    let more: () => void = () => undefined
    const wait = new Promise<void>((resolve) => {
      more = resolve
    })
    const body = (async function* () {
      yield Buffer.from('first')
      await wait
      yield Buffer.from('second')
    })()
    const answer = await forward(workOf({ method: 'POST', body }), pool, 'sample', false, newTraffic())
    const parts = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    expect(String(Buffer.from((await parts.next()).value as Uint8Array))).toBe('first')
    more()
    expect(String(Buffer.from((await parts.next()).value as Uint8Array))).toBe('second')
    expect((await parts.next()).done).toBe(true)
  })
})

describe('CMP-3: failures of a DService', () => {
  test('CMP-3: one that ends before it has answered is replaced, and the request is refused', async () => {
    const { pool, ends } = await poolOf((request) => request.socket.destroy())
    const traffic = newTraffic()
    await expect(forward(workOf(), pool, 'sample', false, traffic)).rejects.toMatchObject({
      kind: 'DServiceFailed',
    })
    expect(ends).toEqual([true])
    expect(traffic).toMatchObject({ requests: 1, failed: 1 })
  })

  test('CMP-3: one that ends in the middle of its answer is replaced, and the answer breaks', async () => {
    const { pool, ends } = await poolOf((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    })
    const answer = await forward(workOf(), pool, 'sample', false, newTraffic())
    await expect(textOf(answer)).rejects.toThrow()
    expect(ends).toEqual([true])
  })

  test.each([
    [true, 'is replaced where it takes one request at a time'],
    [false, 'stays where it serves others too'],
  ])('CMP-4: an instance whose request was given up %s: it %s', async (isAlone) => {
    const { pool, ends } = await poolOf(() => undefined)
    const stop = new AbortController()
    const answer = forward(workOf({ signal: stop.signal }), pool, 'sample', isAlone, newTraffic())
    setTimeout(() => stop.abort(new Error('nobody waits')), 50)
    await expect(answer).rejects.toThrow('nobody waits')
    expect(ends).toEqual([isAlone])
  })
})
