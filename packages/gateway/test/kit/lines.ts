import type { Packet } from 'mqtt-packet'

/** A packet as one line of text, so that tests can say what they expect. */
export function lineOf(packet: Packet): string {
  switch (packet.cmd) {
    case 'connack':
      return words(
        'CONNACK',
        code(packet.reasonCode ?? packet.returnCode),
        packet.sessionPresent && 'present',
        connackTerms(packet.properties),
      )
    case 'publish':
      return words(
        'PUBLISH',
        `${packet.topic}=${packet.payload}`,
        `q${packet.qos}`,
        packet.qos > 0 && `#${packet.messageId}`,
        packet.dup && 'dup',
        packet.retain && 'retained',
        publishTerms(packet.properties),
      )
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return words(
        packet.cmd.toUpperCase(),
        `#${packet.messageId}`,
        (packet.reasonCode ?? 0) > 0 && code(packet.reasonCode),
      )
    case 'suback':
    case 'unsuback':
      return words(
        packet.cmd.toUpperCase(),
        `#${packet.messageId}`,
        (packet.granted ?? []).map((each) => code(Number(each))).join(' '),
        terms(packet.properties),
      )
    case 'disconnect':
      return words('DISCONNECT', code(packet.reasonCode))
    default:
      return packet.cmd.toUpperCase()
  }
}

function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== false && part !== undefined && part !== '').join(' ')
}

function code(value: number | undefined): string {
  return `0x${(value ?? 0).toString(16).padStart(2, '0')}`
}

/** What is the same for all clients of a gateway is left out. */
function connackTerms(properties: Record<string, unknown> = {}): string {
  const { receiveMaximum: _1, maximumPacketSize: _2, topicAliasMaximum: _3, ...rest } = properties
  return terms(rest)
}

/** Positions differ with everything that was kept before, and have tests of their own. */
function publishTerms(properties: Record<string, unknown> = {}): string {
  const { userProperties, ...rest } = properties
  const { pos: _, ...others } = (userProperties ?? {}) as Record<string, unknown>
  return terms({ ...rest, ...(Object.keys(others).length > 0 && { userProperties: others }) })
}

function terms(properties: object = {}): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${text(value)}`)
    .join(' ')
}

function text(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value)
}
