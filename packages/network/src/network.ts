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
   * Asks a peer and yields the parts of its answer. Rejects with PeerUnknown, PeerBusy, PeerTimeout, PeerFailed.
   * `maxBytes` bounds the whole answer.
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
  readonly close: () => Promise<void>
}

export type NetworkHandlers = {
  readonly onMessage: (peer: PeerId, channel: Channel, message: Uint8Array) => void
  /** Answers a request part by part; what it throws reaches the asker as PeerFailed without details. */
  readonly onRequest: (peer: PeerId, request: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>
  readonly onConnected: (peer: PeerId) => void
  readonly onDisconnected: (peer: PeerId) => void
}
