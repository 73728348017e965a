import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which systems take the ports of outgoing connections, which could take them in between. */
const first = 10_000
const last = 31_000

/** This many different ports of 127.0.0.1 that are free now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = first + Math.floor(Math.random() * (last - first))
    if (!ports.has(port) && (await isFree(port))) ports.add(port)
  }
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
