import { describe, expect, test } from 'vitest'
import type { Client } from './kit/client.js'
import { createGateway, type TestGateway } from './kit/gateway.js'

const kept = { clean: false, properties: { sessionExpiryInterval: 100 } }

function publishAll(gateway: TestGateway, qos: 1 | 2, payloads: string): void {
  const client = gateway.open('publisher')
  for (const payload of payloads) client.publish('t', payload, { qos, id: 1 }).answer('pubrel', 1)
}

/** What came, by the payloads and packet identifiers of messages. */
function heard(client: Client): string {
  return client
    .take()
    .map((line) => /^PUBLISH t=(\w) q\d (#\d+)( dup)?/.exec(line)?.slice(1).join('') ?? line)
    .join(' ')
}

describe('messages to a client', () => {
  test('GW-4: QoS 1 is over with PUBACK', () => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos: 1 })
    publishAll(gateway, 2, 'x')
    expect(client.take()).toEqual(['PUBLISH t=x q1 #1'])
    expect(client.answer('puback', 1).answer('puback', 1).answer('puback', 77).take()).toEqual([])
    client.lose()
    expect(gateway.open('a', kept).take()).toEqual([])
  })

  test.each([
    ['before PUBREC', 0, ['PUBLISH t=x q2 #1 dup']],
    ['after PUBREC', 1, ['PUBREL #1']],
    ['after PUBCOMP', 2, []],
  ])('GW-4: QoS 2, if the connection is lost %s', (_, steps, again) => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos: 2 })
    publishAll(gateway, 2, 'x')
    expect(client.take()).toEqual(['PUBLISH t=x q2 #1'])
    if (steps > 0)
      expect(client.answer('pubrec', 1).answer('pubrec', 1).take()).toEqual(['PUBREL #1', 'PUBREL #1'])
    if (steps > 1) expect(client.answer('pubcomp', 1).take()).toEqual([])
    client.lose()
    const second = gateway.open('a', kept)
    expect(second.take()).toEqual(again)
    second.lose()
    expect(gateway.open('a', { version: 4, clean: false }).take()).toEqual(again)
  })

  test('GW-4: PUBREC with an error ends QoS 2', () => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos: 2 })
    publishAll(gateway, 2, 'x')
    client.take()
    expect(client.answer('pubrec', 1, 0x97).take()).toEqual([])
    expect(client.answer('pubrec', 1).take()).toEqual(['PUBREL #1 0x92'])
    client.lose()
    expect(gateway.open('a', kept).take()).toEqual([])
  })

  test('GW-4: PUBREC of a number that is unknown', () => {
    expect(createGateway().open('a').answer('pubrec', 5).take()).toEqual(['PUBREL #5 0x92'])
    expect(createGateway().open('a', { version: 4 }).answer('pubrec', 5).take()).toEqual(['PUBREL #5'])
  })

  test.each([
    ['PUBREC for QoS 1', 1, 'pubrec'],
    ['PUBREC with an error for QoS 1', 1, 'refused'],
    ['PUBCOMP for QoS 1', 1, 'pubcomp'],
    ['PUBACK for QoS 2', 2, 'puback'],
    ['PUBCOMP before PUBREC', 2, 'pubcomp'],
  ] as const)('GW-4: %s ends the connection and loses no message', (_, qos, answer) => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos })
    publishAll(gateway, qos, 'x')
    client.take()
    if (answer === 'refused') client.answer('pubrec', 1, 0x80)
    else client.answer(answer, 1)
    expect(client.take()).toEqual(['DISCONNECT 0x82', 'END'])
    expect(gateway.open('a', kept).take()).toEqual([`PUBLISH t=x q${qos} #1 dup`])
  })

  test('GW-4: what was not acknowledged comes again first and in order, then what waited', () => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos: 1 })
    publishAll(gateway, 1, 'abcd')
    client.answer('puback', 2).lose()
    publishAll(gateway, 1, 'ef')
    expect(heard(gateway.open('a', kept))).toBe('a#1 dup c#3 dup d#4 dup e#5 f#6')
  })

  test('GW-4: PUBRELs are repeated in the order of the PUBRECs', () => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos: 2 })
    publishAll(gateway, 2, 'abcd')
    client.answer('pubrec', 3).answer('pubrec', 1).answer('pubrec', 3).lose()
    expect(heard(gateway.open('a', kept))).toBe('b#2 dup d#4 dup PUBREL #3 PUBREL #1')
  })

  test('GW-4: QoS 0 does not wait for a client that is away', () => {
    const gateway = createGateway()
    gateway.open('a', kept).hear('t', { qos: 2 }).lose()
    gateway.open('b').publish('t', 'x')
    expect(gateway.open('a', kept).take()).toEqual([])
  })
})

