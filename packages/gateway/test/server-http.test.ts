import { request } from 'node:http'
import { expect, test } from 'vitest'
import { epoch, startLive } from './live/gateway.js'

type Answer = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: string }

/** One request whose target and headers are sent as they are. */
function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      )
    })
    call.on('error', reject)
    call.end(body)
  })
}

const errorOf = ({ body }: Answer): unknown => (JSON.parse(body) as { error: { name: string } }).error.name

test('GW-2: a value is set, read with its position as ETag, replaced and removed', async () => {
  const { port, http } = await startLive()
  const put = await fetch(`${http}/v1/topics/home/lamp`, {
    method: 'PUT',
    body: 'on',
    headers: { 'content-type': 'text/lamp' },
  })
  expect(await put.json()).toEqual({ receivers: 0, position: `${epoch}:1` })
  const got = await fetch(`${http}/v1/topics/home/lamp`)
  expect([await got.text(), got.headers.get('etag'), got.headers.get('content-type')]).toEqual([
    'on',
    `"${epoch}:1"`,
    'text/lamp',
  ])
  expect(Number.isNaN(Date.parse(got.headers.get('last-modified')!))).toBe(false)
  await fetch(`${http}/v1/topics/home/lamp`, { method: 'PUT', body: Buffer.from([0, 255]) })
  const replaced = await fetch(`${http}/v1/topics/home/lamp`)
  expect([...new Uint8Array(await replaced.arrayBuffer())]).toEqual([0, 255])
  expect(replaced.headers.get('content-type')).toBe('application/octet-stream')
  const removed = await fetch(`${http}/v1/topics/home/lamp`, { method: 'DELETE' })
  expect(await removed.json()).toEqual({ receivers: 0, position: `${epoch}:3` })
  const answer = await send(port, 'GET', '/v1/topics/home/lamp')
  expect([answer.status, errorOf(answer)]).toEqual([404, 'TopicEmpty'])
})

test('GW-3: the class of a topic decides what POST keeps', async () => {
  const { port } = await startLive()
  const post = async (topic: string) =>
    JSON.parse((await send(port, 'POST', `/v1/topics/${topic}`, {}, 'x')).body) as unknown
  expect(await post('event/a')).toEqual({ receivers: 0, position: null })
  expect(await post('log/a')).toEqual({ receivers: 0, position: `${epoch}:1` })
  expect(await post('state/a')).toEqual({ receivers: 0, position: `${epoch}:2` })
  expect((await send(port, 'GET', '/v1/topics/event/a')).status).toBe(404)
  expect((await send(port, 'GET', '/v1/topics/log/a')).status).toBe(404)
  expect((await send(port, 'GET', '/v1/topics/state/a')).body).toBe('x')
})

test('GW-10: history is read in pages; text comes as text, other bytes as base64', async () => {
  const { http } = await startLive()
  const bodies = ['one', Buffer.from([0xff, 0]), 'three']
  for (const body of bodies)
    await fetch(`${http}/v1/topics/log/a`, { method: 'POST', body, headers: { 'content-type': 'text/x' } })
  const read = async (query: string) =>
    (await (await fetch(`${http}/v1/history?topic=log/%23${query}`)).json()) as Record<string, unknown>
  const first = await read('&limit=2')
  const common = { topic: 'log/a', time: expect.any(Number) as number, contentType: 'text/x' }
  expect(first).toEqual({
    messages: [
      { ...common, position: `${epoch}:1`, text: 'one' },
      { ...common, position: `${epoch}:2`, base64: '/wA=' },
    ],
    after: `${epoch}:2.0`,
    end: false,
    reset: false,
  })
  const second = await read(`&since=${String(first['after'])}`)
  expect(second).toMatchObject({
    messages: [{ text: 'three' }],
    after: `${epoch}:3`,
    end: true,
    reset: false,
  })
  expect(await read(`&since=${epoch}:3`)).toMatchObject({ messages: [], end: true, reset: false })
  expect(await read('&since=other:1')).toMatchObject({ messages: { length: 3 }, end: true, reset: true })
})

test('GW-10: a topic may be written with more of it encoded than needed', async () => {
  const { port } = await startLive()
  await send(port, 'PUT', '/v1/topics/chain/eip155%3a1/caf%c3%a9', {}, 'x')
  const { body } = await send(port, 'GET', '/v1/history?topic=%23')
  expect(JSON.parse(body)).toMatchObject({ messages: [{ topic: 'chain/eip155:1/caf%C3%A9' }] })
  expect((await send(port, 'GET', '/v1/topics/chain/eip155:1/caf%C3%A9')).body).toBe('x')
})

