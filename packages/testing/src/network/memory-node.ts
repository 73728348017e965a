import { banyanError, fail } from '@banyan/base'
import type { Channel, Network, NetworkHandlers, PeerCounters, PeerId } from '@banyan/network'

export type MemoryOptions = {
  readonly maxQueueBytes: Readonly<Record<Channel, number>>
  readonly requestsPerPeer: number
}

/** What a node needs of its hub. */
export type MemoryPorts = {
  readonly deliver: (way: string, run: () => void) => void
  readonly disconnect: (peer: PeerId) => void
  readonly connectWanted: () => void
  readonly leave: () => void
}

type Connection = {
  readonly node: MemoryNode
  readonly ending: AbortController
  waiting: Record<Channel, number>
}

export type MemoryNode = {
  readonly network: Network
  readonly handlers: NetworkHandlers
  readonly peers: ReadonlyMap<PeerId, Connection>
  readonly wanted: ReadonlySet<PeerId>
  readonly banned: ReadonlySet<PeerId>
  readonly counts: (peer: PeerId) => { -readonly [Name in keyof PeerCounters]: number }
  readonly connected: (node: MemoryNode) => void
  readonly disconnected: (peer: PeerId) => void
}

const addressPrefix = '/memory/'
const zero: PeerCounters = {
  bytesIn: 0,
  bytesOut: 0,
  messagesIn: 0,
  messagesOut: 0,
  drops: 0,
  requestsIn: 0,
  requestsOut: 0,
  connections: 0,
  faults: 0,
  bans: 0,
  score: 0,
}

export function createMemoryNode(
  id: PeerId,
  handlers: NetworkHandlers,
  options: MemoryOptions,
  ports: MemoryPorts,
): MemoryNode {
  const peers = new Map<PeerId, Connection>()
  const wanted = new Set<PeerId>()
  const banned = new Set<PeerId>()
  const counters = new Map<PeerId, ReturnType<MemoryNode['counts']>>()
  const running = new Map<PeerId, number>()

  function counts(peer: PeerId) {
    const known = counters.get(peer) ?? { ...zero }
    counters.set(peer, known)
    return known
  }

  function send(peer: PeerId, channel: Channel, message: Uint8Array): void {
    const connection = peers.get(peer)
    if (
      connection === undefined ||
      connection.waiting[channel] + message.length > options.maxQueueBytes[channel]
    ) {
      counts(peer).drops++
      return
    }
    connection.waiting[channel] += message.length
    counts(peer).messagesOut++
    counts(peer).bytesOut += message.length
    ports.deliver(`${id} ${peer} ${channel}`, () => {
      connection.waiting[channel] -= message.length
      if (connection.ending.signal.aborted) return
      const seen = connection.node.counts(id)
      seen.messagesIn++
      seen.bytesIn += message.length
      connection.node.handlers.onMessage(id, channel, message.slice())
    })
  }

  async function* answer(
    connection: Connection,
    request: Uint8Array,
    maxBytes: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const peer = connection.node.network.id
    const ended = new Promise<'ended'>((resolve) => signal.addEventListener('abort', () => resolve('ended')))
    const parts = connection.node.handlers.onRequest(id, request.slice(), signal)[Symbol.asyncIterator]()
    let left = maxBytes
    try {
      for (;;) {
        const part = signal.aborted
          ? 'ended'
          : await Promise.race([parts.next().catch(() => undefined), ended])
        if (part === undefined || part === 'ended') fail('PeerFailed', { peer, reason: 'it is incomplete' })
        if (part.done === true) return
        left -= part.value.length
        if (left < 0) fail('PeerFailed', { peer, reason: `it has more than ${maxBytes} bytes` })
        yield part.value.slice()
      }
    } finally {
      void parts.return?.()
    }
  }

  async function* request(
    peer: PeerId,
    bytes: Uint8Array,
    { maxBytes, timeoutMs, signal }: Parameters<Network['request']>[2],
  ): AsyncGenerator<Uint8Array> {
    signal?.throwIfAborted()
    const connection = peers.get(peer)
    if (connection === undefined) fail('PeerUnknown', { peer })
    const count = running.get(peer) ?? 0
    if (count >= options.requestsPerPeer) fail('PeerBusy', { peer })
    running.set(peer, count + 1)
    counts(peer).requestsOut++
    connection.node.counts(id).requestsIn++
    const timeout = new AbortController()
    const leaving = new AbortController()
    const timer = setTimeout(() => timeout.abort(), timeoutMs)
    const signals = [timeout.signal, leaving.signal, connection.ending.signal, ...(signal ? [signal] : [])]
    try {
      yield* answer(connection, bytes, maxBytes, AbortSignal.any(signals))
    } catch (error) {
      signal?.throwIfAborted()
      throw timeout.signal.aborted ? banyanError('PeerTimeout', { peer, timeoutMs }) : error
    } finally {
      clearTimeout(timer)
      leaving.abort()
      running.set(peer, running.get(peer)! - 1)
    }
  }

  const network: Network = {
    id,
    addresses: () => [addressPrefix + id],
    peers: () => [...peers.keys()],
    send,
    request,
    judge: (peer, verdict) => {
      counts(peer).score += verdict === 'useful' ? 1 : -10
      if (verdict !== 'hostile' && counts(peer).score > -100) return
      counts(peer).bans++
      banned.add(peer)
      ports.disconnect(peer)
    },
    keepConnected: (address) => {
      if (!address.startsWith(addressPrefix)) fail('PeerAddressMalformed', { address })
      wanted.add(address.slice(addressPrefix.length))
      ports.connectWanted()
    },
    counters: () => counters,
    close: async () => {
      for (const peer of [...peers.keys()]) ports.disconnect(peer)
      ports.leave()
    },
  }

  return {
    network,
    handlers,
    peers,
    wanted,
    banned,
    counts,
    connected: (node) => {
      const peer = node.network.id
      peers.set(peer, { node, ending: new AbortController(), waiting: { votes: 0, data: 0 } })
      counts(peer).connections++
      handlers.onConnected(peer)
    },
    disconnected: (peer) => {
      const connection = peers.get(peer)
      if (connection === undefined) return
      peers.delete(peer)
      connection.ending.abort()
      handlers.onDisconnected(peer)
    },
  }
}
