import { describe, expect, test } from 'vitest'
import { createGateway } from './kit/gateway.js'

const kept = { clean: false, properties: { sessionExpiryInterval: 1_000 } }

describe('what publishers say of messages', () => {
  test('GW-4, GW-10: request and response, type and form reach the receiver as they are', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear('t')
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'application/json',
      responseTopic: 'answers/é//1',
      correlationData: Buffer.from('42'),
      userProperties: { k: 'v' },
    }
    gateway.open('b').publish('t', '{}', { properties })
    expect(client.take()).toEqual([
      'PUBLISH t={} q0 payloadFormatIndicator=true contentType=application/json responseTopic=answers/é//1' +
        ' correlationData=42 userProperties={"k":"v"}',
    ])
  })

  test('GW-4: an empty text or zero is not nothing', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear('t')
    const said = '0100 03 0000 09 0000 26 0000 0000'.replaceAll(' ', '')
    gateway.open('b').raw(`30 12 0001 74 0d ${said} 78`)
    expect(client.frames[0]!.toString('hex')).toContain(said)
    expect(client.packets()[0]).toMatchObject({ payload: Buffer.from('x') })
  })

  test('GW-4: properties of its user keep their order and may be repeated', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear('t')
    const pair = (name: string, value: string): string =>
      `260001${Buffer.from(name).toString('hex')}0001${Buffer.from(value).toString('hex')}`
    const pairs = [pair('x', '1'), pair('y', '2'), pair('x', '3'), pair('x', '1')].join('')
    gateway.open('b').raw(`30 20 0001 74 1c ${pairs}`)
    expect(client.frames[0]!.toString('hex')).toContain(pairs)
  })

  test('GW-4: 3.1.1 gets the message alone', () => {
    const gateway = createGateway()
    const client = gateway.open('a', { version: 4 }).hear('t')
    gateway.open('b').publish('t', 'x', { properties: { contentType: 'a/b', userProperties: { k: 'v' } } })
    expect(client.frames).toEqual([Buffer.from([0x30, 4, 0, 1, 0x74, 0x78])])
  })

  test('GW-4: payloads are bytes, of any length', () => {
    const gateway = createGateway()
    const client = gateway.open('a').hear('t')
    for (const length of [0, 1, 100, 127, 128, 16_383, 16_384, 100_000]) {
      const payload = Buffer.from(Array.from({ length }, (_, i) => i & 255))
      gateway.open('b').publish('t', payload)
      const [packet] = client.packets()
      expect(packet?.cmd === 'publish' && payload.equals(packet.payload as Buffer)).toBe(true)
      client.take()
    }
  })

  test('GW-4: the bytes of a packet may be used again by the socket once it was received', () => {
    const gateway = createGateway()
    const client = gateway.open('a', kept).hear('t', { qos: 1 })
    client.lose()
    const bytes = Buffer.from('32130001740001 0b 0900017826000161000162 7979'.replaceAll(' ', ''), 'hex')
    gateway.open('b').publish('r', 'last', { retain: true }).raw(bytes)
    bytes.fill(0)
    const [line] = gateway.open('a', kept).take()
    expect(line).toBe('PUBLISH t=yy q1 #1 correlationData=x userProperties={"a":"b"}')
  })
})

describe('the expiry of messages', () => {
  const expiry = (seconds: number) => ({ qos: 1, properties: { messageExpiryInterval: seconds } }) as const

  test('GW-4: a receiver is told the time that is left', () => {
    const gateway = createGateway()
    const here = gateway.open('here', kept).hear('t', { qos: 1 })
    gateway.open('away', kept).hear('t', { qos: 1 }).lose()
    gateway.open('b').publish('t', 'x', expiry(10))
    gateway.advance(4_000)
    expect(here.take()).toEqual(['PUBLISH t=x q1 #1 messageExpiryInterval=10'])
    expect(gateway.open('away', kept).take()).toEqual(['PUBLISH t=x q1 #1 messageExpiryInterval=6'])
  })

  test('GW-4: one that has expired before its turn is not sent', () => {
    const gateway = createGateway()
    gateway.open('a', kept).hear('t', { qos: 2 }).lose()
    const publisher = gateway.open('b')
    publisher.publish('t', 'x', expiry(3)).publish('t', 'y').publish('t', 'z', expiry(4))
    gateway.advance(3_000)
    expect(gateway.open('a', kept).take()).toEqual(['PUBLISH t=z q1 #1 messageExpiryInterval=1'])
  })

  test('GW-4: one that was sent before it expired is sent again', () => {
    const gateway = createGateway()
    gateway.open('a', kept).hear('t', { qos: 1 })
    gateway.open('b').publish('t', 'x', expiry(3))
    gateway.advance(10_000)
    expect(gateway.open('a', kept).take()[0]).toMatch(/^PUBLISH t=x q1 #1 dup/)
  })
})
