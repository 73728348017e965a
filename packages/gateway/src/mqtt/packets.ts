import { generate, type Packet as MqttPacket, parser } from 'mqtt-packet'
import {
  decodePublish,
  encodePublish,
  isPublish,
  type PublishPacket,
  type ReceivedPublish,
  type Version,
} from './publish.js'
import { reason, refusePacket } from './reasons.js'

export type ControlPacket = Exclude<MqttPacket, { cmd: 'publish' }>
export type Packet = ControlPacket | PublishPacket
/** A packet that came. */
export type ReceivedPacket = ControlPacket | ReceivedPublish
export type ConnectPacket = Extract<MqttPacket, { cmd: 'connect' }>
export type SubscribePacket = Extract<MqttPacket, { cmd: 'subscribe' }>
export type UnsubscribePacket = Extract<MqttPacket, { cmd: 'unsubscribe' }>
export type DisconnectPacket = Extract<MqttPacket, { cmd: 'disconnect' }>

/** Reads one whole packet of a connection whose version is known after its CONNECT. Error: MqttRefused. */
export function decodePacket(bytes: Buffer, version: Version | undefined): ReceivedPacket {
  if (version !== undefined && isPublish(bytes)) return decodePublish(bytes, version)
  const found: MqttPacket[] = []
  const reader = parser(version === undefined ? {} : { protocolVersion: version })
  reader.on('packet', (packet) => found.push(packet))
  reader.on('error', (error: Error) => refusePacket(codeOf(error), error.message))
  let rest: number
  try {
    rest = reader.parse(bytes)
  } catch (error) {
    if (error instanceof RangeError) refusePacket(reason.malformed, 'a packet ends too early')
    throw error
  }
  const [packet] = found
  if (packet === undefined || rest > 0) return refusePacket(reason.malformed, 'a packet has a wrong length')
  // Before CONNECT there is no version by which a PUBLISH could be read.
  if (packet.cmd === 'publish') return refusePacket(reason.protocolError, 'the first packet is no CONNECT')
  return packet
}

function codeOf({ message }: Error): (typeof reason)['unsupportedVersion' | 'malformed'] {
  return message === 'Invalid protocol version' ? reason.unsupportedVersion : reason.malformed
}

export function encodePacket(packet: Packet, version: Version): Buffer {
  return packet.cmd === 'publish'
    ? encodePublish(packet, version)
    : generate(packet, { protocolVersion: version })
}
