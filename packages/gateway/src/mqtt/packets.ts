import { generate, type Packet as MqttPacket } from 'mqtt-packet'
import { bodyOf, type Cursor, readPacketId, readString, readUint8, requireEnd } from './bytes.js'
import { allowed, type Properties, readProperties } from './properties.js'
import { decodePublish, type ReceivedPublish, type Version } from './publish.js'
import { reason, refusePacket } from './reasons.js'

/** What a client sends after its CONNECT. */
export type Packet =
  | ReceivedPublish
  | Acknowledgement
  | SubscribePacket
  | UnsubscribePacket
  | { readonly cmd: 'pingreq' }
  | DisconnectPacket

export type Acknowledgement = {
  readonly cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'
  readonly id: number
  readonly code: number
}

export type SubscribePacket = {
  readonly cmd: 'subscribe'
  readonly id: number
  readonly properties: Properties
  readonly subscriptions: readonly AskedSubscription[]
}

export type AskedSubscription = {
  readonly topic: string
  readonly qos: 0 | 1 | 2
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly retainHandling: number
}

export type UnsubscribePacket = {
  readonly cmd: 'unsubscribe'
  readonly id: number
  readonly topics: readonly string[]
}

export type DisconnectPacket = {
  readonly cmd: 'disconnect'
  readonly code: number
  readonly properties: Properties
}

/** Types of packets that a client sends, with the flags that theirs must have [MQTT-2.1.3-1]. */
const type = {
  connect: 1,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const

const withFlagsOf2 = new Set<number>([type.pubrel, type.subscribe, type.unsubscribe])

const publishCodes = new Set([0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])
const releaseCodes = new Set([0, 0x92])
const disconnectCodes = new Set([
  0, 4, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
])

/** Reads one whole packet that is not the first of its connection. Error: MqttRefused. */
export function decodePacket(packet: Buffer, version: Version): Packet {
  const kind = packet[0]! >> 4
  if (kind === type.publish) return decodePublish(packet, version)
  if ((packet[0]! & 15) !== (withFlagsOf2.has(kind) ? 2 : 0))
    refusePacket(reason.malformed, 'flags of a packet are not as they must be')
  const cursor = bodyOf(packet)
  const decoded = decodeBody(kind, packet, cursor, version)
  requireEnd(cursor)
  return decoded
}

function decodeBody(kind: number, packet: Buffer, cursor: Cursor, version: Version): Packet {
  switch (kind) {
    case type.puback:
      return readAcknowledgement('puback', publishCodes, packet, cursor, version)
    case type.pubrec:
      return readAcknowledgement('pubrec', publishCodes, packet, cursor, version)
    case type.pubrel:
      return readAcknowledgement('pubrel', releaseCodes, packet, cursor, version)
    case type.pubcomp:
      return readAcknowledgement('pubcomp', releaseCodes, packet, cursor, version)
    case type.subscribe:
      return readSubscribe(packet, cursor, version)
    case type.unsubscribe:
      return readUnsubscribe(packet, cursor, version)
    case type.pingreq:
      return { cmd: 'pingreq' }
    case type.disconnect:
      return {
        cmd: 'disconnect',
        ...readOutcome(disconnectCodes, allowed.disconnect, packet, cursor, version),
      }
    case type.connect:
      return refusePacket(reason.protocolError, 'a second CONNECT')
    default:
      return refusePacket(reason.protocolError, `a client may not send packets of type ${kind}`)
  }
}

function readAcknowledgement(
  cmd: Acknowledgement['cmd'],
  codes: ReadonlySet<number>,
  packet: Buffer,
  cursor: Cursor,
  version: Version,
): Acknowledgement {
  const id = readPacketId(packet, cursor)
  return { cmd, id, code: readOutcome(codes, allowed.acknowledgement, packet, cursor, version).code }
}

/** A reason code and properties, which 5 lets a client leave out if there is nothing to say. */
function readOutcome(
  codes: ReadonlySet<number>,
  names: ReadonlySet<keyof Properties>,
  packet: Buffer,
  cursor: Cursor,
  version: Version,
): { readonly code: number; readonly properties: Properties } {
  if (version === 4 || cursor.at === cursor.end) return { code: 0, properties: {} }
  const code = readUint8(packet, cursor)
  if (!codes.has(code)) refusePacket(reason.protocolError, `a client does not give the reason ${code} here`)
  return { code, properties: cursor.at === cursor.end ? {} : readProperties(packet, cursor, names) }
}

function readSubscribe(packet: Buffer, cursor: Cursor, version: Version): SubscribePacket {
  const id = readPacketId(packet, cursor)
  const properties = version === 5 ? readProperties(packet, cursor, allowed.subscribe) : {}
  const subscriptions: AskedSubscription[] = []
  while (cursor.at < cursor.end) {
    const topic = readString(packet, cursor)
    const options = readUint8(packet, cursor)
    const qos = options & 3
    const retainHandling = (options >> 4) & 3
    if (options >= (version === 4 ? 4 : 64) || qos === 3 || retainHandling === 3)
      refusePacket(reason.malformed, 'options of a subscription are not as they must be')
    subscriptions.push({
      topic,
      qos: qos as 0 | 1 | 2,
      noLocal: (options & 4) !== 0,
      retainAsPublished: (options & 8) !== 0,
      retainHandling,
    })
  }
  if (subscriptions.length === 0) refusePacket(reason.protocolError, 'a SUBSCRIBE names no filter')
  return { cmd: 'subscribe', id, properties, subscriptions }
}

function readUnsubscribe(packet: Buffer, cursor: Cursor, version: Version): UnsubscribePacket {
  const id = readPacketId(packet, cursor)
  if (version === 5) readProperties(packet, cursor, allowed.unsubscribe)
  const topics: string[] = []
  while (cursor.at < cursor.end) topics.push(readString(packet, cursor))
  if (topics.length === 0) refusePacket(reason.protocolError, 'an UNSUBSCRIBE names no filter')
  return { cmd: 'unsubscribe', id, topics }
}

/** What the gateway sends, but PUBLISH. */
export type Answer = Exclude<MqttPacket, { cmd: 'publish' }>

export function encodePacket(packet: Answer, version: Version): Buffer {
  return generate(packet, { protocolVersion: version })
}
