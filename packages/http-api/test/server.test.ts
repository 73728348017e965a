import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { banyanError } from '@banyan/base'
import {
  closeServer,
  errorBody,
  judgeRequest,
  listenOn,
  publicError,
  readJsonBody,
  sendJson,
  urlOf,
} from '@banyan/http-api/server'
import { expect, onTestFinished, test } from 'vitest'

const judge = (headers: OutgoingHttpHeaders) =>
  judgeRequest({ hosts: ['node.example'], origins: ['https://console.example'] }, {
    headers,
  } as IncomingMessage)

test.each([
  'localhost',
  'localhost:80',
  'LOCALHOST:80',
  'app.localhost',
  '127.0.0.1:4400',
  '127.9.9.9',
  '[::1]:80',
  'node.example:9',
])('QLT-9: a program may ask by the name %s', (host) => {
  expect(judge({ host })).toEqual({ allowed: true, headers: {} })
})

test.each([
  undefined,
  '',
  'rebound.example',
  'localhost.example',
  'node.example.org',
  '10.0.0.1',
  'a b',
  '[::2]',
])('QLT-9: nobody may ask by the name %s', (host) => {
  expect(judge({ host })).toMatchObject({ allowed: false, error: { kind: 'OriginRefused' } })
})

test.each([
  ['https://console.example', true],
  ['http://localhost:5173', true],
  ['chrome-extension://abcdef', true],
  ['https://other.example', false],
  ['https://console.example.org', false],
  ['https://localhost.example', false],
  ['null', false],
])('QLT-9: a page of %s may ask: %s', (origin, allowed) => {
  const verdict = judge({ host: 'localhost', origin })
  expect(verdict.allowed).toBe(allowed)
  const headers = { 'access-control-allow-origin': origin, vary: 'origin' }
  if (allowed) expect(verdict).toEqual({ allowed, headers })
})

/** A server that gives bodies back, and what asks it. */
async function serve() {
  const server = createServer((incoming, response) => {
    readJsonBody(incoming, 64).then(
      (json) => sendJson(response, 200, JSON.stringify(json)),
      (error: unknown) => {
        response.setHeader('connection', 'close')
        sendJson(response, 400, JSON.stringify(errorBody(publicError(error))))
      },
    )
  })
  const port = await listenOn(server, 0, '127.0.0.1')
  onTestFinished(() => closeServer(server))
  return { port, url: urlOf('127.0.0.1', port) }
}

/** Sends parts of a body without telling its length before. */
function post(url: string, ...parts: readonly string[]): Promise<{ status: number; json: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST' }, async (response) => {
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      expect(response.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      resolve({ status: response.statusCode!, json: JSON.parse(text) })
    })
    sent.on('error', reject)
    for (const part of parts) sent.write(part)
    sent.end()
  })
}

test('QLT-9: bodies are read whole and bounded, whether they tell their length or not', async () => {
  const { url } = await serve()
  expect(await post(url, '{"a":', '"é"}')).toEqual({ status: 200, json: { a: 'é' } })
  const full = JSON.stringify('x'.repeat(62))
  expect((await post(url, full)).status).toBe(200)
  const refused = {
    status: 400,
    json: { error: { name: 'RequestLimitExceeded', retryable: expect.any(Boolean) } },
  }
  expect(await post(url, full.slice(0, 60), full.slice(60), ' ')).toMatchObject(refused)
  const told = await fetch(url, { method: 'POST', body: 'x'.repeat(65) })
  expect(await told.json()).toMatchObject(refused.json)
  expect(await post(url, '{"a"')).toMatchObject({
    status: 400,
    json: { error: { name: 'RequestMalformed' } },
  })
})

test('QLT-9: what is a defect is told to nobody', () => {
  for (const thrown of [
    new TypeError('inner'),
    banyanError('InvariantBroken', { invariant: 'inner' }),
    'inner',
  ]) {
    const told = errorBody(publicError(thrown))
    expect(told.error.name).toBe('RequestFailed')
    expect(JSON.stringify(told)).not.toContain('inner')
  }
  const known = errorBody(publicError(banyanError('DiskFull', { path: 'data' }))).error
  expect(known).toMatchObject({ name: 'DiskFull', code: expect.stringMatching(/^BYN-/) })
  for (const text of [known.message, known.cause, known.fix, known.docs]) expect(text).not.toBe('')
})

test('QLT-11: a port that is taken is told, and addresses of IPv6 stand in brackets', async () => {
  const { port } = await serve()
  await expect(listenOn(createServer(), port, '127.0.0.1')).rejects.toMatchObject({
    kind: 'ApiUnreachable',
    details: { host: '127.0.0.1', port },
  })
  expect([urlOf('::1', 7), urlOf('localhost', 7)]).toEqual(['http://[::1]:7', 'http://localhost:7'])
})
