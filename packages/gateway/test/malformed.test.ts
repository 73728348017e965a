import { expect, test } from 'vitest'
import { createGateway, type TestGateway } from './kit/gateway.js'

/** CONNECT of a client `a`: flags, keep-alive, properties (5), and what follows the identifier. */
function connect(version: 4 | 5, flags: string, properties: string, rest = ''): string {
  const body = `0004 4d515454 0${version} ${flags} 0000 ${properties} 0001 61 ${rest}`.replaceAll(' ', '')
  return `10 ${(body.length / 2).toString(16).padStart(2, '0')} ${body}`
}

const firstPackets = [
  ['a PUBLISH', '30 03 0001 61', ['END']],
  [
    'another protocol',
    Buffer.from(
      'GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: somebody who errs about the port\r\n\r\n',
    ),
    ['END'],
  ],
  ['the name of another protocol', '10 0c 0004 4d515455 04 02 0000 0000', ['END']],
  ['MQTT 3.1', '10 0f 0006 4d5149736470 03 02 0000 0001 61', ['CONNACK 0x01', 'END']],
  ['a version to come', connect(5, '02', '00').replace('545405', '545406'), ['CONNACK 0x01', 'END']],
  ['the bridge form of a version', '10 0d 0004 4d515454 84 02 0000 0001 61', ['CONNACK 0x01', 'END']],
  ['a length of five bytes', '10 ff ff ff ff 01', ['END']],
  ['an end within', '10 06 0004 4d515454', ['END']],
  ['flags of its header', connect(4, '02', '').replace('10', '11'), ['END']],
] as const

test.each(firstPackets)('GW-4: a connection that begins with %s is refused', (_, bytes, lines) => {
  const gateway = createGateway()
  expect(gateway.dial(4).raw(bytes).take()).toEqual(lines)
  expect(gateway.mqtt.connections()).toBe(0)
})

/** Those that 5 refuses with a code and 3.1.1 without a word. */
const connects: readonly (readonly [string, string, string, string])[] = [
  ['the reserved flag', '03', '00', ''],
  ['a will of QoS 3', '1e', '00', '0001 77 0001 21'],
  ['the QoS of no will', '0a', '00', ''],
  ['the retention of no will', '22', '00', ''],
  ['a name that is not there', '82', '00', ''],
  ['bytes at its end', '02', '00', '00'],
  ['a name that is no UTF-8', '82', '00', '0001 ff'],
  ['a name with U+0000', '82', '00', '0003 610062'],
  ['a name with a surrogate', '82', '00', '0003 eda080'],
]
test.each(connects)('GW-4: CONNECT with %s', (_, flags, properties, rest) => {
  expect(
    createGateway()
      .dial()
      .raw(connect(5, flags, properties, rest))
      .take(),
  ).toEqual(['CONNACK 0x81', 'END'])
  expect(
    createGateway()
      .dial(4)
      .raw(connect(4, flags, '', rest))
      .take(),
  ).toEqual(['END'])
})

const properties: readonly (readonly [string, string, string])[] = [
  ['a property twice', '0a 11 00000000 11 00000000', '0x82'],
  ['a property twice, as a flag that is 0', '04 17 00 17 00', '0x82'],
  ['a flag that is 2', '02 19 02', '0x82'],
  ['a property of PUBLISH', '02 01 01', '0x81'],
  ['a property that nobody knows', '02 7f 01', '0x81'],
  ['properties that end within one', '03 11 0000', '0x81'],
  ['properties beyond its end', '7f 11', '0x81'],
  ['a length of properties of five bytes', 'ffffffff01', '0x81'],
  ['a text of its user that is no UTF-8', '08 26 0001 c1 0002 6161', '0x81'],
]
test.each(properties)('GW-4: CONNECT of 5 with %s', (_, bytes, code) => {
  expect(
    createGateway()
      .dial()
      .raw(connect(5, '02', bytes))
      .take(),
  ).toEqual([`CONNACK ${code}`, 'END'])
})

test('GW-4: 3.1.1 has no password without a name, and 5 has', () => {
  expect(
    createGateway()
      .dial(4)
      .raw(connect(4, '42', '', '0001 70'))
      .take(),
  ).toEqual(['END'])
  expect(
    createGateway()
      .dial()
      .raw(connect(5, '42', '00', '0001 70'))
      .take()[0],
  ).toMatch(/^CONNACK 0x00/)
})

