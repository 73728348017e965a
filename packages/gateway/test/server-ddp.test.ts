import { createRequire } from 'node:module'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { epoch, type Live, startLive } from './live/gateway.js'
import { openSocket, type SocketClient } from './live/web-socket.js'

async function openDdp({ http }: Live): Promise<SocketClient> {
  const client = await openSocket(`${http}/websocket`, undefined)
  client.say({ msg: 'connect', version: '1', support: ['1'] })
  expect(await client.next()).toEqual({ msg: 'connected', session: expect.any(String) as string })
  return client
}

function publish(client: SocketClient, topic: string, payload: unknown, id = 'm'): void {
  client.say({ msg: 'method', id, method: 'publish', params: [topic, payload] })
}

const time = expect.any(Number) as number

test('GW-2: values are documents of DDP that are added, changed field by field, and removed', async () => {
  const live = await startLive()
  const writer = await openDdp(live)
  publish(writer, 'state/lamp', { on: true })
  const result = { receivers: 0, position: `${epoch}:1` }
  expect(await writer.next()).toEqual({ msg: 'result', id: 'm', result })
  expect(await writer.next()).toEqual({ msg: 'updated', methods: ['m'] })
  const reader = await openDdp(live)
  reader.say({ msg: 'sub', id: 's', name: 'topic', params: ['state/+'] })
  const place = { collection: 'state', id: 'lamp' }
  const fields = {
    topic: 'state/lamp',
    time,
    position: `${epoch}:1`,
    contentType: 'application/json',
    payload: '{"on":true}',
  }
  expect(await reader.next()).toEqual({ msg: 'added', ...place, fields })
  expect(await reader.next()).toEqual({ msg: 'ready', subs: ['s'] })
  publish(writer, 'state/lamp', { $binary: '/w==' })
  const changed = (await reader.next()) as { fields: Record<string, unknown> }
  expect(changed).toMatchObject({ msg: 'changed', ...place, cleared: ['contentType'] })
  expect(changed.fields).toMatchObject({ position: `${epoch}:2`, payload: { $binary: '/w==' } })
  expect(changed.fields).not.toHaveProperty('topic')
  publish(writer, 'state/lamp', '')
  expect(await reader.next()).toEqual({ msg: 'removed', ...place })
})

test('GW-3: messages of a log are documents by their position, after the one that a subscription names', async () => {
  const live = await startLive()
  const client = await openDdp(live)
  for (const text of ['one', 'two']) publish(client, 'log/a', text)
  for (let i = 0; i < 4; i++) await client.next()
  client.say({ msg: 'sub', id: 's', name: 'topic', params: ['log/#', { since: `${epoch}:1` }] })
  expect(await client.next()).toMatchObject({
    msg: 'added',
    collection: 'log',
    id: `${epoch}:2`,
    fields: { payload: 'two' },
  })
  expect(await client.next()).toEqual({ msg: 'ready', subs: ['s'] })
  client.say({ msg: 'unsub', id: 's' })
  expect(await client.next()).toEqual({ msg: 'removed', collection: 'log', id: `${epoch}:2` })
  expect(await client.next()).toEqual({ msg: 'nosub', id: 's' })
})

test('GW-2: an event is added and at once removed; with two subscriptions a document comes once', async () => {
  const live = await startLive()
  const client = await openDdp(live)
  for (const id of ['s1', 's2'])
    client.say({ msg: 'sub', id, name: 'topic', params: [id === 's1' ? '#' : 'state/#'] })
  await client.until(({ msg, subs }) => msg === 'ready' && (subs as string[]).includes('s2'))
  publish(client, 'event/a', 'x')
  const added = await client.next()
  expect(added).toMatchObject({ msg: 'added', collection: 'event', fields: { payload: 'x' } })
  expect(await client.next()).toEqual({ msg: 'removed', collection: 'event', id: added['id'] })
  await client.until(({ msg }) => msg === 'updated')
  publish(client, 'state/a', 'x')
  expect((await client.next())['msg']).toBe('added')
  // The other subscription tells nothing that the client does not know.
  expect((await client.next())['msg']).toBe('result')
  await client.next()
  client.say({ msg: 'unsub', id: 's1' })
  expect(await client.next()).toEqual({ msg: 'nosub', id: 's1' })
  client.say({ msg: 'unsub', id: 's2' })
  expect(await client.next()).toEqual({ msg: 'removed', collection: 'state', id: 'a' })
})

test('GW-3: a reset takes away what a subscription had', async () => {
  const live = await startLive()
  const client = await openDdp(live)
  publish(client, 'log/a', 'one')
  await client.until(({ msg }) => msg === 'updated')
  client.say({ msg: 'sub', id: 's', name: 'topic', params: ['log/#', { since: 'other:1' }] })
  expect((await client.next())['msg']).toBe('added')
  expect((await client.next())['msg']).toBe('ready')
})