test.each([
  ['POST', '/v1/topics/', 400, 'TopicInvalid'],
  ['POST', '/v1/topics/a//b', 400, 'TopicInvalid'],
  ['POST', '/v1/topics/a/+', 400, 'TopicInvalid'],
  ['POST', '/v1/topics/a/../../history', 400, 'TopicInvalid'],
  ['GET', `/v1/topics/${'a/'.repeat(16)}a`, 400, 'TopicInvalid'],
  ['PUT', `/v1/topics/${'a'.repeat(65)}`, 400, 'TopicInvalid'],
  ['POST', '/v1/topics/$SYS/a', 403, 'TopicForbidden'],
  ['PATCH', '/v1/topics/a', 404, 'MethodNotFound'],
  ['GET', '/v1/history', 400, 'RequestMalformed'],
  ['GET', '/v1/history?topic=a/%23/b', 400, 'TopicInvalid'],
  ['GET', '/v1/history?topic=a&since=soon', 400, 'RequestMalformed'],
  ['GET', '/v1/history?topic=a&since=e:1.x', 400, 'RequestMalformed'],
  ['GET', '/v1/history?topic=a&limit=0', 400, 'RequestMalformed'],
  ['GET', '/v1/history?topic=a&limit=1001', 400, 'RequestMalformed'],
  ['GET', '/v1/history?topic=a&limit=1.5', 400, 'RequestMalformed'],
  ['GET', '/v1/stream', 400, 'RequestMalformed'],
  ['GET', '/v1/stream?topic=a&since=soon', 400, 'RequestMalformed'],
  ['POST', '/v1/stream?topic=a', 404, 'MethodNotFound'],
  ['GET', '/', 404, 'MethodNotFound'],
  ['GET', '//', 404, 'MethodNotFound'],
  ['GET', '/v1/topic/a', 404, 'MethodNotFound'],
])('GW-2: %s %s is answered with %i %s', async (method, path, status, name) => {
  const { port, defects } = await startLive()
  const answer = await send(port, method, path)
  expect([answer.status, errorOf(answer)]).toEqual([status, name])
  expect(defects).toEqual([])
})

test('GW-8: a body that is too large is refused, whether it says so first or not', async () => {
  const { port } = await startLive({ payloadBytes: 10 })
  expect((await send(port, 'POST', '/v1/topics/a', {}, 'x'.repeat(10))).status).toBe(200)
  for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
    const answer = await send(port, 'POST', '/v1/topics/a', headers, 'x'.repeat(11))
    expect([answer.status, errorOf(answer)]).toEqual([413, 'RequestLimitExceeded'])
  }
})

test('GW-8: a value for which there is no room is refused', async () => {
  const { port } = await startLive({ values: { messages: 1, bytes: 100, removed: 1 } })
  await send(port, 'PUT', '/v1/topics/a', {}, 'x')
  const answer = await send(port, 'PUT', '/v1/topics/b', {}, 'x')
  expect([answer.status, errorOf(answer)]).toEqual([507, 'TopicsFull'])
})

test('GW-8: names of hosts and origins of pages that the gateway does not know are refused', async () => {
  const { port } = await startLive({ origins: ['https://app.example'] })
  const statusOf = async (headers: Record<string, string>) =>
    (await send(port, 'POST', '/v1/topics/a', headers, 'x')).status
  expect(await statusOf({ host: 'evil.example' })).toBe(403)
  expect(await statusOf({ host: 'gateway.example:80' })).toBe(200)
  expect(await statusOf({ origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf({ origin: 'null' })).toBe(403)
  const answer = await send(port, 'POST', '/v1/topics/a', { origin: 'https://app.example' }, 'x')
  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, 'https://app.example'])
})

test('GW-2: a page may ask before it publishes', async () => {
  const { port } = await startLive({ origins: ['https://app.example'] })
  const asked = await send(port, 'OPTIONS', '/v1/topics/a', { origin: 'https://app.example' })
  expect(asked).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type, last-event-id',
    },
  })
  const strange = await send(port, 'OPTIONS', '/v1/topics/a', { origin: 'https://evil.example' })
  expect(strange.headers['access-control-allow-origin']).toBeUndefined()
})

test('GW-2: what else the program answers is asked first, without a key', async () => {
  const { http } = await startLive({
    access: { authenticate: (_, done) => done(undefined), can: () => 'denied' },
  })
  expect(await (await fetch(`${http}/health`)).text()).toBe('well')
})
