import { fail } from '@banyan/base'
import type { Channel, PeerId } from './network.js'

/** Bounds of everything a peer can make this node hold or do. */
export type NetworkLimits = {
  readonly maxMessageBytes: Readonly<Record<Channel, number>>
  /** Bytes that wait for one peer; what does not fit is dropped. */
  readonly maxQueueBytes: Readonly<Record<Channel, number>>
  /** Messages per second that are read from one peer, with bursts of one second's; beyond, reading pauses. */
  readonly messagesPerSecond: number
  /** Connected peers from which inbound connections are no longer taken. */
  readonly maxPeers: number
  /** Inbound connections from one address, those that still shake hands included. */
  readonly connectionsPerAddress: number
  /** Inbound connections per second from one address. */
  readonly connectionRate: number
  /** From the first byte until both sides can send. */
  readonly handshakeMs: number
  /** Requests at the same time: asked of one peer, and the same number answered for it. */
  readonly requestsPerPeer: number
  /** The same over all peers. */
  readonly requestsInTotal: number
  readonly maxRequestBytes: number
  /** The longest time that this node works at one answer. */
  readonly answerMs: number
  /** A sign of life is sent this often. */
  readonly heartbeatMs: number
  /** A connection is dead after this time without one. */
  readonly silenceMs: number
  readonly banMs: number
  /** Pause before the first new dial, and the longest; it doubles in between. */
  readonly redialMs: { readonly first: number; readonly longest: number }
}

export type NetworkOptions = {
  /** 32-byte ed25519 seed of this node's identity. */
  readonly seed: Uint8Array
  /** Id of the chain's genesis block, 32 bytes: nodes of other chains are not talked to. */
  readonly genesis: Uint8Array
  /** Multiaddrs to listen on, such as `/ip4/0.0.0.0/tcp/4100`; port 0 lets the system choose. None: dial only. */
  readonly listen: readonly string[]
  /** If given, only these peers may connect or be dialled. */
  readonly allow?: readonly PeerId[]
  /** Numbers from 0 up to 1 that spread dials over time. */
  readonly random: () => number
  readonly limits?: Partial<NetworkLimits>
}

const mebibyte = 2 ** 20

export const defaultLimits: NetworkLimits = {
  maxMessageBytes: { votes: 64 * 1024, data: 4 * mebibyte },
  maxQueueBytes: { votes: mebibyte, data: 16 * mebibyte },
  messagesPerSecond: 20_000,
  maxPeers: 128,
  connectionsPerAddress: 16,
  connectionRate: 20,
  handshakeMs: 10_000,
  requestsPerPeer: 8,
  requestsInTotal: 64,
  maxRequestBytes: 64 * 1024,
  answerMs: 60_000,
  heartbeatMs: 2_000,
  silenceMs: 10_000,
  banMs: 10 * 60_000,
  redialMs: { first: 250, longest: 30_000 },
}

function checkNumbers(values: object, prefix: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'object') checkNumbers(value, `${prefix}${name}.`)
    else if (!Number.isSafeInteger(value) || value < 1 || value >= 2 ** 31) {
      fail('NetworkOptionInvalid', {
        option: prefix + name,
        given: String(value),
        expected: 'an integer from 1 to 2^31 - 1',
      })
    }
  }
}

/** The limits with defaults filled in. Fails with NetworkOptionInvalid. */
export function checkedLimits(options: NetworkOptions): NetworkLimits {
  for (const option of ['seed', 'genesis'] as const) {
    if (options[option].length !== 32) {
      fail('NetworkOptionInvalid', {
        option,
        given: `${options[option].length} bytes`,
        expected: '32 bytes',
      })
    }
  }
  const limits = { ...defaultLimits, ...options.limits }
  checkNumbers(limits, '')
  return limits
}
