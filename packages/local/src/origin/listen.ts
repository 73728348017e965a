import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { banyanError, fail } from '@banyan/base'
import { holderOf } from '../processes/process-table.js'

/** Ports that are tried in a row. */
const attempts = 100
const unknownHolder = 'another program'

/**
 * Lets the first server listen on 127.0.0.1 and the second on ::1, at the same port: what is called localhost may be either. A
 * machine without IPv6 has only the first. Port 0 takes a free one. Errors: PortsTaken, ApiUnreachable.
 */
export async function listen(
  [first, second]: readonly [Server, Server],
  wanted: number,
): Promise<{ readonly port: number; readonly takenBy: string | undefined }> {
  let takenBy: string | undefined
  for (let i = 0; i < attempts && wanted + i <= 65_535; i++) {
    const port = wanted === 0 ? 0 : wanted + i
    const code = await tryListen(first, port, '127.0.0.1')
    const own = code === undefined ? (first.address() as AddressInfo).port : port
    const other = code === undefined ? await tryListen(second, own, '::1') : code
    if (other !== 'EADDRINUSE') return { port: own, takenBy }
    takenBy ??= (await holderOf(port)) ?? unknownHolder
    if (code === undefined) await new Promise((resolve) => first.close(resolve))
  }
  return fail('PortsTaken', { first: wanted, last: wanted + attempts - 1, holder: takenBy ?? unknownHolder })
}

/** EADDRINUSE if the port is taken, another code if there is no such address, nothing if it listens. */
function tryListen(server: Server, port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve('EADDRINUSE')
      else if (host === '::1') resolve(error.code ?? '')
      else reject(banyanError('ApiUnreachable', { host, port, reason: error.message }, error))
    }
    server.once('error', failed)
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', failed)
      resolve(undefined)
    })
  })
}

/** Who holds a port of this machine; nothing if it is free. */
export async function checkPort(port: number): Promise<string | undefined> {
  const servers = [createServer(), createServer()] as const
  try {
    const { takenBy } = await listen(servers, port)
    return takenBy
  } finally {
    for (const server of servers) server.close()
  }
}
