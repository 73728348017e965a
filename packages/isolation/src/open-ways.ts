import { innerPort, proxyPort } from './drivers/bubblewrap-arguments.js'
import { type EgressProxy, openEgressProxy } from './egress-proxy.js'
import { openRelay, type Relay } from './open-relay.js'
import type { Workload } from './workload.js'

/**
 * Opens the ways in and out of the network namespace of process `id`: a socket that leads to the workload, and, where it may reach
 * hosts, a proxy. Error: IsolationUnusable.
 */
export async function openWays(
  id: number,
  { egress }: Workload,
  socketPath: string,
  driver: string,
): Promise<Relay> {
  const proxyPath = `${socketPath}.out`
  const proxy: EgressProxy | undefined =
    egress.length > 0 ? await openEgressProxy(proxyPath, egress) : undefined
  try {
    const way = proxy === undefined ? undefined : { socketPath: proxyPath, port: proxyPort }
    const relay = await openRelay(id, socketPath, innerPort, driver, way)
    return {
      close: async () => {
        await relay.close()
        await proxy?.close()
      },
    }
  } catch (error) {
    await proxy?.close()
    throw error
  }
}
