import { banyanError } from '@banyan/base'
import type { Channel, NetworkHandlers, Network as NodeNetwork, PeerId } from '@banyan/network'
import type { Random } from '@banyan/testing'
import { createNetwork, type Network, type Quality } from '../world/network.js'
import type { Schedule } from '../world/schedule.js'

/** What travels between nodes; `connection` is the number of the connection that it belongs to. */
export type Packet = { readonly connection: number } & (
  | { readonly kind: 'message'; readonly channel: Channel; readonly bytes: Uint8Array }
  | { readonly kind: 'request'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'answer'; readonly id: number; readonly parts: readonly Uint8Array[] | undefined }
)

export type Verdict = 'useful' | 'invalid' | 'hostile'

/** Connections between nodes over a simulated network, in the form in which a node knows them. */
export type Wire = {
  readonly network: Network<Packet>
  /** Gives a node that starts its port. */
  readonly attach: (node: number, handlers: NetworkHandlers) => NodeNetwork
  /** The process of the node is gone, and with it its connections. */
  readonly detach: (node: number) => void
  readonly isConnected: (a: number, b: number) => boolean
  /** Looks after all connections from now on. */
  readonly start: () => void
  /** Sends a message in the name of a connected node. */
  readonly sendAs: (from: number, to: number, channel: Channel, bytes: Uint8Array) => void
}

export type WireOptions = {
  readonly size: number
  readonly schedule: Schedule
  readonly random: Random
  readonly quality: Quality
  /** Whether messages of one channel keep their order, as between real nodes. */
  readonly inOrder: boolean
  readonly onJudged: (judge: number, peer: number, verdict: Verdict) => void
}

type Waiting = {
  readonly connection: number
  readonly settle: (parts: readonly Uint8Array[] | undefined) => void
}

export const peerName = (node: number): PeerId => `n${node}`
export const nodeOf = (peer: PeerId): number => Number(peer.slice(1))

/** Time between two looks at a connection, ms, and how many looks a dead one survives. */
const lookEvery = 200
const looksUntilBroken = 5
/** Offences after which a peer is banned, and for how long, ms. */
const mostOffences = 10
const banTime = 2_000
/** The first four bytes of a greeting, which opens a connection: without it there is none. */
const isGreeting = (bytes: Uint8Array): boolean =>
  bytes.length > 36 && bytes.subarray(0, 4).every((byte) => byte === 0)

