import type { Principal } from '@banyan/gateway'
import { describe, expect, test } from 'vitest'
import { createGateway } from './kit/gateway.js'

const kept = { clean: false, properties: { sessionExpiryInterval: 100 } }

describe('messages that wait for a client', () => {
  test('GW-8: beyond a number the oldest are dropped', () => {
    const gateway = createGateway({ limits: { waitingMessages: 2 } })
    gateway.open('a', kept).hear('t', { qos: 1 }).lose()
    const publisher = gateway.open('b')
    for (const payload of 'abcd') publisher.publish('t', payload, { qos: 1 })
    expect(gateway.open('a', kept).take()).toEqual(['PUBLISH t=c q1 #1', 'PUBLISH t=d q1 #2'])
  })

  test('GW-8: beyond a number of bytes, too, whatever they are', () => {
    const gateway = createGateway({ limits: { waitingBytes: 100 } })
    gateway.open('a', kept).hear('t', { qos: 1 }).lose()
    const publisher = gateway.open('b')
    const parts = {
      payload: ['x'.repeat(60), {}],
      user: ['', { userProperties: { k: 'x'.repeat(59) } }],
      correlation: ['', { correlationData: Buffer.alloc(60, 'x') }],
    } as const
    for (const [payload, properties] of Object.values(parts))
      publisher.publish('t', payload, { qos: 1, properties })
    const lines = gateway.open('a', kept).take()
    expect(lines).toEqual([`PUBLISH t= q1 #1 correlationData=${'x'.repeat(60)}`])
  })

  test('GW-8: what is under way is not dropped', () => {
    const gateway = createGateway({ limits: { waitingMessages: 1 } })
    const client = gateway.open('a', { properties: { receiveMaximum: 1 } }).hear('t', { qos: 1 })
    const publisher = gateway.open('b')
    for (const payload of 'abc') publisher.publish('t', payload, { qos: 1 })
    expect(client.take()).toEqual(['PUBLISH t=a q1 #1'])
    expect(client.answer('puback', 1).take()).toEqual(['PUBLISH t=c q1 #2'])
  })

  test('GW-4: thousands come in their order', () => {
    const gateway = createGateway()
    const client = gateway.open('a', { properties: { receiveMaximum: 7 } }).hear('t', { qos: 1 })
    const message = (i: number): Buffer => Buffer.from([0x32, 8, 0, 1, 0x74, 0, 1, 0, i >> 8, i & 255])
    gateway.open('b').raw(Buffer.concat(Array.from({ length: 5_000 }, (_, i) => message(i))))
    const got: number[] = []
    while (client.frames.length > 0) {
      const frames = client.frames
      client.frames = []
      for (const frame of frames) {
        got.push(frame.readUInt16BE(8))
        client.raw(Buffer.from([0x40, 2, frame[5]!, frame[6]!]))
      }
    }
    expect(got).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
  })
})

describe('a client that does not read', () => {
  const limits = { backlogBytes: 1_000, packetBytes: 500 }

  test('GW-8: gets no messages of QoS 0 meanwhile, and of others one at a time', () => {
    const gateway = createGateway({ limits })
    const client = gateway.open('a').hear('t', { qos: 1 })
    const publisher = gateway.open('b')
    client.backlog = 1_001
    publisher.publish('t', '0')
    for (const payload of 'abc') publisher.publish('t', payload, { qos: 1 })
    expect(client.take()).toEqual(['PUBLISH t=a q1 #1'])
    expect(client.answer('puback', 1).take()).toEqual(['PUBLISH t=b q1 #2'])
    client.backlog = 1_000
    expect(client.answer('puback', 2).take()).toEqual(['PUBLISH t=c q1 #3'])
    publisher.publish('t', '1')
    expect(client.take()).toEqual(['PUBLISH t=1 q0'])
  })

  test.each([4, 5] as const)('GW-8: and asks all the same is closed (version %s)', (version) => {
    const client = createGateway({ limits }).open('a', { version })
    client.backlog = 2_500
    expect(client.send({ cmd: 'pingreq' }).take()).toEqual(['PINGRESP'])
    client.backlog = 2_501
    const end = version === 5 ? ['DISCONNECT 0x97', 'END'] : ['END']
    expect(client.send({ cmd: 'pingreq' }).take()).toEqual(end)
  })
})

