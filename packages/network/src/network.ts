/**
 * The port between a node and its peers. A peer is named by its id: the text form of the hash of its public key, which
 * the encrypted handshake has proven.
 */
export type PeerId = string

/**
 * Messages of one channel arrive in the order they were sent, at most once, and may be lost when a connection breaks.
 * `votes` is for what must not wait behind large messages.
 */
export type Channel = 'votes' | 'data'

export type Network = {
  readonly id: PeerId
  /** Addresses that others can dial, as multiaddr texts. */
  readonly addresses: () => readonly string[]
  readonly peers: () => readonly PeerId[]
  /**
   * Queues a message; never waits. If the peer is not connected or its queue for this channel is full, the message is
   * dropped and counted: what must arrive is asked for again. `message` must not change afterwards.
   */
  readonly send: (peer: PeerId, channel: Channel, message: Uint8Array) => void
  /**
   * Asks a peer and yields the parts of its answer. Rejects with PeerUnknown, PeerBusy, PeerTimeout, PeerFailed, or with
   * the reason of `signal` when that aborts. `maxBytes` bounds the whole answer, `timeoutMs` the time until its last part
   * was read. Leaving the loop early ends the request on both sides.
   */
  readonly request: (
    peer: PeerId,
    request: Uint8Array,
    options: { readonly maxBytes: number; readonly timeoutMs: number; readonly signal?: AbortSignal },
  ) => AsyncIterable<Uint8Array>
  /** Tells what a peer did: `useful` raises its standing, `invalid` lowers it, `hostile` bans it for a time. */
  readonly judge: (peer: PeerId, verdict: 'useful' | 'invalid' | 'hostile') => void
  /** Dials until it is connected, and again whenever the connection is lost. */
  readonly keepConnected: (address: string) => void
  /** What happened with each peer that is connected or still remembered. */
  readonly counters: () => ReadonlyMap<PeerId, PeerCounters>
  readonly close: () => Promise<void>
}

/** Plain numbers that only grow, except `score`. Bytes are those of messages and answers, without framing. */
export type PeerCounters = {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly messagesIn: number
  readonly messagesOut: number
  /** Messages dropped because the peer was not connected or its queue was full. */
  readonly drops: number
  /** Requests answered for the peer, and asked of it. */
  readonly requestsIn: number
  readonly requestsOut: number
  readonly connections: number
  /** Connections that ended because the peer broke the protocol, was silent, or belongs to another chain. */
  readonly faults: number
  readonly bans: number
  /** Standing: 0 for a stranger; a ban comes at -100. */
  readonly score: number
}

export type NetworkHandlers = {
  /** Must not throw: what it throws ends the process. */
  readonly onMessage: (peer: PeerId, channel: Channel, message: Uint8Array) => void
  /** Answers a request part by part; what it throws reaches the asker as PeerFailed without details. */
  readonly onRequest: (peer: PeerId, request: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>
  readonly onConnected: (peer: PeerId) => void
  readonly onDisconnected: (peer: PeerId) => void
}
