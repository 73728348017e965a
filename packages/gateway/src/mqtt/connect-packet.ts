import { bodyOf, type Cursor, readBinary, readString, readUint8, readUint16, requireEnd } from './bytes.js'
import { allowed, type Properties, readProperties } from './properties.js'
import type { Version } from './publish.js'
import { reason, refusePacket } from './reasons.js'

export type ConnectPacket = {
  readonly isClean: boolean
  /** Seconds. */
  readonly keepAlive: number
  readonly properties: Properties
  readonly clientId: string
  readonly will: PacketWill | undefined
  readonly username: string | undefined
  readonly password: Buffer | undefined
}

export type PacketWill = {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly properties: Properties
}

/** The first byte of every CONNECT: its type, and flags that are 0. */
const connectHeader = 0x10

/** The version that a connection's first packet asks for. Error: MqttRefused. */
export function readVersion(packet: Buffer): Version {
  if (packet[0] !== connectHeader) refusePacket(reason.protocolError, 'the first packet is no CONNECT')
  return readProtocol(packet, bodyOf(packet))
}

function readProtocol(packet: Buffer, cursor: Cursor): Version {
  const name = readString(packet, cursor)
  if (name !== 'MQTT' && name !== 'MQIsdp') refusePacket(reason.malformed, 'the protocol is not MQTT')
  const version = readUint8(packet, cursor)
  if (name === 'MQTT' && (version === 4 || version === 5)) return version
  return refusePacket(reason.unsupportedVersion, `there is no version ${version} of ${name} here`)
}

/** Bits of the connect flags, from the lowest; the lowest is reserved. */
const flag = { reserved: 1, clean: 2, will: 4, willRetain: 32, password: 64, username: 128 } as const

/** Reads a whole CONNECT. Error: MqttRefused. */
export function readConnectPacket(packet: Buffer): ConnectPacket {
  const cursor = bodyOf(packet)
  const version = readProtocol(packet, cursor)
  const flags = readUint8(packet, cursor)
  const has = (bit: number): boolean => (flags & bit) !== 0
  const willQos = (flags >> 3) & 3
  if (has(flag.reserved)) refusePacket(reason.malformed, 'a reserved flag of CONNECT is set')
  if (willQos === 3) refusePacket(reason.malformed, 'the QoS of a will is 0, 1 or 2')
  if (!has(flag.will) && (willQos > 0 || has(flag.willRetain)))
    refusePacket(reason.malformed, 'flags describe a will that is not there')
  if (version === 4 && has(flag.password) && !has(flag.username))
    refusePacket(reason.malformed, 'a password comes without a username')
  const keepAlive = readUint16(packet, cursor)
  const properties = version === 5 ? readProperties(packet, cursor, allowed.connect) : {}
  const clientId = readString(packet, cursor)
  const will = has(flag.will)
    ? readWill(packet, cursor, version, willQos as 0 | 1 | 2, has(flag.willRetain))
    : undefined
  const username = has(flag.username) ? readString(packet, cursor) : undefined
  const password = has(flag.password) ? readBinary(packet, cursor) : undefined
  requireEnd(cursor)
  return { isClean: has(flag.clean), keepAlive, properties, clientId, will, username, password }
}

function readWill(
  packet: Buffer,
  cursor: Cursor,
  version: Version,
  qos: 0 | 1 | 2,
  retain: boolean,
): PacketWill {
  const properties = version === 5 ? readProperties(packet, cursor, allowed.will) : {}
  const topic = readString(packet, cursor)
  const payload = readBinary(packet, cursor)
  return { topic, payload, qos, retain, properties }
}
