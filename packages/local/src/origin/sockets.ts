import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Upstream, Upstreams } from './upstreams.js'

const maxSockets = 512
/** A validator that has not begun to answer after this time may hang: the system takes connections for it even so. */
const patienceMs = 1_000

export type SocketProxy = {
  /** Joins the client's connection with one to a validator, which then speaks WebSocket with it. */
  readonly join: (request: IncomingMessage, client: Socket, head: Uint8Array) => Promise<void>
  readonly close: () => void
}

export function createSocketProxy(upstreams: Upstreams): SocketProxy {
  const clients = new Set<Socket>()
  return {
    join: async (request, client, head) => {
      client.on('error', () => client.destroy())
      if (clients.size >= maxSockets) return refuse(client)
      clients.add(client)
      client.once('close', () => clients.delete(client))
      for (const upstream of upstreams.candidates()) {
        const server = await open(upstream, request, head)
        if (server !== undefined)
          return pipe(
            client,
            server,
            upstreams.hold(upstream, () => server.destroy()),
          )
        upstreams.avoid(upstream)
      }
      refuse(client)
    },
    close: () => {
      for (const client of clients) client.destroy()
    },
  }
}

function refuse(client: Socket): void {
  client.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
}

/** A connection on which a validator has begun to answer to this request; nothing if it does not. */
function open({ url }: Upstream, request: IncomingMessage, head: Uint8Array): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    const timer = setTimeout(() => socket.destroy(), patienceMs)
    socket.write(requestHead(request, url.host))
    if (head.length > 0) socket.write(head)
    socket.once('readable', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
  })
}

/** As the client has sent it, but for the host. */
function requestHead({ method, url, rawHeaders }: IncomingMessage, host: string): string {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    lines.push(`${name}: ${name.toLowerCase() === 'host' ? host : rawHeaders[i + 1]}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** What ends one side ends the other, and then `release` is called. */
function pipe(client: Socket, server: Socket, release: () => void): void {
  server.once('close', () => {
    release()
    client.destroy()
  })
  if (client.destroyed) return void server.destroy()
  client.once('close', () => server.destroy())
  client.pipe(server).pipe(client)
}
