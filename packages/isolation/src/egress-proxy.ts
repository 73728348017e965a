import { lookup } from 'node:dns/promises'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { BlockList, connect, isIP, type Socket } from 'node:net'

/** Finds the addresses of a host. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** Addresses that belong to machines, local networks and special uses (IANA's registries of special-purpose addresses). */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, prefix, 'ipv4')

/** Global unicast is 2000::/3; of it these are special, or carry an IPv4 address that could be. */
const specialIn6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  specialIn6.addSubnet(network, prefix, 'ipv6')
const unicast = new BlockList()
unicast.addSubnet('2000::', 3, 'ipv6')

/** Whether an address is that of a machine on the public internet. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !special.check(address, 'ipv4')
  return version === 6 && unicast.check(address, 'ipv6') && !specialIn6.check(address, 'ipv6')
}

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

const resolveByName: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address)

export type EgressProxy = { readonly close: () => Promise<void> }

/**
 * Listens on a Unix socket as a proxy that knows CONNECT alone (RFC 9110, 9.3.6): to the listed hosts, and of those to public
 * addresses. A name is looked up once, and what was found is what is dialled, so that it cannot change in between.
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

/** A connection to a public address of `host:port`; rejects where there is none. */
export async function dialPublic(target: string, resolve: Resolve = resolveByName): Promise<Socket> {
  const colon = target.lastIndexOf(':')
  const [address] = (await resolve(target.slice(0, colon))).filter(isPublicAddress)
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
