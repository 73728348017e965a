import { describe, expect, test } from 'vitest'
import { createGateway } from './kit/gateway.js'

const kept = { clean: false, properties: { sessionExpiryInterval: 100 } }
const keptOld = { version: 4, clean: false } as const

describe('messages from a client', () => {
  test.each([
    [5, 0, [], []],
    [5, 1, ['PUBACK #9'], []],
    [5, 2, ['PUBREC #9'], ['PUBCOMP #9']],
    [4, 1, ['PUBACK #9'], []],
    [4, 2, ['PUBREC #9'], ['PUBCOMP #9']],
  ] as const)('GW-4: version %s and QoS %s are answered', (version, qos, first, second) => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('t', { qos: 2 })
    const client = gateway.open('a', { version }).publish('t', 'x', { qos, id: 9 })
    expect(client.take()).toEqual(first)
    expect(watcher.take()).toEqual([`PUBLISH t=x q${qos}${qos > 0 ? ' #1' : ''}`])
    if (qos === 2) client.answer('pubrel', 9)
    expect(client.take()).toEqual(second)
    expect(watcher.take()).toEqual([])
  })

  test.each([
    [5, 1, 'PUBACK #9 0x10'],
    [5, 2, 'PUBREC #9 0x10'],
    [4, 1, 'PUBACK #9'],
    [4, 2, 'PUBREC #9'],
  ] as const)(
    'GW-4: version %s is told of QoS %s that nobody hears it, if it can be',
    (version, qos, line) => {
      const client = createGateway().open('a', { version }).publish('t', 'x', { qos, id: 9 })
      expect(client.take()).toEqual([line])
    },
  )

  test('GW-4: QoS 1 that is sent again is published again', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('t')
    gateway.open('a').publish('t', 'x', { qos: 1, id: 5 }).publish('t', 'x', { qos: 1, id: 5, dup: true })
    expect(watcher.take()).toEqual(['PUBLISH t=x q0', 'PUBLISH t=x q0'])
  })

  test('GW-4: QoS 2 that is sent again is not, and is answered again', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('t')
    const client = gateway.open('a').publish('t', 'x', { qos: 2, id: 5 })
    client.publish('t', 'x', { qos: 2, id: 5, dup: true }).publish('t', 'y', { qos: 2, id: 6 })
    client.answer('pubrel', 6).answer('pubrel', 5).answer('pubrel', 5)
    expect(client.take()).toEqual([
      'PUBREC #5',
      'PUBREC #5',
      'PUBREC #6',
      'PUBCOMP #6',
      'PUBCOMP #5',
      'PUBCOMP #5 0x92',
    ])
    expect(watcher.take()).toEqual(['PUBLISH t=x q0', 'PUBLISH t=y q0'])
  })

  test('GW-4: a number that was released is free for another message', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('t')
    const client = gateway.open('a')
    for (const payload of ['x', 'y']) client.publish('t', payload, { qos: 2, id: 5 }).answer('pubrel', 5)
    expect(watcher.take()).toEqual(['PUBLISH t=x q0', 'PUBLISH t=y q0'])
  })

  test.each([
    ['5', kept],
    ['3.1.1', keptOld],
  ])('GW-4: QoS 2 comes once although the connection is lost at any step (version %s)', (_, options) => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('t')
    gateway.open('a', options).publish('t', 'x', { qos: 2, id: 5 }).lose()
    const again = gateway.open('a', options).publish('t', 'x', { qos: 2, id: 5, dup: true })
    expect(again.take()).toEqual(['PUBREC #5'])
    again.answer('pubrel', 5).lose()
    const third = gateway.open('a', options).answer('pubrel', 5)
    expect(third.take()[0]).toMatch(/^PUBCOMP #5/)
    expect(watcher.take()).toEqual(['PUBLISH t=x q0'])
  })

  test('GW-4: without its session a number means nothing any more', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('t')
    gateway.open('a').publish('t', 'x', { qos: 2, id: 5 }).lose()
    gateway.open('a').publish('t', 'y', { qos: 2, id: 5 })
    expect(watcher.take()).toEqual(['PUBLISH t=x q0', 'PUBLISH t=y q0'])
  })

  test('GW-4: PUBREL of a number that is unknown', () => {
    expect(createGateway().open('a').answer('pubrel', 7).take()).toEqual(['PUBCOMP #7 0x92'])
    expect(createGateway().open('a', { version: 4 }).answer('pubrel', 7).take()).toEqual(['PUBCOMP #7'])
  })
})

