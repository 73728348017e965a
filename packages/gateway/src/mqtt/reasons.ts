import { BanyanError, fail } from '@banyan/base'

/** Reason codes of MQTT 5 that this gateway gives; 3.1.1 has forms of its own for some. */
export const reason = {
  success: 0x00,
  noSubscribers: 0x10,
  noSubscription: 0x11,
  unspecified: 0x80,
  malformed: 0x81,
  protocolError: 0x82,
  unsupportedVersion: 0x84,
  clientIdInvalid: 0x85,
  credentialsWrong: 0x86,
  notAuthorized: 0x87,
  serverBusy: 0x89,
  badAuthMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  takenOver: 0x8e,
  filterInvalid: 0x8f,
  nameInvalid: 0x90,
  idUnknown: 0x92,
  receiveMaximumExceeded: 0x93,
  aliasInvalid: 0x94,
  tooLarge: 0x95,
  quotaExceeded: 0x97,
  shutdown: 0x8b,
} as const
export type Reason = (typeof reason)[keyof typeof reason]

/** CONNACK codes of 3.1.1 for what 5 says with reason codes. */
const oldConnectCodes = new Map<Reason, number>([
  [reason.success, 0],
  [reason.unsupportedVersion, 1],
  [reason.clientIdInvalid, 2],
  [reason.serverBusy, 3],
  [reason.credentialsWrong, 4],
  [reason.notAuthorized, 5],
])

export function oldConnectCode(code: Reason): number {
  return oldConnectCodes.get(code) ?? 3
}

/** Reasons that end a connection and that CONNACK of 5 has no code for. */
const neverInConnack = new Set<Reason>([reason.keepAliveTimeout, reason.takenOver, reason.shutdown])

/** Whether CONNACK can say it; of the rest, the client learns by the end of its connection [MQTT-3.2.2-6 of 3.1.1]. */
export function isConnectCode(code: Reason, version: 4 | 5): boolean {
  return version === 4 ? oldConnectCodes.has(code) : !neverInConnack.has(code)
}

/** A packet that ends its connection. Error: MqttRefused. */
export function refusePacket(code: Reason, why: string): never {
  return fail('MqttRefused', { code, reason: why })
}

/** The code of an error that ends a connection; of any but MqttRefused, that of a malformed packet. */
export function reasonOf(error: unknown): Reason {
  return error instanceof BanyanError && error.kind === 'MqttRefused'
    ? (Number(error.details['code']) as Reason)
    : reason.malformed
}
