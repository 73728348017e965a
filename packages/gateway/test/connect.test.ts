import { describe, expect, test } from 'vitest'
import { createGateway } from './kit/gateway.js'

const minute = 60_000

describe('CONNECT and its answer', () => {
  test('GW-4: version 5 is told what the gateway takes', () => {
    const client = createGateway({
      limits: { receiveMaximum: 7, packetBytes: 5_000, topicAliases: 3 },
    }).dial()
    client.connect('a')
    expect(client.packets()[0]).toMatchObject({
      cmd: 'connack',
      reasonCode: 0,
      sessionPresent: false,
      properties: { receiveMaximum: 7, maximumPacketSize: 5_000, topicAliasMaximum: 3, serverKeepAlive: 60 },
    })
  })

  test('GW-4: 3.1.1 is let in without any of that', () => {
    const client = createGateway().dial(4).connect('a')
    expect(client.frames).toEqual([Buffer.from([0x20, 2, 0, 0])])
  })

  test.each([
    ['5, clean', 5, true, ['CONNACK 0x00 assignedClientIdentifier=assigned-1 serverKeepAlive=60']],
    ['5, not clean', 5, false, ['CONNACK 0x00 assignedClientIdentifier=assigned-1 serverKeepAlive=60']],
    ['3.1.1, clean', 4, true, ['CONNACK 0x00']],
    ['3.1.1, not clean', 4, false, ['CONNACK 0x02', 'END']],
  ] as const)('GW-4: a client without an identifier (%s)', (_, version, clean, expected) => {
    expect(createGateway().dial(version).connect('', { clean }).take()).toEqual(expected)
  })

  test('GW-4: two clients without identifiers have sessions of their own', () => {
    const gateway = createGateway()
    const [a, b] = [gateway.open(''), gateway.open('')]
    expect([a.hasEnded, b.hasEnded, gateway.mqtt.sessions()]).toEqual([false, false, 2])
  })

  test.each([
    [5, 'CONNACK 0x86'],
    [4, 'CONNACK 0x04'],
  ] as const)('GW-4, GW-8: wrong credentials (version %s)', (version, line) => {
    const gateway = createGateway({
      access: { authenticate: (_, done) => done(undefined) },
    })
    expect(gateway.dial(version).connect('a').take()).toEqual([line, 'END'])
    expect([gateway.mqtt.sessions(), gateway.mqtt.connections()]).toEqual([0, 0])
  })

  test.each([
    [5, 'CONNACK 0x89'],
    [4, 'CONNACK 0x03'],
  ] as const)('GW-8: more sessions than there is room for (version %s)', (version, line) => {
    const gateway = createGateway({ limits: { sessions: 1 } })
    gateway.open('a')
    expect(gateway.dial(version).connect('b').take()).toEqual([line, 'END'])
    expect(gateway.open('a').hasEnded).toBe(false)
  })

  test.each([
    ['a receive maximum of 0', { receiveMaximum: 0 }, 'CONNACK 0x82'],
    ['a largest packet of 0', { maximumPacketSize: 0 }, 'CONNACK 0x82'],
    ['an authentication that is not offered', { authenticationMethod: 'SCRAM' }, 'CONNACK 0x8c'],
    ['data of an authentication without its name', { authenticationData: Buffer.from('x') }, 'CONNACK 0x82'],
  ])('GW-4: %s is refused', (_, properties, line) => {
    expect(createGateway().dial().connect('a', { properties }).take()).toEqual([line, 'END'])
  })

  test('GW-4: PINGREQ is answered', () => {
    expect(createGateway().open('a').send({ cmd: 'pingreq' }).take()).toEqual(['PINGRESP'])
  })

  test('GW-4: when the gateway stops, 5 is told so and 3.1.1 is closed', () => {
    const gateway = createGateway()
    const [a, b, c] = [gateway.open('a'), gateway.open('b', { version: 4 }), gateway.dial()]
    gateway.mqtt.close()
    expect([a.take(), b.take(), c.take()]).toEqual([['DISCONNECT 0x8b', 'END'], ['END'], ['END']])
    expect(gateway.mqtt.connections()).toBe(0)
  })
})

