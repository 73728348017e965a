import { reason, refusePacket } from './reasons.js'
import { readText } from './text.js'

/** A place in bytes that moves on as they are read. */
export type Cursor = { at: number; readonly end: number }

/** Steps over the next `count` bytes and returns where they begin. Error: MqttRefused. */
export function take(cursor: Cursor, count: number): number {
  const from = cursor.at
  cursor.at += count
  if (cursor.at > cursor.end) refusePacket(reason.malformed, 'a packet ends too early')
  return from
}

export function readUint8(bytes: Buffer, cursor: Cursor): number {
  return bytes[take(cursor, 1)]!
}

export function readUint16(bytes: Buffer, cursor: Cursor): number {
  return bytes.readUInt16BE(take(cursor, 2))
}

export function readUint32(bytes: Buffer, cursor: Cursor): number {
  return bytes.readUInt32BE(take(cursor, 4))
}

/** A number in as few bytes as it needs [MQTT-1.5.5-1]. Error: MqttRefused. */
export function readVarint(bytes: Buffer, cursor: Cursor): number {
  let value = 0
  for (let scale = 1; scale <= 128 ** 3; scale *= 128) {
    const byte = readUint8(bytes, cursor)
    value += (byte & 0x7f) * scale
    if (byte === 0 && scale > 1) refusePacket(reason.malformed, 'a number has more bytes than it needs')
    if (byte < 0x80) return value
  }
  return refusePacket(reason.malformed, 'a number has more than four bytes')
}

export function readString(bytes: Buffer, cursor: Cursor): string {
  const length = readUint16(bytes, cursor)
  const from = take(cursor, length)
  return readText(bytes, from, from + length)
}

/** A copy: what is kept must not hold on to the bytes of a packet. */
export function readBinary(bytes: Buffer, cursor: Cursor): Buffer {
  const length = readUint16(bytes, cursor)
  const from = take(cursor, length)
  return Buffer.from(bytes.subarray(from, from + length))
}

/** The numbers of packets that are acknowledged begin with 1 [MQTT-2.2.1-3]. Error: MqttRefused. */
export function readPacketId(bytes: Buffer, cursor: Cursor): number {
  const id = readUint16(bytes, cursor)
  return id === 0 ? refusePacket(reason.protocolError, 'a packet identifier is 0') : id
}

/** Nothing may follow. Error: MqttRefused. */
export function requireEnd(cursor: Cursor): void {
  if (cursor.at !== cursor.end) refusePacket(reason.malformed, 'a packet is longer than what it says')
}

/** Where the variable header of a packet begins, up to its end. */
export function bodyOf(packet: Buffer): Cursor {
  let at = 1
  while (packet[at]! >= 128) at++
  return { at: at + 1, end: packet.length }
}
