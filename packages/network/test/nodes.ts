import {
  createNetwork,
  type Network,
  type NetworkHandlers,
  type NetworkLimits,
  type NetworkOptions,
} from '@banyan/network'
import { createRandom, testSeed } from '@banyan/testing'

/** Handlers that do nothing and answer nothing, for tests to override. */
export const quiet: NetworkHandlers = {
  onMessage: () => undefined,
  onRequest: async function* () {},
  onConnected: () => undefined,
  onDisconnected: () => undefined,
}

export const genesis = new Uint8Array(32).fill(7)

const open = new Set<Network>()

export type NodeOptions = Partial<Omit<NetworkOptions, 'limits'>> & {
  readonly handlers?: Partial<NetworkHandlers>
  readonly limits?: Partial<NetworkLimits>
}

/** A node on a free port of 127.0.0.1; `index` makes its seed. */
export async function startNode(index: number, { handlers, ...options }: NodeOptions = {}): Promise<Network> {
  const random = createRandom(testSeed(`node ${index}`))
  const node = await createNetwork(
    {
      seed: new Uint8Array(32).fill(index),
      genesis,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      random: () => random.u32() / 2 ** 32,
      ...options,
    },
    { ...quiet, ...handlers },
  )
  open.add(node)
  return node
}

export async function closeNodes(): Promise<void> {
  const nodes = [...open]
  open.clear()
  await Promise.all(nodes.map((node) => node.close()))
}

/** Waits for a condition; the limit only keeps a failing test from hanging. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export async function connectAll(nodes: readonly Network[]): Promise<void> {
  for (const node of nodes) {
    for (const other of nodes) if (node !== other) node.keepConnected(other.addresses()[0]!)
  }
  await until(() => nodes.every((node) => node.peers().length === nodes.length - 1), 'all are connected')
}

/** Reads all parts of an answer. */
export async function readAll(parts: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return all
}
