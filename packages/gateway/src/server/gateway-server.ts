import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { BanyanError, banyanError, type ErrorName, fail } from '@banyan/base'
import {
  errorBody,
  judgeRequest,
  type Access as PageAccess,
  preflightHeaders,
  publicError,
  sendJson,
} from '@banyan/http-api/server'
import { WebSocketServer } from 'ws'
import type { Access, Credentials, Principal } from '../access/access.js'
import type { Hub } from '../hub/hub.js'
import type { Mqtt } from '../mqtt/mqtt.js'
import { codecs } from './codecs.js'
import { serveDdp } from './ddp/serve-ddp.js'
import type { TopicScope } from './publishing.js'
import { splitTarget } from './queries.js'
import { serveMessages } from './serve-messages.js'
import { serveMqtt, serveMqttSocket } from './serve-mqtt.js'
import { serveStream } from './serve-stream.js'
import { serveHistory, serveTopic } from './serve-topics.js'
import { sniff } from './sniff.js'

type Certificate = { readonly certificate: string; readonly privateKey: string }

export type GatewayServerOptions = {
  readonly hub: Hub
  readonly mqtt: Mqtt
  readonly access: Access
  /** Pages and host names that may use it besides those of this machine. */
  readonly pages: PageAccess
  readonly payloadBytes: number
  readonly connections: number
  /** PEM. Without them it speaks in the open, for this machine alone. */
  readonly tls: Certificate | undefined
  /** Answers other paths for GET, such as /health; returns whether it does. */
  readonly mount: (path: string, response: ServerResponse) => boolean
  /** A defect: what was thrown is no registry error. */
  readonly onDefect: (error: unknown) => void
}

export type GatewayServer = {
  /** Resolves to the port. Error: ApiUnreachable. */
  readonly listen: (port: number, host: string) => Promise<number>
  /** Shows another certificate to connections from now on. */
  readonly changeCertificate: (tls: Certificate) => void
  readonly close: () => Promise<void>
}

const statusByKind: Partial<Record<ErrorName, number>> = {
  GatewayKeyWrong: 401,
  TopicForbidden: 403,
  OriginRefused: 403,
  MethodNotFound: 404,
  TopicEmpty: 404,
  RequestLimitExceeded: 413,
  RequestFailed: 503,
  TopicsFull: 507,
}
const topicsPath = '/v1/topics/'
const handshakeMs = 10_000
/** From the end of the gateway until clients that have not taken everything are cut off, ms. */
const closeMs = 2_000
/** Where clients of DDP look for a WebSocket; they name no subprotocol. */
const ddpPath = '/websocket'
/** What a message of a WebSocket has besides a payload, which base64 lengthens by a third, bytes. */
const messageOverhead = 1 << 17