/** What ends a connection of 5 with a code and one of 3.1.1 without: bytes for both, or for 5 and 3.1.1. */
const laterPackets: readonly (readonly [string, string, string, string?])[] = [
  ['a second CONNECT', '0x82', connect(5, '02', '00'), connect(4, '02', '')],
  ['a packet of type 0', '0x82', '00 00'],
  ['CONNACK', '0x82', '20 02 0000'],
  ['SUBACK', '0x82', '90 04 0001 00 00'],
  ['PINGRESP', '0x82', 'd0 00'],
  ['AUTH', '0x82', 'f0 00'],
  ['PINGREQ with a body', '0x81', 'c0 01 00'],
  ['PINGREQ with flags', '0x81', 'c1 00'],
  ['PUBACK with flags', '0x81', '42 02 0001'],
  ['PUBREL without its flags', '0x81', '60 02 0001'],
  ['SUBSCRIBE without its flags', '0x81', '80 07 0001 00 0001 61 00', '80 06 0001 0001 61 00'],
  ['UNSUBSCRIBE without its flags', '0x81', 'a0 06 0001 00 0001 61', 'a0 05 0001 0001 61'],
  ['DISCONNECT with flags', '0x81', 'e1 00'],
  ['a length of five bytes', '0x81', '30 80 80 80 80 01'],
  ['PUBLISH of QoS 3', '0x81', '36 06 0001 61 0001 00'],
  ['PUBLISH of QoS 0 that is sent again', '0x81', '38 04 0001 61 00'],
  ['PUBLISH number 0', '0x82', '32 06 0001 61 0000 00'],
  ['PUBLISH without a topic', '0x82', '30 03 0000 00'],
  ['PUBLISH to a filter of one level', '0x90', '30 04 0001 2b 00'],
  ['PUBLISH to a filter of all', '0x90', '30 06 0003 612f23 00'],
  ['PUBLISH with U+0000 in its topic', '0x81', '30 04 0001 00 00'],
  ['PUBLISH with a topic that is no UTF-8', '0x81', '30 05 0002 c080 00'],
  ['PUBLISH that ends within its topic', '0x81', '30 03 0002 61'],
  ['PUBLISH that ends within its number', '0x81', '32 04 0001 61 00'],
  ['PUBACK number 0', '0x82', '40 02 0000'],
  ['PUBREC number 0', '0x82', '50 02 0000'],
  ['PUBREL number 0', '0x82', '62 02 0000'],
  ['PUBCOMP number 0', '0x82', '70 02 0000'],
  ['PUBACK that ends within its number', '0x81', '40 01 00'],
  ['SUBSCRIBE number 0', '0x82', '82 07 0000 00 0001 61 00', '82 06 0000 0001 61 00'],
  ['SUBSCRIBE without a filter', '0x82', '82 03 0001 00', '82 02 0001'],
  ['SUBSCRIBE without options', '0x81', '82 06 0001 00 0001 61', '82 05 0001 0001 61'],
  ['SUBSCRIBE with QoS 3', '0x81', '82 07 0001 00 0001 61 03', '82 06 0001 0001 61 03'],
  ['SUBSCRIBE with reserved options', '0x81', '82 07 0001 00 0001 61 40', '82 06 0001 0001 61 04'],
  ['SUBSCRIBE with U+0000 in a filter', '0x81', '82 07 0001 00 0001 00 00', '82 06 0001 0001 00 00'],
  ['UNSUBSCRIBE number 0', '0x82', 'a2 06 0000 00 0001 61', 'a2 05 0000 0001 61'],
  ['UNSUBSCRIBE without a filter', '0x82', 'a2 03 0001 00', 'a2 02 0001'],
]

function afterConnect(gateway: TestGateway, version: 4 | 5, bytes: string): string[] {
  return gateway.open('a', { version }).raw(bytes).take()
}