test('GW-8: a client keeps a bounded number of documents of a log', async () => {
  const live = await startLive()
  const client = await openDdp(live)
  client.say({ msg: 'sub', id: 's', name: 'topic', params: ['log/#'] })
  await client.next()
  for (let i = 0; i < 1_001; i++) publish(client, 'log/a', 'x', `${i}`)
  const removed = await client.until(({ msg }) => msg === 'removed')
  expect(removed['id']).toBe(`${epoch}:1`)
})

test('GW-2: another version is refused with the one that is spoken', async () => {
  const live = await startLive()
  const client = await openSocket(`${live.http}/websocket`, undefined)
  client.say({ msg: 'connect', version: 'pre2', support: ['pre2', '1'] })
  expect(await client.next()).toEqual({ msg: 'failed', version: '1' })
  await expect(client.next()).rejects.toThrow('ended')
})

test('GW-2: before and after connect, what DDP does not allow is answered with an error', async () => {
  const live = await startLive()
  const client = await openSocket(`${live.http}/websocket`, undefined)
  const wrong = async (said: object | string, offendingMessage: unknown) => {
    client.raw.send(typeof said === 'string' ? said : JSON.stringify(said))
    expect(await client.next()).toEqual({ msg: 'error', reason: 'Bad request', offendingMessage })
  }
  await wrong('{', null)
  await wrong({ msg: 'ping' }, { msg: 'ping' })
  client.say({ msg: 'connect', version: '1', support: ['1'] })
  await client.next()
  await wrong(
    { msg: 'connect', version: '1', support: ['1'] },
    { msg: 'connect', version: '1', support: ['1'] },
  )
  await wrong({ msg: 'sub', id: 1 }, { msg: 'sub', id: 1 })
  await wrong({ msg: 'dance' }, { msg: 'dance' })
  client.say({ msg: 'ping', id: 'p', more: 1 })
  expect(await client.next()).toEqual({ msg: 'pong', id: 'p' })
  client.say({ msg: 'ping' })
  expect(await client.next()).toEqual({ msg: 'pong' })
})

test.each([
  ['another subscription', { msg: 'sub', id: 'x', name: 'posts' }, 'MethodNotFound'],
  ['a bad filter', { msg: 'sub', id: 'x', name: 'topic', params: ['a//b'] }, 'TopicInvalid'],
  [
    'a bad position',
    { msg: 'sub', id: 'x', name: 'topic', params: ['a', { since: 'soon' }] },
    'RequestMalformed',
  ],
  ['no filter', { msg: 'sub', id: 'x', name: 'topic' }, 'RequestMalformed'],
  ['another method', { msg: 'method', id: 'x', method: 'login', params: [] }, 'MethodNotFound'],
  [
    'a topic of the gateway',
    { msg: 'method', id: 'x', method: 'publish', params: ['$SYS/a', ''] },
    'TopicForbidden',
  ],
  ['no payload', { msg: 'method', id: 'x', method: 'publish', params: ['a'] }, 'RequestMalformed'],
])('GW-2: %s is answered with an error of its own', async (_, said, reason) => {
  const client = await openDdp(await startLive())
  client.say(said)
  const answer = await client.next()
  expect(answer).toMatchObject({ id: 'x', error: { reason, errorType: 'Meteor.Error' } })
  expect(answer['msg']).toBe(said.msg === 'sub' ? 'nosub' : 'result')
  if (said.msg === 'method') expect(await client.next()).toEqual({ msg: 'updated', methods: ['x'] })
})

/** What this test uses of simpleddp, which has no types. */
type SimpleDdp = {
  readonly connect: () => Promise<unknown>
  readonly disconnect: () => Promise<unknown>
  readonly call: (method: string, ...params: unknown[]) => Promise<unknown>
  readonly subscribe: (name: string, ...params: unknown[]) => { readonly ready: () => Promise<unknown> }
  readonly collection: (name: string) => { readonly fetch: () => readonly { id: string; payload: string }[] }
}

test('GW-4: the client simpleddp publishes, subscribes and sees changes', async () => {
  const { port } = await startLive()
  const SimpleDdp = createRequire(import.meta.url)('simpleddp') as new (options: object) => SimpleDdp
  const client = new SimpleDdp({
    endpoint: `ws://127.0.0.1:${port}/websocket`,
    SocketConstructor: WebSocket,
    reconnectInterval: 60_000,
  })
  await client.connect()
  onTestFinished(async () => {
    await client.disconnect()
  })
  await client.call('publish', 'state/lamp', 'on')
  await client.subscribe('topic', 'state/#').ready()
  const lamps = client.collection('state')
  expect(lamps.fetch()).toMatchObject([{ id: 'lamp', payload: 'on' }])
  await client.call('publish', 'state/lamp', 'off')
  expect(lamps.fetch()).toMatchObject([{ id: 'lamp', payload: 'off' }])
  await client.call('publish', 'state/lamp', '')
  expect(lamps.fetch()).toEqual([])
  await expect(client.call('publish', 'a//b', '')).rejects.toMatchObject({ reason: 'TopicInvalid' })
})