export function createWire(options: WireOptions): Wire {
  const { size, schedule, random, inOrder, onJudged } = options
  const ports: (NetworkHandlers | undefined)[] = new Array(size).fill(undefined)
  /** Number of the connection between two nodes, 0 if there is none. */
  const connections = new Uint32Array(size * size)
  const silence = new Uint8Array(size * size)
  const standing = new Uint8Array(size * size)
  const bannedUntil = new Float64Array(size * size)
  const waiting = new Map<number, Waiting>()
  let connectionCount = 0
  let requestCount = 0

  const network = createNetwork<Packet>({
    size,
    schedule,
    random,
    quality: options.quality,
    deliver: arrive,
    ...(inOrder
      ? {
          lane: (packet: Packet) =>
            packet.kind === 'message' ? (packet.channel === 'votes' ? 0 : 1) : undefined,
        }
      : {}),
  })

  const between = (a: number, b: number): number => connections[a * size + b]!

  function transmit(from: number, to: number, packet: Packet): void {
    const isSure = packet.kind === 'message' && isGreeting(packet.bytes)
    if (!isSure) network.send(from, to, packet)
    else if (network.isOpen(from, to)) arriveSoon(from, to, packet)
  }

  function arriveSoon(from: number, to: number, packet: Packet): void {
    schedule.at(schedule.now() + 1, () => arrive(from, to, packet))
  }

  function arrive(from: number, to: number, packet: Packet): void {
    if (between(from, to) !== packet.connection) return
    const port = ports[to]
    if (packet.kind === 'answer') waiting.get(packet.id)?.settle(packet.parts)
    else if (packet.kind === 'message') port?.onMessage(peerName(from), packet.channel, packet.bytes)
    else if (port !== undefined) void answer(port, from, to, packet)
  }

  async function answer(
    port: NetworkHandlers,
    from: number,
    to: number,
    { id, bytes, connection }: Extract<Packet, { kind: 'request' }>,
  ): Promise<void> {
    const parts: Uint8Array[] = []
    let isWhole = true
    try {
      // What is sent later must not change what was answered.
      for await (const part of port.onRequest(peerName(from), bytes, new AbortController().signal))
        parts.push(part.slice())
    } catch {
      isWhole = false
    }
    if (ports[to] !== port) return
    transmit(to, from, { kind: 'answer', id, parts: isWhole ? parts : undefined, connection })
  }

  async function* ask(
    from: number,
    peer: PeerId,
    bytes: Uint8Array,
    { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs: number },
  ): AsyncIterable<Uint8Array> {
    const to = nodeOf(peer)
    const connection = between(from, to)
    if (connection === 0) throw banyanError('PeerUnknown', { peer })
    const id = ++requestCount
    const parts = await new Promise<readonly Uint8Array[] | undefined>((settle) => {
      waiting.set(id, { connection, settle })
      schedule.at(schedule.now() + timeoutMs, () => settle(undefined))
      transmit(from, to, { kind: 'request', id, bytes, connection })
    })
    waiting.delete(id)
    const length = (parts ?? []).reduce((sum, part) => sum + part.length, 0)
    if (parts === undefined || length > maxBytes) throw banyanError('PeerTimeout', { peer, timeoutMs })
    yield* parts
  }

  function connect(a: number, b: number): void {
    connectionCount++
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const)
      connections[own * size + other] = connectionCount
    ports[a]?.onConnected(peerName(b))
    ports[b]?.onConnected(peerName(a))
  }

  function disconnect(a: number, b: number): void {
    for (const { connection, settle } of waiting.values()) if (connection === between(a, b)) settle(undefined)
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      connections[own * size + other] = 0
      silence[own * size + other] = 0
      ports[own]?.onDisconnected(peerName(other))
    }
  }

  /** Connects and disconnects as the network and the processes allow. */
  function look(): void {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) lookAt(a, b)
    }
    schedule.at(schedule.now() + lookEvery, look)
  }

  function lookAt(a: number, b: number): void {
    const at = a * size + b
    const isAlive = ports[a] !== undefined && ports[b] !== undefined
    const isWhole = isAlive && network.isOpen(a, b) && network.isOpen(b, a)
    if (connections[at] === 0) {
      if (isWhole && bannedUntil[at]! <= schedule.now()) connect(a, b)
      return
    }
    silence[at] = isWhole ? 0 : silence[at]! + 1
    if (silence[at]! > random.below(looksUntilBroken + 1)) disconnect(a, b)
  }

  function judge(own: number, peer: PeerId, verdict: Verdict): void {
    const other = nodeOf(peer)
    onJudged(own, other, verdict)
    const at = own * size + other
    standing[at] = verdict === 'useful' ? 0 : standing[at]! + (verdict === 'hostile' ? mostOffences : 1)
    if (standing[at]! < mostOffences) return
    standing[at] = 0
    for (const link of [at, other * size + own]) bannedUntil[link] = schedule.now() + banTime
    if (between(own, other) !== 0) disconnect(own, other)
  }

  function sendAs(from: number, to: number, channel: Channel, bytes: Uint8Array): void {
    const connection = between(from, to)
    if (connection !== 0) transmit(from, to, { kind: 'message', channel, bytes, connection })
  }

  function attach(node: number, handlers: NetworkHandlers): NodeNetwork {
    ports[node] = handlers
    const isAlive = (): boolean => ports[node] === handlers
    return {
      id: peerName(node),
      addresses: () => [],
      peers: () => ports.flatMap((_, other) => (between(node, other) === 0 ? [] : [peerName(other)])),
      send: (peer, channel, bytes) => {
        if (isAlive()) sendAs(node, nodeOf(peer), channel, bytes)
      },
      request: (peer, bytes, limits) => ask(node, peer, bytes, limits),
      judge: (peer, verdict) => {
        if (isAlive()) judge(node, peer, verdict)
      },
      keepConnected: () => undefined,
      counters: () => new Map(),
      close: async () => undefined,
    }
  }

  function detach(node: number): void {
    ports[node] = undefined
    for (let other = 0; other < size; other++) {
      if (between(node, other) !== 0) disconnect(node, other)
    }
  }

  return {
    network,
    attach,
    detach,
    isConnected: (a, b) => between(a, b) !== 0,
    start: look,
    sendAs,
  }
}
