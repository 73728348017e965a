import { topicName } from '@banyan/topics'
import { describe, expect, test } from 'vitest'
import { createGateway } from './kit/gateway.js'

const kept = { clean: false, properties: { sessionExpiryInterval: 100 } }

describe('SUBSCRIBE and UNSUBSCRIBE', () => {
  test('GW-4: each filter has a code of its own, in order', () => {
    const gateway = createGateway({
      access: {
        can: (_, action, name) =>
          action === 'publish'
            ? 'granted'
            : name === 'secret'
              ? 'denied'
              : name === 'odd'
                ? 'unexplained'
                : 'granted',
      },
    })
    const filters = [
      { topic: 'a', qos: 2 },
      { topic: 'secret', qos: 1 },
      { topic: 'b/#/c', qos: 1 },
      { topic: 'odd', qos: 1 },
      { topic: 'b', qos: 1 },
      { topic: 'c' },
    ] as const
    const client = gateway.open('a').subscribe(filters, { id: 0xffff })
    expect(client.take()).toEqual(['SUBACK #65535 0x02 0x87 0x8f 0x80 0x01 0x00'])
    const old = gateway.open('b', { version: 4 }).subscribe(filters)
    expect(old.take()).toEqual(['SUBACK #1 0x02 0x80 0x80 0x80 0x01 0x00'])
    gateway.open('c').publish('secret', '').publish('odd', '').publish('b', '')
    expect(client.take()).toEqual(['PUBLISH b= q0'])
  })

  const noFilters = ['', 'a+', '+a', 'a/b#', '#/a', 'a/#/b', '$share/', '$share/g', '$share//a', '$share/g/']
  test.each([...noFilters, '$share/g+/a', '$share/#/a', 'a/'.repeat(16)])(
    'GW-4: "%s" is no filter',
    (topic) => {
      expect(createGateway().open('a').subscribe(topic).take()).toEqual(['SUBACK #1 0x8f'])
    },
  )

  test('GW-4: UNSUBACK says of each filter whether there was a subscription', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear([{ topic: 'a' }, { topic: 'b' }, { topic: '$share/g/c' }])
    expect(client.unsubscribe('b', 'x', '$share/g/c', 'b').take()).toEqual([
      'UNSUBACK #2 0x00 0x11 0x00 0x11',
    ])
    gateway.open('b').publish('a', '').publish('b', '').publish('c', '')
    expect(client.take()).toEqual(['PUBLISH a= q0'])
    const old = gateway.open('c', { version: 4 }).unsubscribe('x')
    expect(old.frames).toEqual([Buffer.from([0xb0, 2, 0, 1])])
  })

  test('GW-4: what is under way to a client is still delivered after UNSUBSCRIBE', () => {
    const gateway = createGateway()
    const client = gateway.open('a', { properties: { receiveMaximum: 1 } }).hear('t', { qos: 1 })
    gateway.open('b').publish('t', 'x', { qos: 1 }).publish('t', 'y', { qos: 1 })
    client.unsubscribe('t').take()
    expect(client.answer('puback', 1).take()).toEqual(['PUBLISH t=y q1 #2'])
  })

  test('GW-4: a subscription is replaced by another to the same filter', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear('t', { qos: 0, sid: 1 }).hear('t', { qos: 1, sid: 2 })
    gateway.open('b').publish('t', 'x', { qos: 1 })
    expect(client.take()).toEqual(['PUBLISH t=x q1 #1 subscriptionIdentifier=2'])
    client.unsubscribe('t').take()
    gateway.open('b').publish('t', 'x', { qos: 1 })
    expect(client.take()).toEqual([])
  })

  test.each([
    [0, 0, 0],
    [0, 2, 0],
    [1, 0, 0],
    [1, 1, 1],
    [1, 2, 1],
    [2, 1, 1],
    [2, 2, 2],
  ] as const)('GW-4: a subscription of QoS %s gets messages of QoS %s with QoS %s', (wanted, given, got) => {
    for (const version of [4, 5] as const) {
      const gateway = createGateway()
      const client = gateway.open('a', { version }).hear('t', { qos: wanted })
      gateway.open('b', { version }).publish('t', 'x', { qos: given })
      expect(client.take()).toEqual([`PUBLISH t=x q${got}${got > 0 ? ' #1' : ''}`])
    }
  })

  test('GW-4: filters that overlap bring a message once, by the highest QoS and with all identifiers', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear('t/#', { qos: 0, sid: 1 }).hear('t/+', { qos: 2, sid: 268_435_455 })
    client.hear('t/u', { qos: 1 }).hear('other', { qos: 2, sid: 4 })
    gateway.open('b').publish('t/u', 'x', { qos: 2 })
    const [line] = client.take()
    expect(line).toMatch(/^PUBLISH t\/u=x q2 #1 subscriptionIdentifier=/)
    expect(line!.split('=').at(-1)!.split(',').sort()).toEqual(['1', '268435455'])
  })

  test('GW-4: wildcards do not match topics that begin with $', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear([{ topic: '#' }, { topic: '+/x' }, { topic: '$SYS/+' }])
    const message = { topic: topicName('$SYS/x'), payload: Buffer.from('1'), qos: 0, retain: false }
    const nothing = { expiresAt: undefined, properties: undefined, from: undefined, frames: [] }
    gateway.hub.publish({ ...message, ...nothing } as Parameters<typeof gateway.hub.publish>[0])
    expect(client.take()).toEqual(['PUBLISH $SYS/x=1 q0'])
  })

  test('GW-4: any text is a topic that hears of itself alone', () => {
    const gateway = createGateway()
    const topics = [
      '/',
      'a//b',
      'a b',
      'é/日本/🌳',
      'a.b',
      'a*',
      '>',
      '%',
      '%41',
      'A',
      'a%2Fb',
      '$',
      '$x/$y',
      'x/$y',
      '!"&\'()',
      'ÿ',
    ]
    const clients = topics.map((topic, i) => gateway.open(`c${i}`).hear(topic))
    const publisher = gateway.open('b')
    for (const topic of topics) publisher.publish(topic, topic)
    const expected = topics.map((topic) => (topic.startsWith('$') ? [] : [`PUBLISH ${topic}=${topic} q0`]))
    expect(clients.map((client) => client.take())).toEqual(expected)
  })
})

