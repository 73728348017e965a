import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Upstreams } from './upstreams.js'

const maxSockets = 512
const connectMs = 2_000

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
        const server = await connectTo(upstream.url)
        if (server !== undefined) return pipe(request, client, head, server, upstream.url.host)
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

function connectTo({ hostname, port }: URL): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const timer = setTimeout(() => socket.destroy(), connectMs)
    socket.once('connect', () => {
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

/** What ends one side ends the other. */
function pipe(
  request: IncomingMessage,
  client: Socket,
  head: Uint8Array,
  server: Socket,
  host: string,
): void {
  if (client.destroyed) return void server.destroy()
  const lines = [`${request.method} ${request.url} HTTP/1.1`]
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!
    lines.push(`${name}: ${name.toLowerCase() === 'host' ? host : request.rawHeaders[i + 1]}`)
  }
  server.write(`${lines.join('\r\n')}\r\n\r\n`)
  if (head.length > 0) server.write(head)
  client.pipe(server).pipe(client)
  client.once('close', () => server.destroy())
  server.once('close', () => client.destroy())
}
