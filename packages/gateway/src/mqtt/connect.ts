import type { TopicName } from '@banyan/topics'
import { mqttName } from '@banyan/topics'
import type { Credentials } from '../access/access.js'
import type { ConnectPacket, PacketWill } from './connect-packet.js'
import type { MqttLimits } from './limits.js'
import type { LinkTerms } from './link.js'
import type { Version } from './publish.js'
import type { PublishProperties } from './publish-properties.js'
import { reason, refusePacket } from './reasons.js'

/** A will as a client asked for it. */
export type WillRequest = {
  readonly topic: TopicName
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly properties: PublishProperties
  readonly delayMs: number
}

/** A CONNECT that keeps to the rules. */
export type ConnectRequest = {
  readonly clientId: string
  readonly credentials: Credentials
  readonly terms: LinkTerms
  /** Forget what was kept of this client. */
  readonly isClean: boolean
  /** How long the session is kept after the connection, ms, and whether that is less than was asked for. */
  readonly expiryMs: number
  readonly isExpiryLowered: boolean
  /** Seconds between two packets of the client, 0: any number. */
  readonly keepAlive: number
  readonly isKeepAliveLowered: boolean
  readonly will: WillRequest | undefined
  /** The client gave none, so it has to be told. */
  readonly isIdAssigned: boolean
}

const largestPacket = 2 ** 28
const neverExpires = 0xffffffff

/** Checks a CONNECT. Error: MqttRefused, with the code for a CONNACK. */
export function readConnect(
  packet: ConnectPacket,
  version: Version,
  limits: MqttLimits,
  newId: () => string,
): ConnectRequest {
  const { properties, isClean, keepAlive } = packet
  const { receiveMaximum = 65_535, maximumPacketSize = largestPacket, topicAliasMaximum = 0 } = properties
  if (receiveMaximum === 0 || maximumPacketSize === 0)
    refusePacket(reason.protocolError, 'a maximum of CONNECT is 0')
  if (properties.authenticationMethod !== undefined)
    refusePacket(reason.badAuthMethod, `there is no authentication "${properties.authenticationMethod}"`)
  if (properties.authenticationData !== undefined)
    refusePacket(reason.protocolError, 'data of an authentication come without its name')
  const isIdAssigned = packet.clientId === ''
  if (isIdAssigned && version === 4 && !isClean)
    refusePacket(reason.clientIdInvalid, 'a client without an identifier cannot keep a session')
  const asked = version === 4 ? (isClean ? 0 : neverExpires) : (properties.sessionExpiry ?? 0)
  const expiryMs = Math.min(asked * 1_000, limits.longestSessionMs)
  const isKeepAliveLowered = version === 5 && (keepAlive === 0 || keepAlive > limits.longestKeepAliveSeconds)
  return {
    clientId: isIdAssigned ? newId() : packet.clientId,
    credentials: { name: packet.username, secret: packet.password },
    terms: { version, receiveMaximum, maximumPacketSize, topicAliasMaximum },
    isClean,
    expiryMs,
    isExpiryLowered: version === 5 && expiryMs < asked * 1_000,
    keepAlive: isKeepAliveLowered ? limits.longestKeepAliveSeconds : keepAlive,
    isKeepAliveLowered,
    will: packet.will === undefined ? undefined : readWill(packet.will),
    isIdAssigned,
  }
}

function readWill({ topic, payload, qos, retain, properties }: PacketWill): WillRequest {
  return {
    topic: mqttName(topic),
    payload,
    qos,
    retain,
    properties,
    delayMs: (properties.willDelay ?? 0) * 1_000,
  }
}
