import { expect, test } from 'vitest'
import { readEvents } from './live/event-reader.js'
import { epoch, type Live, startLive } from './live/gateway.js'
import { dialTcp, dialWebSocket, openMqtt } from './live/mqtt-client.js'
import { openSocket } from './live/web-socket.js'

/** A message as its reader is told of it: undefined where there is no position. */
type Told = { readonly topic: string; readonly text: string; readonly position: string | undefined }

type Publisher = (topic: string, text: string) => Promise<string | undefined>
type Reader = () => Promise<Told>

async function mqttPublisher({ port }: Live): Promise<Publisher> {
  const { client } = await openMqtt(dialTcp(port))
  return async (topic, text) => {
    await client.publish(topic, text)
    return undefined
  }
}

async function httpPublisher({ http }: Live): Promise<Publisher> {
  return async (topic, text) => {
    const response = await fetch(`${http}/v1/topics/${topic}`, { method: 'POST', body: text })
    return ((await response.json()) as { position: string | null }).position ?? undefined
  }
}

const socketPublisher =
  (protocol: string) =>
  async ({ http }: Live): Promise<Publisher> => {
    const client = await openSocket(http, protocol)
    return async (topic, text) => {
      client.say({ t: 'pub', id: 1, topic, text })
      return (await client.next())['position'] as string | undefined
    }
  }

async function ddpPublisher({ http }: Live): Promise<Publisher> {
  const client = await openSocket(`${http}/websocket`, undefined)
  client.say({ msg: 'connect', version: '1', support: ['1'] })
  return async (topic, text) => {
    client.say({ msg: 'method', id: '1', method: 'publish', params: [topic, text] })
    const { result } = await client.until(({ msg }) => msg === 'result')
    return (result as { position: string | null }).position ?? undefined
  }
}

const mqttReader =
  (dial: (live: Live) => Parameters<typeof openMqtt>[0]) =>
  async (live: Live): Promise<Reader> => {
    const { client } = await openMqtt(dial(live))
    await client.subscribe('#')
    return async () => {
      const { topic, payload, properties } = await client.message()
      return {
        topic,
        text: payload.toString(),
        position: properties?.userProperties?.['pos'] as string | undefined,
      }
    }
  }

async function streamReader({ http }: Live): Promise<Reader> {
  const reader = await readEvents(`${http}/v1/stream?topic=%23`)
  await reader.next()
  return async () => {
    const { data, id } = await reader.next()
    const told = data as Told
    expect(id).toBe(told.position)
    return { topic: told.topic, text: told.text, position: told.position }
  }
}

const socketReader =
  (protocol: string) =>
  async ({ http }: Live): Promise<Reader> => {
    const client = await openSocket(http, protocol)
    client.say({ t: 'sub', id: 1, topic: '#' })
    await client.next()
    return async () => {
      const { topic, text, payload, position } = await client.next()
      const read = typeof text === 'string' ? text : Buffer.from(payload as Uint8Array).toString()
      return { topic: topic as string, text: read, position: position as string | undefined }
    }
  }

async function ddpReader({ http }: Live): Promise<Reader> {
  const client = await openSocket(`${http}/websocket`, undefined)
  client.say({ msg: 'connect', version: '1', support: ['1'] })
  client.say({ msg: 'sub', id: 's', name: 'topic', params: ['#'] })
  await client.until(({ msg }) => msg === 'ready')
  return async () => {
    const { fields } = await client.until(({ msg }) => msg === 'added')
    const { topic, payload, position } = fields as { topic: string; payload: string; position?: string }
    return { topic, text: payload, position }
  }
}

test('GW-3: published by any protocol and read by any other, a message is the same, and so is its position', async () => {
  const live = await startLive()
  const publishers = {
    mqtt: await mqttPublisher(live),
    http: await httpPublisher(live),
    json: await socketPublisher('banyan.v1.json')(live),
    cbor: await socketPublisher('banyan.v1.cbor')(live),
    ddp: await ddpPublisher(live),
  }
  const readers = {
    mqtt: await mqttReader(({ port }) => dialTcp(port))(live),
    mqttOverWebSocket: await mqttReader(({ http }) => dialWebSocket(http))(live),
    events: await streamReader(live),
    json: await socketReader('banyan.v1.json')(live),
    cbor: await socketReader('banyan.v1.cbor')(live),
    ddp: await ddpReader(live),
  }
  let seq = 0
  for (const [name, publish] of Object.entries(publishers)) {
    for (const kind of ['event', 'log', 'state']) {
      const topic = `${kind}/${name}`
      const position = kind === 'event' ? undefined : `${epoch}:${++seq}`
      const answered = await publish(topic, `by ${name}`)
      if (name !== 'mqtt') expect([topic, answered]).toEqual([topic, position])
      for (const [reader, read] of Object.entries(readers))
        expect({ reader, ...(await read()) }).toEqual({ reader, topic, text: `by ${name}`, position })
    }
  }
})

test('GW-4: MQTT gives a retained message of no class with the properties that it came with', async () => {
  const live = await startLive()
  await fetch(`${live.http}/v1/topics/plain`, { method: 'PUT', body: 'x' })
  const { client } = await openMqtt(dialTcp(live.port))
  await client.subscribe('plain')
  const { retain, properties } = await client.message()
  expect([retain, properties?.userProperties]).toEqual([true, undefined])
})
