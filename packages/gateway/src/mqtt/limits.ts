import type { OutgoingLimits } from './outgoing.js'

export type MqttLimits = OutgoingLimits & {
  readonly packetBytes: number
  /** Messages of QoS 1 and 2 that a client may have on their way to the gateway. */
  readonly receiveMaximum: number
  /** Topics that a client may give a number for the time of its connection. */
  readonly topicAliases: number
  readonly subscriptionsPerSession: number
  /** Sessions of clients that are connected or may come back. */
  readonly sessions: number
  /** How long the session of a client is kept that is away, ms; 3.1.1 cannot ask for a time and gets this one. */
  readonly longestSessionMs: number
  readonly longestKeepAliveSeconds: number
  /** From the connection to its CONNECT, ms. */
  readonly connectMs: number
}

export const defaultMqttLimits: MqttLimits = {
  waitingMessages: 10_000,
  waitingBytes: 1 << 26,
  backlogBytes: 1 << 20,
  packetBytes: 1 << 20,
  receiveMaximum: 1_024,
  topicAliases: 64,
  subscriptionsPerSession: 1_000,
  sessions: 100_000,
  longestSessionMs: 24 * 3_600_000,
  longestKeepAliveSeconds: 60,
  connectMs: 10_000,
}