describe('the receive maximum of a client', () => {
  const two = { clean: false, properties: { sessionExpiryInterval: 100, receiveMaximum: 2 } }

  test('GW-4: no more messages are under way than it takes', () => {
    const gateway = createGateway()
    const client = gateway.open('a', two).hear('t', { qos: 2 })
    publishAll(gateway, 2, 'abcd')
    expect(heard(client)).toBe('a#1 b#2')
    expect(heard(client.answer('pubrec', 2))).toBe('PUBREL #2')
    expect(heard(client.answer('pubcomp', 2))).toBe('c#3')
    expect(heard(client.answer('pubrec', 1, 0x80))).toBe('d#4')
  })

  test('GW-4: QoS 0 is not held up', () => {
    const gateway = createGateway()
    const client = gateway.open('a', two).hear('t', { qos: 1 })
    publishAll(gateway, 1, 'abc')
    client.take()
    gateway.open('b').publish('t', 'x')
    expect(client.take()).toEqual(['PUBLISH t=x q0'])
  })

  test('GW-4: it bounds what is sent again, too, and each is sent once', () => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos: 1 })
    publishAll(gateway, 1, 'abcde')
    client.lose()
    const again = gateway.open('a', two)
    expect(heard(again)).toBe('a#1 dup b#2 dup')
    expect(heard(again.answer('puback', 4))).toBe('')
    expect(heard(again.answer('puback', 2))).toBe('c#3 dup')
    expect(heard(again.answer('puback', 1))).toBe('e#5 dup')
    expect(heard(again.answer('puback', 3).answer('puback', 5))).toBe('')
  })

  test('GW-4: 65,535 messages may be under way, and numbers are used again', () => {
    const gateway = createGateway({ limits: { waitingMessages: 100_000 } })
    const client = gateway.open('a').hear('t', { qos: 1 })
    const messages = Buffer.from('32 06 0001 74 0001 00'.replaceAll(' ', ''), 'hex')
    gateway.open('publisher').raw(Buffer.concat(Array(65_537).fill(messages)))
    // The number of a message is the two bytes after header and topic.
    const numbers = client.frames.map((frame) => frame.readUInt16BE(5))
    expect(numbers).toEqual(Array.from({ length: 65_535 }, (_, i) => i + 1))
    client.frames = []
    expect(client.answer('puback', 40_000).take()).toEqual(['PUBLISH t= q1 #40000'])
    expect(client.answer('puback', 7).take()).toEqual(['PUBLISH t= q1 #7'])
  })
})

describe('the largest packet of a client', () => {
  const limited = (maximumPacketSize: number) => ({ properties: { maximumPacketSize } })

  test('GW-4: what exceeds it is left out as if it had been sent', () => {
    const gateway = createGateway()
    // Header 2, topic 3, identifier 2, properties 1.
    const fits = gateway.open('a', limited(18)).hear('t', { qos: 1 })
    const exceeds = gateway.open('b', limited(17)).hear('t', { qos: 1 })
    gateway.open('c').publish('t', '0123456789', { qos: 1 }).publish('t', 'short', { qos: 1 })
    expect(fits.take()).toEqual(['PUBLISH t=0123456789 q1 #1', 'PUBLISH t=short q1 #2'])
    expect(exceeds.take()).toEqual(['PUBLISH t=short q1 #2'])
  })

  test('GW-4: for QoS 0 as well, and when it is sent again', () => {
    const gateway = createGateway()
    const small = gateway.open('a', limited(15)).hear('t')
    gateway.open('c').publish('t', '0123456789').publish('t', '012345678')
    expect(small.take()).toEqual(['PUBLISH t=012345678 q0'])
    gateway.open('b', kept).hear('t', { qos: 1 }).lose()
    publishAll(gateway, 1, 'x')
    gateway.open('b', kept).lose()
    const again = gateway.open('b', { clean: false, properties: { maximumPacketSize: 8 } })
    expect(again.take()).toEqual([])
    publishAll(gateway, 1, 'y')
    expect(again.take()).toEqual([])
  })

  test('GW-4: an alias does not make a packet too long', () => {
    const gateway = createGateway()
    const client = gateway
      .open('a', { properties: { maximumPacketSize: 20, topicAliasMaximum: 5 } })
      .hear('#')
    const publisher = gateway.open('b')
    for (let length = 10; length < 20; length++) publisher.publish('t', 'x'.repeat(length))
    expect(Math.max(...client.frames.map((frame) => frame.length))).toBeLessThanOrEqual(20)
    expect(client.take().length).toBe(5)
    expect(client.hasEnded).toBe(false)
  })
})

test('GW-4: aliases to a client: its first topics get one each, which lasts for its connection', () => {
  const gateway = createGateway()
  const options = { clean: false, properties: { sessionExpiryInterval: 100, topicAliasMaximum: 2 } }
  const client = gateway.open('a', options).hear('#', { qos: 1 })
  const publisher = gateway.open('b')
  for (const topic of ['s', 't', 'u', 's', 't', 'u']) publisher.publish(topic, '')
  const expected = [
    's= q0 topicAlias=1',
    't= q0 topicAlias=2',
    'u= q0',
    '= q0 topicAlias=1',
    '= q0 topicAlias=2',
    'u= q0',
  ]
  expect(client.take()).toEqual(expected.map((line) => `PUBLISH ${line}`))
  publisher.publish('t', '', { qos: 1 })
  expect(client.take()).toEqual(['PUBLISH = q1 #1 topicAlias=2'])
  client.lose()
  expect(gateway.open('a', options).take()).toEqual(['PUBLISH t= q1 #1 dup topicAlias=1'])
})