describe('sessions', () => {
  const kept = { clean: false, properties: { sessionExpiryInterval: 3_600 } }

  test('GW-4: a session goes on with its subscriptions, and the client is told', () => {
    const gateway = createGateway()
    gateway.open('a', kept).hear('t').lose()
    const again = gateway.dial().connect('a', kept)
    expect(again.take()).toEqual(['CONNACK 0x00 present serverKeepAlive=60'])
    gateway.open('b').publish('t', 'x')
    expect(again.take()).toEqual(['PUBLISH t=x q0'])
  })

  test('GW-4: a clean start forgets the session', () => {
    const gateway = createGateway()
    gateway.open('a', kept).hear('t').lose()
    const again = gateway.dial().connect('a', { ...kept, clean: true })
    expect(again.take()).toEqual(['CONNACK 0x00 serverKeepAlive=60'])
    gateway.open('b').publish('t', 'x')
    expect(again.take()).toEqual([])
  })

  test('GW-4: without an expiry a session ends with its connection', () => {
    const gateway = createGateway()
    gateway.open('a', { clean: false }).hear('t').lose()
    expect(gateway.mqtt.sessions()).toBe(0)
    expect(gateway.dial().connect('a', { clean: false }).take()).toEqual(['CONNACK 0x00 serverKeepAlive=60'])
  })

  test('GW-4: a session ends when its expiry has passed, not before', () => {
    const gateway = createGateway()
    const properties = { sessionExpiryInterval: 10 }
    gateway.open('a', { properties }).lose()
    gateway.advance(9_999)
    expect(gateway.mqtt.sessions()).toBe(1)
    gateway.advance(1)
    expect(gateway.mqtt.sessions()).toBe(0)
  })

  test('GW-4: time with a connection does not count', () => {
    const gateway = createGateway()
    const options = { clean: false, keepalive: 0, properties: { sessionExpiryInterval: 10 } }
    gateway.open('a', options).lose()
    gateway.advance(9_000)
    const again = gateway.open('a', options)
    gateway.advance(20_000)
    again.lose()
    gateway.advance(9_000)
    expect(gateway.dial().connect('a', options).take()[0]).toContain('present')
  })

  test('GW-4: a session is over when its time is, although no tick has come since', () => {
    const gateway = createGateway()
    gateway.open('a', kept).lose()
    gateway.sleep(3_600_000)
    expect(gateway.dial().connect('a', kept).take()[0]).not.toContain('present')
  })

  test.each([
    ['later', 20, 100, 99, 1],
    ['sooner', 20, 5, 5, 0],
    ['at once', 20, 0, 0, 0],
  ])('GW-4: DISCONNECT changes the expiry: %s', (_, before, after, seconds, sessions) => {
    const gateway = createGateway()
    gateway.open('a', { properties: { sessionExpiryInterval: before } }).disconnect(0, after)
    gateway.advance(seconds * 1_000)
    expect(gateway.mqtt.sessions()).toBe(sessions)
  })

  test('GW-4: a session that was not to be kept cannot be kept by DISCONNECT', () => {
    const client = createGateway().open('a').disconnect(0, 10)
    expect(client.take()).toEqual(['DISCONNECT 0x82', 'END'])
  })

  test('GW-4, GW-8: an expiry beyond the longest is lowered, and 5 is told', () => {
    const gateway = createGateway({ limits: { longestSessionMs: 30_000 } })
    const client = gateway.dial().connect('a', { properties: { sessionExpiryInterval: 0xffffffff } })
    expect(client.take()).toEqual(['CONNACK 0x00 sessionExpiryInterval=30 serverKeepAlive=60'])
    client.disconnect(0, 0xffffffff)
    gateway.advance(30_000)
    expect(gateway.mqtt.sessions()).toBe(0)
  })

  test('GW-4: 3.1.1 keeps a session that is not clean, as long as the gateway keeps any', () => {
    const gateway = createGateway({ limits: { longestSessionMs: minute } })
    gateway.open('a', { version: 4, clean: false }).hear('t').lose()
    gateway.advance(minute - 1)
    expect(gateway.dial(4).connect('a', { clean: false }).take()).toEqual(['CONNACK 0x00 present'])
    expect(gateway.dial(4).connect('a', { clean: true }).take()).toEqual(['CONNACK 0x00'])
    expect(gateway.dial(4).connect('a', { clean: false }).take()).toEqual(['CONNACK 0x00'])
  })

  test('GW-4: a second connection of a client takes its session over', () => {
    const gateway = createGateway()
    const [first, old] = [gateway.open('a', kept).hear('t'), gateway.open('o', { version: 4 })]
    const second = gateway.dial().connect('a', kept)
    gateway.open('o', { version: 4 })
    expect(first.take()).toEqual(['DISCONNECT 0x8e', 'END'])
    expect(old.take()).toEqual(['END'])
    first.lose()
    first.raw(Buffer.from([0xc0, 0]))
    gateway.open('b').publish('t', 'x')
    expect(second.take()).toEqual(['CONNACK 0x00 present serverKeepAlive=60', 'PUBLISH t=x q0'])
    expect(gateway.mqtt.connections()).toBe(3)
  })
})

describe('silence', () => {
  test.each([
    [5, ['DISCONNECT 0x8d', 'END']],
    [4, ['END']],
  ] as const)('GW-4: a client is closed after one and a half keep-alives (version %s)', (version, end) => {
    const gateway = createGateway()
    const client = gateway.open('a', { version, keepalive: 10 })
    gateway.advance(15_000)
    expect(client.take()).toEqual([])
    client.send({ cmd: 'pingreq' }).take()
    gateway.advance(15_000)
    expect(client.take()).toEqual([])
    gateway.advance(1)
    expect(client.take()).toEqual(end)
  })

  test('GW-4: 3.1.1 may switch the keep-alive off, 5 is told another', () => {
    const gateway = createGateway({ limits: { longestKeepAliveSeconds: 20 } })
    const [old, none, long, short] = [
      gateway.dial(4).connect('a'),
      gateway.dial().connect('b'),
      gateway.dial().connect('c', { keepalive: 21 }),
      gateway.dial().connect('d', { keepalive: 20 }),
    ]
    const lines = [old, none, long, short].map((client) => client.take()[0])
    expect(lines).toEqual([
      'CONNACK 0x00',
      'CONNACK 0x00 serverKeepAlive=20',
      'CONNACK 0x00 serverKeepAlive=20',
      'CONNACK 0x00',
    ])
    gateway.advance(30_001)
    expect([old, none, long, short].map(({ hasEnded }) => hasEnded)).toEqual([false, true, true, true])
  })

  test('GW-8: who does not say CONNECT in time is closed without a word', () => {
    const gateway = createGateway({ limits: { connectMs: 5_000 } })
    const [nothing, half] = [gateway.dial(), gateway.dial().raw('10 20')]
    gateway.advance(4_000)
    half.raw('00')
    gateway.advance(1_000)
    expect([nothing.take(), half.take()]).toEqual([[], []])
    gateway.advance(1_000)
    expect([nothing.take(), half.take()]).toEqual([['END'], ['END']])
    expect(gateway.mqtt.connections()).toBe(0)
  })
})
