import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { publicAddresses, type Resolve } from '@banyan/addresses'

/** Whether a list such as `api.example.com:443` and `*.example.com:443` names a host and port. */
export function isAllowedHost(hosts: readonly string[], target: string): boolean {
  const wanted = target.toLowerCase()
  return hosts.some((host) =>
    host.startsWith('*.')
      ? wanted.endsWith(host.slice(1)) && wanted.length > host.length - 1
      : wanted === host,
  )
}

const maxConnections = 64
const idleMs = 60_000

export type EgressProxy = { readonly close: () => Promise<void> }

/**
 * Listens on a Unix socket as a proxy that knows CONNECT alone (RFC 9110, 9.3.6): to the listed hosts, and of those to those whose
 * addresses are all public. A name is looked up once, and what was found is what is dialled, so that it cannot change in between.
 */
export async function openEgressProxy(
  socketPath: string,
  hosts: readonly string[],
  dial: (target: string) => Promise<Socket> = dialPublic,
): Promise<EgressProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((_, response) => response.writeHead(405).end())
  server.maxConnections = maxConnections
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('connect', (request: IncomingMessage, inner: Socket, head: Buffer) => {
    inner.on('error', () => inner.destroy())
    const refuse = (status: string): void => void inner.end(`HTTP/1.1 ${status}\r\n\r\n`)
    const target = request.url ?? ''
    if (!isAllowedHost(hosts, target)) return refuse('403 Forbidden')
    dial(target).then(
      (outer) => splice(inner, outer, head),
      () => refuse('502 Bad Gateway'),
    )
  })
  await new Promise<void>((done, reject) => {
    server.once('error', reject)
    server.listen(socketPath, done)
  })
  // The relay that leads here is another user where this one is root; the folder's name is secret enough for a proxy.
  await chmod(socketPath, 0o666)
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
      await rm(socketPath, { force: true })
    },
  }
}

/** A connection to `host:port` if all addresses of the host are public; else rejects. */
export async function dialPublic(target: string, resolve?: Resolve): Promise<Socket> {
  const colon = target.lastIndexOf(':')
  const [address] = await publicAddresses(target.slice(0, colon), resolve)
  return new Promise((done, reject) => {
    if (address === undefined) return reject()
    const outer = connect({ host: address, port: Number(target.slice(colon + 1)), timeout: 10_000 })
    outer.once('connect', () => done(outer))
    outer.once('timeout', () => outer.destroy())
    outer.once('close', reject)
    outer.once('error', reject)
  })
}

function splice(inner: Socket, outer: Socket, head: Buffer): void {
  inner.write('HTTP/1.1 200 Connection Established\r\n\r\n')
  outer.write(head)
  for (const [from, to] of [
    [inner, outer],
    [outer, inner],
  ] as const) {
    from.setTimeout(idleMs, () => from.destroy())
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
    from.pipe(to)
  }
}