describe('the receive maximum of the gateway', () => {
  const limits = { receiveMaximum: 2 }

  test('GW-4, GW-8: one message of QoS 2 more than that ends a connection of 5', () => {
    const client = createGateway({ limits }).open('a')
    client.publish('t', '', { qos: 2, id: 1 }).publish('t', '', { qos: 2, id: 2 }).take()
    client.publish('t', '', { qos: 2, id: 2, dup: true }).publish('t', '', { qos: 0 })
    expect(client.take()).toEqual(['PUBREC #2'])
    client.answer('pubrel', 1).publish('t', '', { qos: 2, id: 3 })
    expect(client.take()).toEqual(['PUBCOMP #1', 'PUBREC #3 0x10'])
    expect(client.publish('t', '', { qos: 1, id: 4 }).take()).toEqual(['DISCONNECT 0x93', 'END'])
  })

  test('GW-4: the count begins anew with a connection', () => {
    const gateway = createGateway({ limits })
    const client = gateway.open('a', kept)
    client.publish('t', '', { qos: 2, id: 1 }).publish('t', '', { qos: 2, id: 2 }).lose()
    const again = gateway.open('a', kept)
    again.publish('t', '', { qos: 2, id: 3 }).publish('t', '', { qos: 2, id: 1, dup: true })
    expect(again.take()).toEqual(['PUBREC #3 0x10', 'PUBREC #1'])
    expect(again.publish('t', '', { qos: 2, id: 2, dup: true }).hasEnded).toBe(true)
  })

  test('GW-4: 3.1.1 knows no such maximum', () => {
    const client = createGateway({ limits }).open('a', { version: 4 })
    for (let id = 1; id <= 10; id++) client.publish('t', '', { qos: 2, id })
    expect(client.take()).toHaveLength(10)
  })

  test('GW-4: a message that is refused does not count', () => {
    const client = createGateway({ limits, access: { can: () => 'denied' } }).open('a')
    for (let id = 1; id <= 5; id++) client.publish('t', '', { qos: 2, id })
    expect(client.take()).toEqual([1, 2, 3, 4, 5].map((id) => `PUBREC #${id} 0x87`))
  })
})

describe('what a client may not publish', () => {
  const access = {
    can: (_: unknown, action: string) => (action === 'publish' ? 'denied' : 'granted'),
  } as const

  test.each([
    [5, 0, ['DISCONNECT 0x87', 'END']],
    [5, 1, ['PUBACK #9 0x87']],
    [5, 2, ['PUBREC #9 0x87']],
    [4, 0, ['END']],
    [4, 1, ['END']],
    [4, 2, ['END']],
  ] as const)('GW-4, GW-8: version %s and QoS %s', (version, qos, lines) => {
    const gateway = createGateway({ access })
    const watcher = gateway.open('watcher').hear('#')
    expect(gateway.open('a', { version }).publish('t', 'x', { qos, id: 9 }).take()).toEqual(lines)
    expect(watcher.take()).toEqual([])
  })

  test.each([
    [5, 0, []],
    [5, 1, ['PUBACK #9 0x87']],
    [5, 2, ['PUBREC #9 0x87']],
    [4, 0, []],
    [4, 1, ['PUBACK #9']],
    [4, 2, ['PUBREC #9']],
  ] as const)('GW-4, GW-8: names of the gateway itself, version %s and QoS %s', (version, qos, lines) => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('$SYS/#')
    expect(gateway.open('a', { version }).publish('$SYS/x', 'x', { qos, id: 9 }).take()).toEqual(lines)
    expect(watcher.take()).toEqual([])
  })

  test.each([
    ['17 levels', 'a/'.repeat(16)],
    ['a level of 65 bytes', 'a'.repeat(65)],
    ['a level of 65 bytes after encoding', 'é'.repeat(33)],
  ])('GW-4, GW-8: a name with %s', (_, topic) => {
    expect(createGateway().open('a').publish(topic, 'x', { qos: 1 }).take()).toEqual([
      'DISCONNECT 0x90',
      'END',
    ])
  })

  test('GW-4, GW-8: a packet beyond the largest', () => {
    const gateway = createGateway({ limits: { packetBytes: 100 } })
    const packet = (payload: number): Buffer =>
      Buffer.concat([Buffer.of(0x30, payload + 4, 0, 1, 0x61, 0), Buffer.alloc(payload)])
    expect(gateway.open('a').raw(packet(94)).take()).toEqual([])
    expect(gateway.open('a').raw(packet(95)).take()).toEqual(['DISCONNECT 0x95', 'END'])
    expect(gateway.open('a').raw(packet(95).subarray(0, 2)).take()).toEqual(['DISCONNECT 0x95', 'END'])
  })
})

describe('aliases of topics from a client', () => {
  const alias = (topicAlias: number) => ({ properties: { topicAlias } })

  test('GW-4: an alias stands for its topic until it gets another', () => {
    const gateway = createGateway({ limits: { topicAliases: 2 } })
    const watcher = gateway.open('watcher').hear('#')
    const client = gateway.open('a').publish('s', '1', alias(1)).publish('t', '2', alias(2))
    client
      .publish('', '3', alias(1))
      .publish('u', '4', alias(1))
      .publish('', '5', alias(1))
      .publish('', '6', alias(2))
    expect(watcher.take().map((line) => line.split(' ')[1])).toEqual([
      's=1',
      't=2',
      's=3',
      'u=4',
      'u=5',
      't=6',
    ])
    expect(client.publish('s', '', alias(3)).take()).toEqual(['DISCONNECT 0x94', 'END'])
  })

  test('GW-4: aliases end with their connection, and are no other client’s', () => {
    const gateway = createGateway()
    gateway.open('a', kept).publish('s', '1', alias(1)).lose()
    for (const id of ['a', 'b'])
      expect(gateway.open(id, kept).publish('', '2', alias(1)).take()).toEqual(['DISCONNECT 0x82', 'END'])
  })
})
