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

/** What MQTT 5 adds to packets, by names; times are in seconds. */
export type Properties = {
  payloadFormat?: number
  messageExpiry?: number
  contentType?: string
  responseTopic?: string
  correlation?: Buffer
  subscriptionId?: number
  sessionExpiry?: number
  authenticationMethod?: string
  authenticationData?: Buffer
  problemInformation?: number
  willDelay?: number
  responseInformation?: number
  reasonString?: string
  receiveMaximum?: number
  topicAliasMaximum?: number
  maximumPacketSize?: number
  /** In the order in which they came. */
  userProperties?: [name: string, value: string][]
}

type Name = keyof Properties
type Reader = (bytes: Buffer, cursor: Cursor) => number | string | Buffer

function readFlag(bytes: Buffer, cursor: Cursor): number {
  const flag = readUint8(bytes, cursor)
  return flag <= 1 ? flag : refusePacket(reason.protocolError, 'a flag is 0 or 1')
}

const userProperty = 38

/** Section 2.2.2.2 of MQTT 5. */
const known: ReadonlyMap<number, readonly [Name, Reader]> = new Map<number, readonly [Name, Reader]>([
  [1, ['payloadFormat', readFlag]],
  [2, ['messageExpiry', readUint32]],
  [3, ['contentType', readString]],
  [8, ['responseTopic', readString]],
  [9, ['correlation', readBinary]],
  [11, ['subscriptionId', readVarint]],
  [17, ['sessionExpiry', readUint32]],
  [21, ['authenticationMethod', readString]],
  [22, ['authenticationData', readBinary]],
  [23, ['problemInformation', readFlag]],
  [24, ['willDelay', readUint32]],
  [25, ['responseInformation', readFlag]],
  [31, ['reasonString', readString]],
  [33, ['receiveMaximum', readUint16]],
  [34, ['topicAliasMaximum', readUint16]],
  [39, ['maximumPacketSize', readUint32]],
])

/** Properties that packets of a client may have, besides those of its user. */
export const allowed = {
  connect: new Set<Name>([
    'sessionExpiry',
    'receiveMaximum',
    'maximumPacketSize',
    'topicAliasMaximum',
    'responseInformation',
    'problemInformation',
    'authenticationMethod',
    'authenticationData',
  ]),
  will: new Set<Name>([
    'willDelay',
    'payloadFormat',
    'messageExpiry',
    'contentType',
    'responseTopic',
    'correlation',
  ]),
  subscribe: new Set<Name>(['subscriptionId']),
  unsubscribe: new Set<Name>(),
  acknowledgement: new Set<Name>(['reasonString']),
  disconnect: new Set<Name>(['sessionExpiry', 'reasonString']),
} as const

/** Reads properties, their length first: each at most once, and no others than `names`. Error: MqttRefused. */
export function readProperties(bytes: Buffer, cursor: Cursor, names: ReadonlySet<Name>): Properties {
  const length = readVarint(bytes, cursor)
  const from = take(cursor, length)
  const inner: Cursor = { at: from, end: from + length }
  const properties: Record<string, unknown> = {}
  const userProperties: [string, string][] = []
  while (inner.at < inner.end) {
    const code = readUint8(bytes, inner)
    if (code === userProperty) {
      userProperties.push([readString(bytes, inner), readString(bytes, inner)])
      continue
    }
    const [name, read] = known.get(code) ?? refusePacket(reason.malformed, `${code} is no property`)
    if (!names.has(name)) refusePacket(reason.malformed, `this packet has no property ${code}`)
    if (properties[name] !== undefined) refusePacket(reason.protocolError, 'a property is given twice')
    properties[name] = read(bytes, inner)
  }
  if (userProperties.length > 0) properties['userProperties'] = userProperties
  return properties
}
