import {
  type Cursor,
  readBinary,
  readString,
  readUint8,
  readUint16,
  readUint32,
  readVarint,
  take,
} from './bytes.js'
import { reason, refusePacket } from './reasons.js'

/** Properties of a PUBLISH of MQTT 5, and of a will. Times are in seconds. */
export type PublishProperties = {
  payloadFormat?: number
  messageExpiry?: number
  contentType?: string
  responseTopic?: string
  correlation?: Uint8Array
  subscriptionIds?: readonly number[]
  topicAlias?: number
  userProperties?: readonly (readonly [string, string])[]
}

const id = {
  payloadFormat: 1,
  messageExpiry: 2,
  contentType: 3,
  responseTopic: 8,
  correlation: 9,
  subscriptionId: 11,
  topicAlias: 35,
  userProperty: 38,
} as const

/** Reads the properties of a PUBLISH that a client sent, lengths first. Error: MqttRefused. */
export function readPublishProperties(bytes: Buffer, cursor: Cursor): PublishProperties | undefined {
  const length = readVarint(bytes, cursor)
  if (length === 0) return undefined
  const from = take(cursor, length)
  const inner: Cursor = { at: from, end: from + length }
  const properties: PublishProperties = {}
  const userProperties: [string, string][] = []
  const once = <Name extends keyof PublishProperties>(name: Name, value: PublishProperties[Name]): void => {
    if (properties[name] !== undefined) refusePacket(reason.protocolError, 'a property is given twice')
    properties[name] = value
  }
  while (inner.at < inner.end) {
    const code = readUint8(bytes, inner)
    if (code === id.payloadFormat) once('payloadFormat', readPayloadFormat(bytes, inner))
    else if (code === id.messageExpiry) once('messageExpiry', readUint32(bytes, inner))
    else if (code === id.contentType) once('contentType', readString(bytes, inner))
    else if (code === id.responseTopic) once('responseTopic', readString(bytes, inner))
    else if (code === id.correlation) once('correlation', readBinary(bytes, inner))
    else if (code === id.topicAlias) once('topicAlias', readUint16(bytes, inner))
    else if (code === id.userProperty)
      userProperties.push([readString(bytes, inner), readString(bytes, inner)])
    else if (code === id.subscriptionId)
      refusePacket(reason.protocolError, 'a client sends no subscription identifiers')
    else refusePacket(reason.malformed, `${code} is no property of PUBLISH`)
  }
  return userProperties.length === 0 ? properties : { ...properties, userProperties }
}

function readPayloadFormat(bytes: Buffer, cursor: Cursor): number {
  const format = readUint8(bytes, cursor)
  return format <= 1 ? format : refusePacket(reason.protocolError, 'a payload format is 0 or 1')
}

export function varintLength(value: number): number {
  return value < 128 ? 1 : value < 128 ** 2 ? 2 : value < 128 ** 3 ? 3 : 4
}

/** Writes at `offset` and returns the offset behind. */
export function writeVarint(out: Buffer, offset: number, value: number): number {
  let rest = value
  let at = offset
  while (rest >= 128) {
    out[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  out[at++] = rest
  return at
}

/** Bytes of the properties, without the length before them. */
export function publishPropertiesLength(properties: PublishProperties): number {
  let length = 0
  if (properties.payloadFormat !== undefined) length += 2
  if (properties.messageExpiry !== undefined) length += 5
  if (properties.topicAlias !== undefined) length += 3
  if (properties.contentType !== undefined) length += 3 + Buffer.byteLength(properties.contentType)
  if (properties.responseTopic !== undefined) length += 3 + Buffer.byteLength(properties.responseTopic)
  if (properties.correlation !== undefined) length += 3 + properties.correlation.length
  for (const each of properties.subscriptionIds ?? []) length += 1 + varintLength(each)
  for (const [name, value] of properties.userProperties ?? [])
    length += 5 + Buffer.byteLength(name) + Buffer.byteLength(value)
  return length
}

function writeString(out: Buffer, offset: number, text: string): number {
  const length = out.write(text, offset + 2)
  out.writeUInt16BE(length, offset)
  return offset + 2 + length
}

/** Writes the properties, without the length before them, and returns the offset behind. */
export function writePublishProperties(out: Buffer, offset: number, properties: PublishProperties): number {
  let at = offset
  if (properties.payloadFormat !== undefined) {
    out[at++] = id.payloadFormat
    out[at++] = properties.payloadFormat
  }
  if (properties.messageExpiry !== undefined) {
    out[at++] = id.messageExpiry
    at = out.writeUInt32BE(properties.messageExpiry, at)
  }
  if (properties.topicAlias !== undefined) {
    out[at++] = id.topicAlias
    at = out.writeUInt16BE(properties.topicAlias, at)
  }
  if (properties.contentType !== undefined) {
    out[at++] = id.contentType
    at = writeString(out, at, properties.contentType)
  }
  if (properties.responseTopic !== undefined) {
    out[at++] = id.responseTopic
    at = writeString(out, at, properties.responseTopic)
  }
  if (properties.correlation !== undefined) {
    out[at++] = id.correlation
    at = out.writeUInt16BE(properties.correlation.length, at)
    out.set(properties.correlation, at)
    at += properties.correlation.length
  }
  for (const each of properties.subscriptionIds ?? []) {
    out[at++] = id.subscriptionId
    at = writeVarint(out, at, each)
  }
  for (const [name, value] of properties.userProperties ?? []) {
    out[at++] = id.userProperty
    at = writeString(out, writeString(out, at, name), value)
  }
  return at
}