describe('retained messages', () => {
  test('GW-4: the last one comes with a subscription, and an empty one removes it', () => {
    const gateway = createGateway()
    const publisher = gateway.open('b', { version: 4 })
    publisher
      .publish('t', '1', { retain: true })
      .publish('t', '2', { retain: true, qos: 2 })
      .publish('t', '3')
    expect(gateway.open('a').subscribe('t', { qos: 1 }).take()).toEqual([
      'SUBACK #1 0x01',
      'PUBLISH t=2 q1 #1 retained',
    ])
    publisher.publish('t', '', { retain: true })
    expect(gateway.open('c').subscribe('t').take()).toEqual(['SUBACK #1 0x00'])
  })

  test.each([4, 5] as const)('GW-4: live messages are not marked as retained (version %s)', (version) => {
    const gateway = createGateway()
    const client = gateway.open('a', { version }).hear('t')
    gateway.open('b').publish('t', '1', { retain: true }).publish('t', '', { retain: true })
    expect(client.take()).toEqual(['PUBLISH t=1 q0', 'PUBLISH t= q0'])
  })

  test('GW-4: retain-as-published keeps the mark', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear([{ topic: 't', rap: true }])
    gateway.open('b').publish('t', '1', { retain: true }).publish('t', '2')
    expect(client.take()).toEqual(['PUBLISH t=1 q0 retained', 'PUBLISH t=2 q0'])
  })

  test.each([
    [0, ['t=1', 't=1']],
    [1, ['t=1']],
    [2, []],
  ])('GW-4: retain handling %s, for a subscription and for the same again', (rh, expected) => {
    const gateway = createGateway()
    gateway.open('b').publish('t', '1', { retain: true })
    const client = gateway.open('a')
    for (const _ of [1, 2]) client.subscribe([{ topic: 't', rh }])
    const lines = client.take().filter((line) => line.startsWith('PUBLISH'))
    expect(lines).toEqual(expected.map((each) => `PUBLISH ${each} q0 retained`))
  })

  test('GW-4: retain handling 1 counts a subscription of the session as there', () => {
    const gateway = createGateway()
    gateway.open('b').publish('t', '1', { retain: true })
    gateway.open('a', kept).hear('t').lose()
    expect(
      gateway
        .open('a', kept)
        .subscribe([{ topic: 't', rh: 1 }])
        .take(),
    ).toEqual(['SUBACK #1 0x00'])
  })

  test('GW-4: those of many topics come by a filter, with its identifier', () => {
    const gateway = createGateway()
    const publisher = gateway.open('b')
    for (const topic of ['r/1', 'r/2', 'r/2/3', 's']) publisher.publish(topic, 'x', { retain: true })
    const lines = gateway.open('a').subscribe('r/+', { sid: 9 }).take()
    expect(lines.slice(1).sort()).toEqual(
      ['r/1', 'r/2'].map((topic) => `PUBLISH ${topic}=x q0 retained subscriptionIdentifier=9`),
    )
  })

  test('GW-4: one that has expired is gone', () => {
    const gateway = createGateway()
    gateway.open('b').publish('t', '1', { retain: true, properties: { messageExpiryInterval: 5 } })
    gateway.advance(2_000)
    expect(gateway.open('a').subscribe('t').take().at(-1)).toBe(
      'PUBLISH t=1 q0 retained messageExpiryInterval=3',
    )
    gateway.advance(3_000)
    expect(gateway.open('a').subscribe('t').take()).toEqual(['SUBACK #1 0x00'])
  })

  test.each([
    ['messages', { messages: 1, bytes: 100 }],
    ['bytes', { messages: 9, bytes: 1 }],
  ])('GW-8: there is room for so many %s', (_, values) => {
    const gateway = createGateway({ values })
    const client = gateway
      .open('a')
      .publish('t', '1', { retain: true, qos: 1 })
      .publish('u', '2', { retain: true, qos: 2 })
    client.publish('t', '3', { retain: true, qos: 1 })
    expect(client.take()).toEqual(['PUBACK #1 0x10', 'PUBREC #2 0x97', 'PUBACK #3 0x10'])
    const old = gateway.open('old', { version: 4 }).publish('u', '2', { retain: true, qos: 1 })
    expect(old.take()).toEqual(['END'])
    client.publish('t', '', { retain: true }).publish('u', '4', { retain: true, qos: 1 })
    expect(client.take()).toEqual(['PUBACK #4 0x10'])
  })
})

