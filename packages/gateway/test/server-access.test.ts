import { createHash } from 'node:crypto'
import { accessByKeys } from '@banyan/gateway'
import { expect, test } from 'vitest'
import { readEvents } from './live/event-reader.js'
import { startLive } from './live/gateway.js'
import { dialTcp, dialWebSocket, openMqtt } from './live/mqtt-client.js'
import { openSocket, refusedWith } from './live/web-socket.js'

const key = 'a-long-random-key'
const access = accessByKeys({
  principals: [
    {
      name: 'ann',
      key: createHash('sha256').update(key).digest('hex'),
      publish: ['own/#'],
      subscribe: ['own/#', 'news'],
    },
  ],
})
const bearer = { authorization: `Bearer ${key}` }

test('GW-8: HTTP wants a key that the gateway knows, and the right to the topic', async () => {
  const { http } = await startLive({ access })
  const ask = async (method: string, path: string, headers: Record<string, string>) => {
    const response = await fetch(`${http}${path}`, {
      method,
      headers,
      ...(method !== 'GET' && { body: 'x' }),
    })
    const body = (await response.json()) as { error?: { name: string } }
    return [response.status, body.error?.name]
  }
  expect(await ask('POST', '/v1/topics/own/a', {})).toEqual([401, 'GatewayKeyWrong'])
  expect(await ask('POST', '/v1/topics/own/a', { authorization: 'Bearer wrong' })).toEqual([
    401,
    'GatewayKeyWrong',
  ])
  expect(await ask('POST', '/v1/topics/own/a', bearer)).toEqual([200, undefined])
  expect(await ask('POST', `/v1/topics/own/a?key=${key}`, {})).toEqual([200, undefined])
  const forbidden = [403, 'TopicForbidden']
  expect(await ask('POST', '/v1/topics/news', bearer)).toEqual(forbidden)
  expect(await ask('PUT', '/v1/topics/news', bearer)).toEqual(forbidden)
  expect(await ask('DELETE', '/v1/topics/news', bearer)).toEqual(forbidden)
  expect(await ask('GET', '/v1/topics/other', bearer)).toEqual(forbidden)
  expect(await ask('GET', '/v1/history?topic=%23', bearer)).toEqual(forbidden)
  expect(await ask('GET', '/v1/history?topic=own/%23', bearer)).toEqual([200, undefined])
  expect(await ask('GET', '/v1/stream?topic=%23', bearer)).toEqual(forbidden)
})

test('GW-8: event streams and WebSockets take the key from the query too, because pages have no other way', async () => {
  const { http } = await startLive({ access })
  expect((await readEvents(`${http}/v1/stream?topic=news&key=${key}`)).status).toBe(200)
  for (const protocol of ['banyan.v1.json', 'banyan.v1.cbor']) {
    expect(await refusedWith(http, [protocol])).toBe(401)
    const client = await openSocket(`${http}/?key=${key}`, protocol)
    client.say({ t: 'sub', id: 1, topic: '#' })
    expect(await client.next()).toMatchObject({ t: 'error', id: 1, error: { name: 'TopicForbidden' } })
    client.say({ t: 'pub', id: 2, topic: 'news' })
    expect(await client.next()).toMatchObject({ t: 'error', id: 2, error: { name: 'TopicForbidden' } })
    client.say({ t: 'pub', id: 3, topic: 'own/a' })
    expect(await client.next()).toMatchObject({ t: 'pubbed', id: 3 })
  }
  expect(await refusedWith(`${http}/websocket`, [])).toBe(401)
})

test('GW-8: MQTT takes the key as password, and says what is not allowed', async () => {
  const { port, http } = await startLive({ access })
  const refused = await openMqtt(dialTcp(port), {
    connect: { username: 'ann', password: Buffer.from('wrong') },
  })
  expect(refused.connack).toMatchObject({ reasonCode: 0x86 })
  for (const stream of [dialTcp(port), dialWebSocket(http)]) {
    const { client, connack } = await openMqtt(stream, {
      connect: { username: 'ann', password: Buffer.from(key) },
    })
    expect(connack).toMatchObject({ reasonCode: 0 })
    expect(await client.subscribe('#')).toMatchObject({ granted: [0x87] })
    expect(await client.subscribe('own/+')).toMatchObject({ granted: [1] })
    expect(await client.publish('news', 'x')).toMatchObject({ reasonCode: 0x87 })
    expect(await client.publish('own/a', 'x')).not.toMatchObject({ reasonCode: 0x87 })
    expect((await client.message()).topic).toBe('own/a')
  }
})
