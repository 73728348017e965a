import type { Network, NetworkHandlers, PeerId } from '@banyan/network'
import { createMemoryNode, type MemoryNode, type MemoryOptions } from './memory-node.js'

/** A test double of the network: nodes of one process, without sockets, encryption or clocks. */
export type MemoryHub = {
  /** A node called `id`, at the address `/memory/<id>`. */
  readonly createMemoryNetwork: (id: PeerId, handlers: NetworkHandlers) => Network
  /** Disconnects two nodes and keeps them apart. */
  readonly cut: (a: PeerId, b: PeerId) => void
  readonly heal: (a: PeerId, b: PeerId) => void
}

export type MemoryHubOptions = MemoryOptions & {
  /** Chooses between the messages that wait on different ways; without it the oldest goes first. */
  readonly random?: () => number
}

type Delivery = { readonly way: string; readonly run: () => void }

/** Runs deliveries one after another, each way in order; between ways the generator decides. */
function createDeliveries(random: () => number): (way: string, run: () => void) => void {
  let waiting: Delivery[] = []

  function deliverAll(): void {
    const batch = waiting
    waiting = []
    while (batch.length > 0) {
      const { way } = batch[Math.floor(random() * batch.length)]!
      const first = batch.findIndex((delivery) => delivery.way === way)
      batch.splice(first, 1)[0]!.run()
    }
  }

  return (way, run) => {
    if (waiting.length === 0) setImmediate(deliverAll)
    waiting.push({ way, run })
  }
}

/** Nodes that reach each other by `keepConnected`. The same seed and calls give the same order of deliveries. */
export function createMemoryHub(options: MemoryHubOptions): MemoryHub {
  const nodes = new Map<PeerId, MemoryNode>()
  const cuts = new Set<string>()
  const deliver = createDeliveries(options.random ?? (() => 0))
  const pair = (a: PeerId, b: PeerId) => [a, b].sort().join(' ')

  function connect(a: PeerId, b: PeerId): void {
    const [one, other] = [nodes.get(a), nodes.get(b)]
    if (one === undefined || other === undefined || cuts.has(pair(a, b))) return
    if (one.peers.has(b) || one.banned.has(b) || other.banned.has(a)) return
    one.connected(other)
    other.connected(one)
  }

  function disconnect(a: PeerId, b: PeerId): void {
    nodes.get(a)?.disconnected(b)
    nodes.get(b)?.disconnected(a)
  }

  function connectWanted(): void {
    for (const [id, node] of nodes) for (const peer of node.wanted) connect(id, peer)
  }

  return {
    createMemoryNetwork: (id, handlers) => {
      const node = createMemoryNode(id, handlers, options, {
        deliver,
        disconnect: (peer) => disconnect(id, peer),
        connectWanted: () => deliver('connect', connectWanted),
        leave: () => nodes.delete(id),
      })
      nodes.set(id, node)
      deliver('connect', connectWanted)
      return node.network
    },
    cut: (a, b) => {
      cuts.add(pair(a, b))
      disconnect(a, b)
    },
    heal: (a, b) => {
      cuts.delete(pair(a, b))
      connectWanted()
    },
  }
}