test('GW-8: a session has so many subscriptions, and may replace them', () => {
  const gateway = createGateway({ limits: { subscriptionsPerSession: 2 } })
  const client = gateway
    .open('a')
    .subscribe([{ topic: 'a' }, { topic: 'b' }, { topic: 'c' }, { topic: 'b', qos: 1 }])
  expect(client.take()).toEqual(['SUBACK #1 0x00 0x00 0x97 0x01'])
  client.unsubscribe('a').take()
  expect(client.subscribe('c').take()).toEqual(['SUBACK #3 0x00'])
})

describe('while credentials are looked at', () => {
  function slowGateway(packetBytes = 1_000) {
    const waiting: ((principal: Principal | undefined) => void)[] = []
    const gateway = createGateway({
      limits: { packetBytes, connectMs: 5_000 },
      access: { authenticate: (_, done) => waiting.push(done) },
    })
    return { gateway, decide: (principal?: Principal) => waiting.shift()!(principal) }
  }

  test('GW-4: packets that come early are dealt with afterwards, in order', () => {
    const { gateway, decide } = slowGateway()
    const client = gateway.dial().connect('a').subscribe('t').publish('t', 'x', { qos: 1 }).disconnect()
    expect(client.take()).toEqual([])
    decide({ name: 'a' })
    expect(client.take().slice(1)).toEqual(['SUBACK #1 0x00', 'PUBLISH t=x q0', 'PUBACK #2', 'END'])
  })

  test('GW-8: nothing of them is done for a client that is refused', () => {
    const { gateway, decide } = slowGateway()
    const watcher = gateway.dial().connect('w')
    decide({ name: 'w' })
    watcher.hear('t')
    const client = gateway.dial().connect('a').publish('t', 'x')
    decide(undefined)
    expect([client.take(), watcher.take()]).toEqual([['CONNACK 0x86', 'END'], []])
  })

  test('GW-8: so many packets and bytes may come early', () => {
    const { gateway } = slowGateway()
    const many = gateway.dial().connect('a')
    for (let i = 0; i < 100; i++) many.send({ cmd: 'pingreq' })
    expect(many.take()).toEqual([])
    expect(many.send({ cmd: 'pingreq' }).take()).toEqual(['CONNACK 0x97', 'END'])
    const large = gateway.dial().connect('b').publish('t', 'x'.repeat(700))
    expect(large.take()).toEqual([])
    expect(large.publish('t', 'x'.repeat(300)).take()).toEqual(['CONNACK 0x97', 'END'])
  })

  test('GW-4, GW-8: a client that goes away or breaks the rules meanwhile has no session', () => {
    const { gateway, decide } = slowGateway()
    const clients = [gateway.dial(), gateway.dial(), gateway.dial(), gateway.dial(4)].map((client) =>
      client.connect('a'),
    )
    clients[0]!.lose()
    clients[1]!.connect('a')
    clients[2]!.raw('f0 00')
    gateway.advance(5_001)
    for (const _ of clients) decide({ name: 'a' })
    expect([gateway.mqtt.sessions(), gateway.mqtt.connections()]).toEqual([0, 0])
    expect(clients.slice(1).map((client) => client.take())).toEqual([
      ['CONNACK 0x82', 'END'],
      ['CONNACK 0x82', 'END'],
      ['END'],
    ])
  })
})

test('GW-8: a packet that comes byte by byte costs no more memory than its length', () => {
  const gateway = createGateway({ limits: { packetBytes: 1 << 20 } })
  const watcher = gateway.open('watcher').hear('t')
  const client = gateway.open('a')
  const payload = 50_000
  const before = process.memoryUsage().arrayBuffers
  client.raw(Buffer.from([0x30, 0xd4, 0x86, 0x03, 0, 1, 0x74, 0]))
  const byte = Buffer.from('x')
  for (let i = 1; i < payload; i++) client.raw(byte)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * payload)
  client.raw(byte)
  expect(watcher.packets()[0]).toMatchObject({ payload: Buffer.alloc(payload, 'x') })
})
