import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listen } from './kit/listen.js'

type Heard = {
  readonly topic: string
  readonly payload: string
  readonly qos: number
  readonly retain: boolean
}

function dial(port: number, options: IClientOptions): MqttClient {
  const client = connect(`${options.protocol ?? 'mqtt'}://127.0.0.1:${port}`, {
    reconnectPeriod: 0,
    ...options,
  })
  // Closing a connection that was broken on purpose is no error.
  client.on('error', () => {})
  onTestFinished(async () => client.endAsync(true))
  return client
}

async function open(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const client = dial(port, options)
  await new Promise((connected) => client.once('connect', connected))
  return client
}

/** Messages of a client, from when it is called. */
function hear(client: MqttClient): {
  readonly heard: Heard[]
  readonly until: (count: number) => Promise<Heard[]>
} {
  const heard: Heard[] = []
  let wake = (): void => {}
  client.on('message', (topic, payload, { qos, retain }) => {
    heard.push({ topic, payload: String(payload), qos, retain })
    wake()
  })
  const until = async (count: number): Promise<Heard[]> => {
    while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve))
    return heard
  }
  return { heard, until }
}

describe.each([4, 5] as const)('mqtt.js, version %s', (protocolVersion) => {
  test('GW-4: messages of every QoS and size arrive in order', async () => {
    const { port } = await listen()
    const [a, b] = [await open(port, { protocolVersion }), await open(port, { protocolVersion })]
    const messages = hear(a)
    const granted = await a.subscribeAsync('t/#', { qos: 2 })
    expect(granted.map(({ qos }) => qos)).toEqual([2])
    const payloads = ['', 'x', 'é'.repeat(100), 'y'.repeat(100_000)]
    for (const qos of [0, 1, 2] as const)
      for (const payload of payloads) await b.publishAsync(`t/${qos}`, payload, { qos })
    const expected = [0, 1, 2].flatMap((qos) =>
      payloads.map((payload) => ({ topic: `t/${qos}`, payload, qos, retain: false })),
    )
    expect(await messages.until(12)).toEqual(expected)
  })

  test('GW-4: last values come with a subscription', async () => {
    const { port } = await listen()
    const [a, b] = [await open(port, { protocolVersion }), await open(port, { protocolVersion })]
    await b.publishAsync('kept', 'value', { qos: 1, retain: true })
    await b.publishAsync('removed', 'value', { qos: 1, retain: true })
    await b.publishAsync('removed', '', { qos: 1, retain: true })
    const messages = hear(a)
    await a.subscribeAsync(['removed', 'kept'], { qos: 1 })
    expect(await messages.until(1)).toEqual([{ topic: 'kept', payload: 'value', qos: 1, retain: true }])
  })

  test('GW-4: a will is published when a connection breaks', async () => {
    const { port } = await listen()
    const watcher = await open(port, { protocolVersion })
    const messages = hear(watcher)
    await watcher.subscribeAsync('w', { qos: 2 })
    const will = { topic: 'w', payload: Buffer.from('gone'), qos: 2, retain: false } as const
    const left = await open(port, { protocolVersion, will })
    await left.endAsync()
    const lost = await open(port, { protocolVersion, will: { ...will, payload: Buffer.from('lost') } })
    lost.stream.destroy()
    expect(await messages.until(1)).toEqual([{ topic: 'w', payload: 'lost', qos: 2, retain: false }])
  })

  test('GW-4: a session waits for its client', async () => {
    const { port } = await listen()
    const properties = protocolVersion === 5 ? { properties: { sessionExpiryInterval: 100 } } : {}
    const options = { protocolVersion, clean: false, clientId: 'kept', ...properties }
    const first = await open(port, options)
    await first.subscribeAsync('t', { qos: 2 })
    await first.endAsync()
    const publisher = await open(port, { protocolVersion })
    await publisher.publishAsync('t', '1', { qos: 1 })
    await publisher.publishAsync('t', '2', { qos: 2 })
    const messages = hear(dial(port, options))
    expect((await messages.until(2)).map(({ payload }) => payload)).toEqual(['1', '2'])
  })
})

test('GW-4, GW-10: mqtt.js asks and is answered, with the properties of version 5', async () => {
  const { port } = await listen()
  const [asks, answers] = [await open(port, { protocolVersion: 5 }), await open(port, { protocolVersion: 5 })]
  answers.on('message', (_, payload, { properties }) => {
    const { correlationData } = properties ?? {}
    answers.publish(properties!.responseTopic!, `${payload}!`, {
      qos: 1,
      properties: { correlationData: correlationData! },
    })
  })
  await answers.subscribeAsync('service')
  await asks.subscribeAsync('answers/1', { qos: 1, properties: { subscriptionIdentifier: 5 } })
  const answer = new Promise((resolve) =>
    asks.on('message', (topic, payload, { properties }) =>
      resolve([
        topic,
        String(payload),
        String(properties?.correlationData),
        properties?.subscriptionIdentifier,
      ]),
    ),
  )
  const properties = { responseTopic: 'answers/1', correlationData: Buffer.from('42') }
  await asks.publishAsync('service', 'hello', { properties })
  expect(await answer).toEqual(['answers/1', 'hello!', '42', 5])
})

test('GW-2, GW-4: mqtt.js speaks over a WebSocket, too', async () => {
  const { port } = await listen()
  const [a, b] = [await open(port, { protocol: 'ws' }), await open(port)]
  const messages = hear(a)
  await a.subscribeAsync('t', { qos: 1 })
  const payload = 'x'.repeat(100_000)
  await b.publishAsync('t', payload, { qos: 2 })
  await a.publishAsync('t', payload, { qos: 0 })
  expect((await messages.until(2)).map(({ qos }) => qos)).toEqual([1, 0])
})