describe('no-local', () => {
  test('GW-4: leaves out what the client itself published, by one filter and not by the other', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear([{ topic: 't/+', nl: true, qos: 1 }, { topic: 'u' }])
    client.publish('t/1', 'mine').publish('u', 'mine')
    gateway.open('b').publish('t/1', 'other')
    expect(client.take()).toEqual(['PUBLISH u=mine q0', 'PUBLISH t/1=other q0'])
    client.hear('t/#')
    expect(client.publish('t/1', 'mine', { qos: 1 }).take()).toEqual(['PUBLISH t/1=mine q0', 'PUBACK #3'])
  })

  test('GW-4: holds for last values, and after the client has come back', () => {
    const gateway = createGateway()
    gateway
      .open('a', kept)
      .hear([{ topic: 't', nl: true }])
      .lose()
    const again = gateway.open('a', kept).publish('t', 'mine', { retain: true })
    expect(again.subscribe([{ topic: 't', nl: true }]).take()).toEqual(['SUBACK #1 0x00'])
    expect(again.subscribe([{ topic: 't' }]).take()).toEqual(['SUBACK #2 0x00', 'PUBLISH t=mine q0 retained'])
  })

  test('GW-4: a client of 3.1.1 hears itself', () => {
    const client = createGateway().open('a', { version: 4 }).hear('t')
    expect(client.publish('t', 'x').take()).toEqual(['PUBLISH t=x q0'])
  })
})

describe('shared subscriptions', () => {
  test('GW-4: each message goes to one member, in turn, besides those who subscribed alone', () => {
    const gateway = createGateway()
    const members = ['a', 'b', 'c'].map((id) => gateway.open(id).hear('$share/g/t', { qos: 1 }))
    const [alone, other] = [gateway.open('d').hear('t'), gateway.open('e').hear('$share/h/#')]
    const publisher = gateway.open('p')
    for (let i = 0; i < 9; i++) publisher.publish('t', `${i}`)
    const got = members.map((member) => member.take())
    expect(got.map((lines) => lines.length)).toEqual([3, 3, 3])
    expect(new Set(got.flat()).size).toBe(9)
    expect([alone.take().length, other.take().length]).toEqual([9, 9])
  })

  test('GW-4: members that are away are passed over while another is here', () => {
    const gateway = createGateway()
    const [a, b] = ['a', 'b'].map((id) => gateway.open(id, kept).hear('$share/g/t', { qos: 1 }))
    b!.lose()
    const publisher = gateway.open('p')
    for (const payload of ['1', '2']) publisher.publish('t', payload, { qos: 1 })
    expect(a!.take()).toEqual(['PUBLISH t=1 q1 #1', 'PUBLISH t=2 q1 #2'])
    a!.answer('puback', 1).answer('puback', 2).lose()
    for (const payload of ['3', '4']) publisher.publish('t', payload, { qos: 1 })
    const later = ['a', 'b'].map((id) => gateway.open(id, kept).take())
    expect(later.map((lines) => lines.length)).toEqual([1, 1])
  })

  test('GW-4: a member by two groups, and by itself, hears by each', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear([{ topic: '$share/g/t' }, { topic: '$share/h/t' }, { topic: 't' }])
    gateway.open('p').publish('t', 'x')
    expect(client.take()).toEqual(['PUBLISH t=x q0', 'PUBLISH t=x q0', 'PUBLISH t=x q0'])
  })

  test('GW-4: last values do not come by them', () => {
    const gateway = createGateway()
    gateway.open('p').publish('t', 'x', { retain: true })
    expect(gateway.open('a').subscribe('$share/g/t').take()).toEqual(['SUBACK #1 0x00'])
  })

  test('GW-4: a group ends with its last member', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear('$share/g/t')
    client.unsubscribe('$share/g/t').take()
    expect(gateway.open('p').publish('t', 'x', { qos: 1 }).take()).toEqual(['PUBACK #1 0x10'])
  })
})
