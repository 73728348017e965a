import { describe, expect, test } from 'vitest'
import type { Client } from './kit/client.js'
import { createGateway } from './kit/gateway.js'

const will = { topic: 'w', payload: 'gone', qos: 1, retain: false } as const
const delayed = { ...will, properties: { willDelayInterval: 10 } }
const kept = { clean: false, properties: { sessionExpiryInterval: 100 } }

describe('a will', () => {
  test.each([
    ['its connection is lost', (client: Client) => client.lose()],
    ['it is silent for too long', (_: Client, advance: (ms: number) => void) => advance(91_000)],
    ['it breaks the rules', (client: Client) => client.raw('f0 00')],
    ['it says so in DISCONNECT', (client: Client) => client.disconnect(4)],
    ['it leaves because of an error', (client: Client) => client.disconnect(0x80)],
  ])('GW-4: the will of a client is published when %s', (_, leave) => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher', { version: 4 }).hear('w', { qos: 1 })
    leave(gateway.open('a', { will }), gateway.advance)
    expect(watcher.take()).toEqual(['PUBLISH w=gone q1 #1'])
  })

  test.each([4, 5] as const)('GW-4: DISCONNECT takes the will back (version %s)', (version) => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    gateway.open('a', { version, will }).disconnect()
    gateway.open('b', { version, will, ...(version === 4 && { clean: false }) }).disconnect()
    gateway.advance(5_000)
    expect(watcher.take()).toEqual([])
  })

  test('GW-4: a will is kept as a last value if it asks for that', () => {
    const gateway = createGateway()
    gateway.open('a', { will: { ...will, retain: true } }).lose()
    const watcher = gateway.open('watcher').subscribe('w', { qos: 2 })
    expect(watcher.take()).toEqual(['SUBACK #1 0x02', 'PUBLISH w=gone q1 #1 retained'])
  })

  test('GW-4: a will has all that its client said of it, and is valid from when it is published', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    const properties = {
      willDelayInterval: 10,
      payloadFormatIndicator: true,
      messageExpiryInterval: 7,
      contentType: 'text/plain',
      responseTopic: 'r',
      correlationData: Buffer.from('c'),
      userProperties: { b: ['1', '2'], a: '3' },
    }
    gateway.open('a', { ...kept, will: { ...will, properties } }).lose()
    gateway.advance(10_000)
    expect(watcher.take()).toEqual([
      'PUBLISH w=gone q0 payloadFormatIndicator=true messageExpiryInterval=7 contentType=text/plain' +
        ' responseTopic=r correlationData=c userProperties={"b":["1","2"],"a":"3"}',
    ])
  })

  test('GW-4: properties of its user keep their order', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    const pair = (name: string, value: string): string =>
      `26 0001 ${Buffer.from(name).toString('hex')} 0001 ${Buffer.from(value).toString('hex')}`
    const pairs = [pair('x', '1'), pair('y', '2'), pair('x', '3')].join('')
    const connect = `10 2a 0004 4d515454 05 06 0000 00 0001 61 15 ${pairs} 0001 77 0001 21`
    gateway.dial().raw(connect).lose()
    expect(watcher.frames[0]!.toString('hex')).toContain(pairs.replaceAll(' ', ''))
  })

  test('GW-4: a delayed will is published once its time is over', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    gateway.open('a', { ...kept, will: delayed }).lose()
    gateway.advance(9_999)
    expect(watcher.take()).toEqual([])
    gateway.advance(1)
    expect(watcher.take()).toEqual(['PUBLISH w=gone q0'])
    gateway.advance(50_000)
    expect(watcher.take()).toEqual([])
  })

  test('GW-4: the end of the session publishes a will that still waits', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    gateway.open('a', { properties: { sessionExpiryInterval: 3 }, will: delayed }).lose()
    gateway.advance(2_999)
    expect(watcher.take()).toEqual([])
    gateway.advance(1)
    expect(watcher.take()).toEqual(['PUBLISH w=gone q0'])
    gateway.open('b', { will: delayed }).lose()
    expect(watcher.take()).toEqual(['PUBLISH w=gone q0'])
  })

  test('GW-4: who comes back in time has no will published', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    gateway.open('a', { ...kept, will: delayed }).lose()
    gateway.advance(5_000)
    gateway.open('a', kept).disconnect()
    gateway.advance(50_000)
    expect(watcher.take()).toEqual([])
  })

  test('GW-4: a clean start ends the session, and with that publishes the will', () => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    gateway.open('a', { ...kept, will: delayed }).lose()
    gateway.open('a')
    expect(watcher.take()).toEqual(['PUBLISH w=gone q0'])
  })

  test.each([
    ['at once', will, ['PUBLISH w=gone q0']],
    ['not, as its session goes on before its delay is over', delayed, []],
  ])('GW-4: the will of a connection that is taken over is published %s', (_, each, expected) => {
    const gateway = createGateway()
    const watcher = gateway.open('watcher').hear('w')
    gateway.open('a', { ...kept, will: each })
    gateway.open('a', kept).disconnect()
    gateway.advance(50_000)
    expect(watcher.take()).toEqual(expected)
  })
})

describe('a will that is refused', () => {
  test.each([
    ['may not be published', { ...will, topic: 'secret' }, 'CONNACK 0x87'],
    ['is of the gateway itself', { ...will, topic: '$SYS/x' }, 'CONNACK 0x87'],
    ['is a filter', { ...will, topic: 'a/+' }, 'CONNACK 0x90'],
    ['has a filter for answers', { ...will, properties: { responseTopic: '#' } }, 'CONNACK 0x90'],
  ])('GW-4, GW-8: whose topic %s', (_, each, line) => {
    const gateway = createGateway({
      access: { can: (_principal, _action, name) => (name === 'secret' ? 'denied' : 'granted') },
    })
    const before = gateway.open('a', kept)
    expect(
      gateway
        .dial()
        .connect('a', { ...kept, will: each })
        .take(),
    ).toEqual([line, 'END'])
    expect([before.hasEnded, gateway.mqtt.sessions()]).toEqual([false, 1])
    expect(gateway.dial(4).connect('b', { will: { ...each, properties: {} } }).hasEnded).toBe(
      line !== 'CONNACK 0x90' || each.topic !== 'w',
    )
  })
})