const laterOfBoth = laterPackets.map(([name, code, bytes, old]) => [name, code, bytes, old ?? bytes] as const)
test.each(laterOfBoth)('GW-4: %s ends the connection', (_, code, bytes, ofOldVersion) => {
  const gateway = createGateway()
  const other = gateway.open('other')
  expect(afterConnect(gateway, 5, bytes)).toEqual([`DISCONNECT ${code}`, 'END'])
  expect(afterConnect(gateway, 4, ofOldVersion)).toEqual(['END'])
  expect([other.hasEnded, gateway.mqtt.connections(), gateway.mqtt.sessions()]).toEqual([false, 1, 1])
})

/** Of 5 alone. */
const laterPacketsOf5: readonly (readonly [string, string, string])[] = [
  ['a length of properties in more bytes than it needs', '0x81', '30 05 0001 61 8000'],
  ['a retain handling of 3', '0x81', '82 07 0001 00 0001 61 30'],
  ['a subscription identifier of 0', '0x82', '82 09 0001 02 0b00 0001 61 00'],
  ['a subscription identifier twice', '0x82', '82 0b 0001 04 0b01 0b02 0001 61 00'],
  ['a subscription identifier of five bytes', '0x81', '82 0d 0001 06 0bffffffff01 0001 61 00'],
  ['no-local of a shared subscription', '0x82', '82 10 0001 00 000a 2473686172652f672f61 04'],
  ['a property of SUBSCRIBE that it has not', '0x81', '82 09 0001 02 0101 0001 61 00'],
  ['a property of UNSUBSCRIBE that it has not', '0x81', 'a2 08 0001 02 0b01 0001 61'],
  ['a subscription identifier in PUBLISH', '0x82', '30 06 0001 61 02 0b01'],
  ['a property of PUBLISH that it has not', '0x81', '30 09 0001 61 05 11 00000000'],
  ['a property of PUBLISH twice', '0x82', '30 08 0001 61 04 0100 0100'],
  ['a payload format of 2', '0x82', '30 06 0001 61 02 0102'],
  ['a filter as the topic of answers', '0x90', '30 08 0001 61 04 08 0001 23'],
  ['an alias of 0', '0x94', '30 07 0001 61 03 230000'],
  ['an alias beyond the maximum', '0x94', '30 07 0001 61 03 230041'],
  ['an alias that nothing has', '0x82', '30 06 0000 03 230001'],
  ['PUBACK with a reason that is none', '0x82', '40 03 0001 01'],
  ['PUBREL with a reason that is none', '0x82', '62 03 0001 80'],
  ['PUBACK with a property that it has not', '0x81', '40 09 0001 00 05 11 00000000'],
  ['DISCONNECT with a reason of the gateway', '0x82', 'e0 01 8b'],
  ['DISCONNECT with an expiry twice', '0x82', 'e0 0c 00 0a 11 00000000 11 00000000'],
]
test.each(laterPacketsOf5)('GW-4: %s ends a connection of 5', (_, code, bytes) => {
  expect(afterConnect(createGateway(), 5, bytes)).toEqual([`DISCONNECT ${code}`, 'END'])
})

test.each([
  ['PUBACK with properties', '40 0b 0001 10 07 1f 0004 61626364'],
  ['PUBREC with a code alone', '50 03 0001 80'],
  ['DISCONNECT with properties', 'e0 0b 00 09 1f 0001 61 11 00000000'],
  ['UNSUBSCRIBE with properties of its user', 'a2 0d 0001 07 26 0001 61 0001 62 0001 61'],
])('GW-4: %s is understood', (_, bytes) => {
  const lines = afterConnect(createGateway(), 5, bytes)
  expect(lines.filter((line) => line.startsWith('DISCONNECT'))).toEqual([])
})

test('GW-4: bytes may come one at a time, or many packets at once', () => {
  const gateway = createGateway()
  const client = gateway.dial(4)
  const stream = Buffer.from(
    `${connect(4, '02', '')} 82 06 0001 0001 61 00 30 05 0001 61 6869 c0 00`.replaceAll(' ', ''),
    'hex',
  )
  for (const byte of stream) client.raw(Buffer.of(byte))
  const expected = ['CONNACK 0x00', 'SUBACK #1 0x00', 'PUBLISH a=hi q0', 'PINGRESP']
  expect(client.take()).toEqual(expected)
  expect(gateway.dial(4).raw(stream).take()).toEqual(expected)
})
