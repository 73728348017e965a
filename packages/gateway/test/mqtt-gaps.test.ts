import { createHub, createMqtt, defaultMqttLimits, type Hub, type Mqtt } from '@banyan/gateway'
import { topicFilter, topicName } from '@banyan/topics'
import { expect, test } from 'vitest'
import { Client, type ConnectOptions } from './kit/client.js'

const kept = { clean: false, properties: { sessionExpiryInterval: 100 } }

/** A gateway with logs, whose sessions keep two messages for their clients. */
function createLogs(): { readonly hub: Hub; readonly mqtt: Mqtt } {
  const clock = (): number => 0
  const hub = createHub({
    nameSpaces: [
      { filter: topicFilter('log/#'), class: 'log', retention: { messages: 99, bytes: 999, ageMs: 999 } },
    ],
    values: { messages: 10, bytes: 100, removed: 10 },
    clock,
    wallClock: clock,
    epoch: 'e1',
  })
  const access = {
    authenticate: (_: unknown, done: (principal: { name: string }) => void) => done({ name: 'any' }),
    can: () => 'granted' as const,
  }
  const limits = { ...defaultMqttLimits, waitingMessages: 2 }
  return { hub, mqtt: createMqtt({ hub, access, limits, clock, newId: () => 'new' }) }
}

function publish(hub: Hub, topic: string, texts: string): void {
  const rest = {
    qos: 1,
    retain: false,
    expiresAt: undefined,
    properties: undefined,
    from: undefined,
    frames: undefined,
  } as const
  for (const text of texts) hub.publish({ topic: topicName(topic), payload: Buffer.from(text), ...rest })
}

const connect = (mqtt: Mqtt, options: ConnectOptions) =>
  new Client(mqtt, options.version ?? 5).connect('a', options)

test('GW-3: a client that is too slow for a log is told so and begins a new session, instead of missing messages', () => {
  const { hub, mqtt } = createLogs()
  const slow = connect(mqtt, { clean: false, properties: { sessionExpiryInterval: 100, receiveMaximum: 1 } })
    .letIn()
    .hear('log/#', { qos: 1 })
  publish(hub, 'log/a', 'abcd')
  mqtt.tick()
  expect(slow.take()).toEqual([
    expect.stringContaining('PUBLISH log/a=a'),
    expect.stringContaining('DISCONNECT 0x97'),
    'END',
  ])
  expect(mqtt.sessions()).toBe(0)
  const [connack] = connect(mqtt, kept).packets()
  expect(connack).toMatchObject({ cmd: 'connack', sessionPresent: false })
})

test.each([
  [4, {}],
  [5, { properties: { sessionExpiryInterval: 100 } }],
] as const)(
  'GW-3: a client of version %i that was away for too much of a log finds no session',
  (version, rest) => {
    for (const doesTick of [false, true]) {
      const { hub, mqtt } = createLogs()
      const options = { version, clean: false, ...rest }
      connect(mqtt, options).letIn().hear('log/#', { qos: 1 }).lose()
      publish(hub, 'log/a', 'abc')
      if (doesTick) mqtt.tick()
      const [connack] = connect(mqtt, options).packets()
      expect(connack).toMatchObject({ cmd: 'connack', sessionPresent: false })
    }
  },
)

test('GW-3: what waits within the bound comes, and events beyond it are dropped without ending a session', () => {
  const { hub, mqtt } = createLogs()
  connect(mqtt, kept).letIn().hear('log/#', { qos: 1 }).hear('event', { qos: 1 }).lose()
  publish(hub, 'event', 'abcd')
  publish(hub, 'log/a', 'xy')
  mqtt.tick()
  const again = connect(mqtt, kept)
  expect(again.packets()[0]).toMatchObject({ cmd: 'connack', sessionPresent: true })
  expect(again.letIn().take()).toEqual([
    expect.stringContaining('PUBLISH log/a=x'),
    expect.stringContaining('PUBLISH log/a=y'),
  ])
})

test('GW-3: a client of MQTT 5 that names a position is given what came after it, then what comes', () => {
  const { hub, mqtt } = createLogs()
  publish(hub, 'log/a', 'xyz')
  const client = connect(mqtt, {}).letIn()
  const subscribe = (id: number, topic: string, since: string): string[] =>
    client
      .send({
        cmd: 'subscribe',
        messageId: id,
        subscriptions: [{ topic, qos: 1 }],
        properties: { userProperties: { since } },
      })
      .take()
  const lines = subscribe(1, 'log/#', 'e1:1')
  expect(lines).toEqual([
    'SUBACK #1 0x01',
    expect.stringContaining('PUBLISH log/a=y'),
    expect.stringContaining('PUBLISH log/a=z'),
  ])
  for (const id of [1, 2]) client.answer('puback', id)
  publish(hub, 'log/a', 'w')
  expect(client.take()).toEqual([expect.stringContaining('PUBLISH log/a=w')])
  expect(subscribe(2, 'log/+', 'soon')).toEqual(['SUBACK #2 0x80'])
  expect(subscribe(3, '$share/g/log/+', 'e1:1')).toEqual(['SUBACK #3 0x80'])
  // Two messages may wait, and there are four.
  expect(subscribe(4, 'log/+', 'beginning')).toEqual(['SUBACK #4 0x97'])
  expect(subscribe(5, 'log/none', 'other:1')).toEqual([expect.stringMatching(/SUBACK #5 0x01.*e1:4/)])
})