/** One port for all protocols: MQTT by the first byte, everything else by path and subprotocol of HTTP. */
export function createGatewayServer(options: GatewayServerOptions): GatewayServer {
  const { hub, mqtt, access, payloadBytes } = options
  const sockets = new Set<Socket>()
  /** Below TLS, if there is TLS. */
  const connections = new Set<Socket>()

  const scopeOf = async (request: IncomingMessage): Promise<TopicScope> => {
    const verdict = judgeRequest(options.pages, request)
    if (!verdict.allowed) throw verdict.error
    const principal = await authenticated(access, credentialsOf(request))
    return { hub, access, principal, payloadBytes }
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { path, query } = splitTarget(request.url ?? '/')
    const verdict = judgeRequest(options.pages, request)
    if (verdict.allowed)
      for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value)
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { ...preflightHeaders, ...gatewayPreflight }).end()
      return
    }
    if (request.method === 'GET' && options.mount(path, response)) return
    const scope = await scopeOf(request)
    if (path === '/v1/stream' && request.method === 'GET') serveStream(scope, query, request, response)
    else if (path === '/v1/history' && request.method === 'GET') serveHistory(scope, query, response)
    else if (path.startsWith(topicsPath))
      await serveTopic(scope, path.slice(topicsPath.length), request, response)
    else fail('MethodNotFound', { method: `${request.method ?? ''} ${path.slice(0, 200)}` })
  }

  const http = createHttpServer({ maxHeaderSize: 16_384 }, (request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      if (!(thrown instanceof BanyanError)) options.onDefect(thrown)
      const error = publicError(thrown)
      if (!request.complete) response.setHeader('connection', 'close')
      sendJson(response, statusByKind[error.kind] ?? 400, JSON.stringify(errorBody(error)))
    })
  })
  http.headersTimeout = 10_000
  http.requestTimeout = 30_000

  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: payloadBytes * 2 + messageOverhead,
    handleProtocols: (names) => knownProtocol([...names]) ?? false,
  })
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(request, socket, head).catch((thrown: unknown) => {
      if (!(thrown instanceof BanyanError)) options.onDefect(thrown)
      const status = statusByKind[publicError(thrown).kind] ?? 400
      socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    })
  })
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => socket.destroy())
    const verdict = judgeRequest(options.pages, request)
    if (!verdict.allowed) throw verdict.error
    const names = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    const { path } = splitTarget(request.url ?? '/')
    const protocol = knownProtocol(names)
    const codec = codecs.get(protocol ?? '')
    if (protocol === 'mqtt')
      webSockets.handleUpgrade(request, socket, head, (client) => serveMqttSocket(mqtt, client))
    else if (codec !== undefined || path === ddpPath) {
      const scope = await scopeOf(request)
      webSockets.handleUpgrade(request, socket, head, (client) => {
        if (codec === undefined) serveDdp(scope, client)
        else serveMessages(scope, codec, client)
      })
    } else fail('RequestMalformed', { reason: 'its WebSocket names no protocol of this gateway' })
  }

  const take = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    sniff(socket, (protocol) => {
      if (protocol === 'mqtt') serveMqtt(mqtt, socket)
      else http.emit('connection', socket)
    })
  }
  const secureServer =
    options.tls &&
    createTlsServer({ ...secureContext(options.tls), noDelay: true, handshakeTimeout: handshakeMs }, take)
  const server = secureServer ?? createServer({ noDelay: true }, take)
  server.maxConnections = options.connections
  server.on('connection', (connection: Socket) => {
    connections.add(connection)
    connection.on('close', () => connections.delete(connection))
  })
  const beat = setInterval(() => mqtt.tick(), 1_000)

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        const failed = (cause: Error): void => {
          reject(banyanError('ApiUnreachable', { host, port, reason: cause.message }, cause))
        }
        server.once('error', failed)
        server.listen(port, host, () => {
          server.off('error', failed)
          resolve((server.address() as { port: number }).port)
        })
      }),
    changeCertificate: (tls) => secureServer?.setSecureContext(secureContext(tls)),
    close: async () => {
      clearInterval(beat)
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      mqtt.close()
      // What was sent in this turn of the event loop leaves at its end.
      await new Promise((resolve) => setImmediate(resolve))
      for (const client of webSockets.clients) client.close(1001)
      for (const socket of sockets) socket.end()
      const patience = setTimeout(() => {
        for (const connection of connections) connection.destroy()
      }, closeMs)
      await closed
      clearTimeout(patience)
    },
  }
}

/** The first of the subprotocols of a client that the gateway speaks. */
function knownProtocol(names: readonly string[]): string | undefined {
  return names.find((name) => name === 'mqtt' || codecs.has(name))
}

const gatewayPreflight = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, last-event-id',
}

function secureContext({ certificate, privateKey }: Certificate) {
  return { cert: certificate, key: privateKey, minVersion: 'TLSv1.3' } as const
}

/** Error: GatewayKeyWrong. */
function authenticated(access: Access, credentials: Credentials): Promise<Principal> {
  return new Promise((resolve, reject) => {
    access.authenticate(credentials, (principal) => {
      if (principal === undefined) reject(banyanError('GatewayKeyWrong'))
      else resolve(principal)
    })
  })
}

/** A bearer token; browsers cannot give one for WebSockets and event streams, and write it into `key` of the query. */
function credentialsOf(request: IncomingMessage): Credentials {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const key = token ?? splitTarget(request.url ?? '/').query.get('key')
  return { name: undefined, secret: key === null ? undefined : Buffer.from(key) }
}
