import type { Qos } from '../hub/message.js'
import { bodyOf, readPacketId, readString } from './bytes.js'
import {
  type PublishProperties,
  publishPropertiesLength,
  readPublishProperties,
  varintLength,
  writePublishProperties,
  writeVarint,
} from './publish-properties.js'
import { reason, refusePacket } from './reasons.js'

/** PUBLISH: the packet that there is most of, so it has a codec of its own. */
export type PublishPacket = {
  readonly cmd: 'publish'
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: Qos
  readonly dup: boolean
  readonly retain: boolean
  /** 0 with QoS 0. */
  readonly id: number
  readonly properties: PublishProperties | undefined
}

/** A PUBLISH that came, with its bytes. */
export type ReceivedPublish = PublishPacket & { readonly bytes: Buffer }

export type Version = 4 | 5

const publishType = 3

/** Reads one whole packet; its payload is a view. Error: MqttRefused. */
export function decodePublish(packet: Buffer, version: Version): ReceivedPublish {
  const flags = packet[0]!
  const qos = (flags >> 1) & 3
  if (qos === 3) refusePacket(reason.malformed, 'a QoS is 0, 1 or 2')
  const dup = (flags & 8) !== 0
  if (dup && qos === 0) refusePacket(reason.malformed, 'a message of QoS 0 is never sent again')
  const cursor = bodyOf(packet)
  const topic = readString(packet, cursor)
  const id = qos === 0 ? 0 : readPacketId(packet, cursor)
  const properties = version === 5 ? readPublishProperties(packet, cursor) : undefined
  const payload = packet.subarray(cursor.at)
  const retain = (flags & 1) !== 0
  return { cmd: 'publish', topic, payload, qos: qos as Qos, dup, retain, id, properties, bytes: packet }
}

/** Whether a packet of QoS 0 is byte by byte what its receivers get. */
export function isForwardable({ qos, retain, properties, bytes }: ReceivedPublish): boolean {
  const header = bodyOf(bytes).at
  const hasShortLength = header === 1 + varintLength(bytes.length - header)
  return qos === 0 && !retain && properties === undefined && hasShortLength
}

/** Bytes of a packet as `encodePublish` makes it. */
export function publishLength(packet: PublishPacket, version: Version): number {
  const body = bodyLength(packet, version)
  return 1 + varintLength(body) + body
}

function bodyLength({ topic, payload, qos, properties }: PublishPacket, version: Version): number {
  const head = 2 + Buffer.byteLength(topic) + (qos === 0 ? 0 : 2)
  if (version === 4) return head + payload.length
  const length = properties === undefined ? 0 : publishPropertiesLength(properties)
  return head + varintLength(length) + length + payload.length
}

export function encodePublish(packet: PublishPacket, version: Version): Buffer {
  const { topic, payload, qos, properties } = packet
  const body = bodyLength(packet, version)
  const out = Buffer.allocUnsafe(1 + varintLength(body) + body)
  out[0] = (publishType << 4) | (packet.dup ? 8 : 0) | (qos << 1) | (packet.retain ? 1 : 0)
  let at = writeVarint(out, 1, body)
  const topicLength = out.write(topic, at + 2)
  out.writeUInt16BE(topicLength, at)
  at += 2 + topicLength
  if (qos > 0) at = out.writeUInt16BE(packet.id, at)
  if (version === 5) {
    at = writeVarint(out, at, properties === undefined ? 0 : publishPropertiesLength(properties))
    if (properties !== undefined) at = writePublishProperties(out, at, properties)
  }
  out.set(payload, at)
  return out
}
