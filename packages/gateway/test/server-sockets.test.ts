import { expect, test } from 'vitest'
import { epoch, startLive } from './live/gateway.js'
import { openSocket, refusedWith, type Said } from './live/web-socket.js'

const protocols = ['banyan.v1.json', 'banyan.v1.cbor'] as const
const payloadOf = (protocol: string, text: string): Said =>
  protocol === 'banyan.v1.json' ? { text } : { payload: new Uint8Array(Buffer.from(text)) }

test.each(protocols)('GW-2: %s publishes and subscribes', async (protocol) => {
  const { http } = await startLive()
  const client = await openSocket(http, protocol)
  client.say({ t: 'pub', id: 'p', topic: 'log/a', ...payloadOf(protocol, 'one'), contentType: 'text/x' })
  expect(await client.next()).toEqual({ t: 'pubbed', id: 'p', receivers: 0, position: `${epoch}:1` })
  client.say({ t: 'sub', id: 7, topic: 'log/+', since: 'beginning' })
  expect(await client.next()).toEqual({ t: 'subbed', id: 7, position: `${epoch}:1` })
  const common = { t: 'msg', id: 7, topic: 'log/a', time: expect.any(Number) as number }
  expect(await client.next()).toEqual({
    ...common,
    position: `${epoch}:1`,
    contentType: 'text/x',
    ...payloadOf(protocol, 'one'),
  })
  client.say({ t: 'pub', topic: 'log/a', text: 'two' })
  expect(await client.next()).toEqual({ ...common, position: `${epoch}:2`, ...payloadOf(protocol, 'two') })
  client.say({ t: 'unsub', id: 7 })
  expect(await client.next()).toEqual({ t: 'unsubbed', id: 7 })
  client.say({ t: 'pub', id: 0, topic: 'event/a' })
  expect(await client.next()).toEqual({ t: 'pubbed', id: 0, receivers: 0 })
  client.say({ t: 'ping' })
  expect(await client.next()).toEqual({ t: 'pong' })
})

test.each(protocols)('GW-2: bytes that are no text arrive unchanged by %s', async (protocol) => {
  const { http } = await startLive()
  const client = await openSocket(http, protocol)
  client.say({ t: 'sub', id: 'a', topic: 'event/a' })
  await client.next()
  const bytes = Buffer.from([0, 0xff, 0xfe, 10])
  client.say({
    t: 'pub',
    topic: 'event/a',
    ...(protocol === 'banyan.v1.json' ? { base64: bytes.toString('base64') } : { payload: bytes }),
  })
  const { base64, payload } = await client.next()
  const got = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(payload as Uint8Array)
  expect(got).toEqual(bytes)
})

test.each(protocols)(
  'GW-3: %s resumes at a position, and says when that is not possible',
  async (protocol) => {
    const { http } = await startLive()
    const client = await openSocket(http, protocol)
    for (const text of ['one', 'two']) client.say({ t: 'pub', topic: 'log/a', text })
    client.say({ t: 'sub', id: 'good', topic: 'log/a', since: `${epoch}:1` })
    client.say({ t: 'sub', id: 'lost', topic: 'log/a', since: 'other:1' })
    const told: unknown[] = []
    for (let i = 0; i < 6; i++) {
      const { t, id, position } = await client.next()
      told.push([t, id, position])
    }
    expect(told).toEqual([
      ['subbed', 'good', `${epoch}:2`],
      ['msg', 'good', `${epoch}:2`],
      ['subbed', 'lost', `${epoch}:2`],
      ['reset', 'lost', undefined],
      ['msg', 'lost', `${epoch}:1`],
      ['msg', 'lost', `${epoch}:2`],
    ])
  },
)

test.each([
  ['no object', 3, undefined, 'RequestMalformed'],
  ['null', null, undefined, 'RequestMalformed'],
  ['an unknown message', { t: 'call', id: 'x' }, 'x', 'RequestMalformed'],
  ['an unknown field', { t: 'ping', id: 'x', more: 1 }, 'x', 'RequestMalformed'],
  ['a bad topic', { t: 'sub', id: 'x', topic: 'a//b' }, 'x', 'TopicInvalid'],
  ['a filter to publish to', { t: 'pub', id: 'x', topic: 'a/+' }, 'x', 'TopicInvalid'],
  ['a bad position', { t: 'sub', id: 'x', topic: 'a', since: 'soon' }, 'x', 'RequestMalformed'],
  ['two payloads', { t: 'pub', id: 'x', topic: 'a', text: '', base64: '' }, 'x', 'RequestMalformed'],
  ['bad base64', { t: 'pub', id: 'x', topic: 'a', base64: '?' }, 'x', 'RequestMalformed'],
  ['a topic of the gateway', { t: 'pub', id: 'x', topic: '$SYS/a' }, 'x', 'TopicForbidden'],
  ['an identifier that is none', { t: 'sub', id: { deep: 1 }, topic: 'a' }, undefined, 'RequestMalformed'],
])('GW-2: %s is answered with an error, and the connection goes on', async (_, said, id, name) => {
  const { http } = await startLive()
  for (const protocol of protocols) {
    const client = await openSocket(http, protocol)
    client.say(said as object)
    const answer = await client.next()
    expect([answer['t'], answer['id'], (answer['error'] as { name: string }).name]).toEqual([
      'error',
      id,
      name,
    ])
    client.say({ t: 'ping' })
    expect(await client.next()).toEqual({ t: 'pong' })
  }
})

