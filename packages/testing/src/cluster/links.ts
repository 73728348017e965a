import { createFaultProxy, type FaultProxy } from '../network/index.js'

/** How the nodes of a cluster reach each other: directly, or each way through a proxy of its own that can be cut. */
export type Links = {
  /** Port at which node `from` finds node `to`. */
  readonly port: (from: number, to: number) => number
  /** Cuts all ways between different groups; who stands in no group is alone. */
  readonly partition: (groups: readonly (readonly number[])[]) => void
  readonly heal: () => void
  readonly close: () => Promise<void>
}

export function directLinks(ports: readonly number[]): Links {
  const none = (): void => {
    throw new Error('this cluster was made without faults')
  }
  return { port: (_, to) => ports[to]!, partition: none, heal: none, close: async () => undefined }
}

export async function proxiedLinks(ports: readonly number[], random: () => number): Promise<Links> {
  const proxies = new Map<string, FaultProxy>()
  for (const from of ports.keys()) {
    for (const [to, port] of ports.entries()) {
      if (from === to) continue
      const proxy = await createFaultProxy({ target: { host: '127.0.0.1', port }, random })
      proxies.set(`${from} ${to}`, proxy)
    }
  }
  return {
    port: (from, to) => proxies.get(`${from} ${to}`)!.port,
    partition: (groups) => {
      const groupOf = (node: string): number => groups.findIndex((group) => group.includes(Number(node)))
      for (const [ends, proxy] of proxies) {
        const [from, to] = ends.split(' ').map(groupOf)
        if (from !== to || from === -1) proxy.partition()
      }
    },
    heal: () => {
      for (const proxy of proxies.values()) proxy.heal()
    },
    close: async () => {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()))
    },
  }
}