test('GW-2: what is no JSON and no CBOR is answered with an error', async () => {
  const { http } = await startLive()
  for (const protocol of protocols) {
    const client = await openSocket(http, protocol)
    client.raw.send(Buffer.from([0xff, 0x9f, 0x5b]))
    expect(await client.next()).toMatchObject({ t: 'error', error: { name: 'RequestMalformed' } })
  }
})

test('GW-8: a payload that exceeds the limit is refused in every form, a whole message that does ends the connection', async () => {
  const { http } = await startLive({ payloadBytes: 1_000 })
  for (const protocol of protocols) {
    const client = await openSocket(http, protocol)
    client.say({ t: 'pub', id: 1, topic: 'a', text: 'x'.repeat(1_000) })
    expect((await client.next())['t']).toBe('pubbed')
    client.say({ t: 'pub', id: 1, topic: 'a', text: 'x'.repeat(1_001) })
    expect(await client.next()).toMatchObject({ t: 'error', error: { name: 'RequestLimitExceeded' } })
    client.say({ t: 'pub', id: 1, topic: 'a', text: 'x'.repeat(200_000) })
    await expect(client.next()).rejects.toThrow('ended')
  }
})

test('GW-8: one connection has a bounded number of subscriptions, each under its own identifier', async () => {
  const { http } = await startLive()
  const client = await openSocket(http, 'banyan.v1.json')
  for (let i = 0; i < 1_000; i++) client.say({ t: 'sub', id: i, topic: 'event/a' })
  await client.until(({ id }) => id === 999)
  client.say({ t: 'sub', id: 1_000, topic: 'event/a' })
  expect(await client.next()).toMatchObject({
    t: 'error',
    id: 1_000,
    error: { name: 'RequestLimitExceeded' },
  })
  client.say({ t: 'unsub', id: 5 })
  client.say({ t: 'sub', id: 6, topic: 'event/a' })
  client.say({ t: 'sub', id: 5, topic: 'event/a' })
  expect(await client.next()).toMatchObject({ t: 'unsubbed' })
  expect(await client.next()).toMatchObject({ t: 'error', id: 6, error: { name: 'RequestMalformed' } })
  expect(await client.next()).toMatchObject({ t: 'subbed', id: 5 })
})

test('GW-8: a slow client misses events and is told how many, and misses nothing of a log', async () => {
  const { http } = await startLive()
  const reader = await openSocket(http, 'banyan.v1.json')
  reader.say({ t: 'sub', id: 1, topic: '#' })
  await reader.next()
  reader.raw.pause()
  const writer = await openSocket(http, 'banyan.v1.json')
  const large = 'x'.repeat(100_000)
  const rounds = 200
  for (let i = 0; i < rounds; i++) {
    writer.say({ t: 'pub', topic: 'log/a', text: large })
    writer.say({ t: 'pub', topic: 'event/a', text: large })
  }
  writer.say({ t: 'pub', id: 'last', topic: 'log/a', text: 'end' })
  await writer.next()
  reader.raw.resume()
  const counts = { logs: 0, events: 0, missed: 0 }
  for (;;) {
    const { t, topic, text, events, position } = await reader.next()
    if (t === 'missed') counts.missed += events as number
    else if (topic === 'event/a') counts.events++
    else {
      expect(position).toBe(`${epoch}:${++counts.logs}`)
      if (text === 'end') break
    }
  }
  expect(counts.logs).toBe(rounds + 1)
  expect(counts.missed).toBeGreaterThan(0)
  expect(counts.events + counts.missed).toBe(rounds)
})

test('GW-2: a WebSocket that names no protocol of the gateway is refused, and one from a strange page', async () => {
  const { http } = await startLive()
  expect(await refusedWith(http, [])).toBe(400)
  expect(await refusedWith(http, ['other.v1'])).toBe(400)
  expect(await refusedWith(http, ['banyan.v1.json'], { origin: 'https://evil.example' })).toBe(403)
  expect(await refusedWith(http, ['mqtt'], { origin: 'https://evil.example' })).toBe(403)
  expect(await refusedWith(`${http}/websocket`, [], { host: 'evil.example' })).toBe(403)
})

test('GW-2: of several protocols the first that the gateway speaks is taken', async () => {
  const { http } = await startLive()
  const client = await openSocket(http, 'banyan.v1.json')
  expect(client.raw.protocol).toBe('banyan.v1.json')
  const { WebSocket } = await import('ws')
  const several = new WebSocket(http.replace('http', 'ws'), ['other', 'banyan.v1.cbor', 'mqtt'])
  await new Promise((resolve) => several.on('open', resolve))
  expect(several.protocol).toBe('banyan.v1.cbor')
  several.terminate()
})
