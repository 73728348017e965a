import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { banyanError, fail } from '@banyan/base'
import {
  type Access,
  closeServer,
  judgeRequest,
  listenOn,
  preflightHeaders,
  sendJson,
} from '@banyan/http-api/server'
import { createBudget } from './budget.js'
import { sendError } from './http/answer.js'
import { createBodyReader } from './http/body.js'
import { createDispatch } from './json-rpc/dispatch.js'
import { rpcErrorOf } from './json-rpc/errors.js'
import { createFilters } from './json-rpc/filters.js'
import { rpcMethods } from './json-rpc/methods/index.js'
import type { ApiLimits } from './limits.js'
import { defaultLimits } from './limits.js'
import type { NodeApi } from './port.js'
import { createNativeApi } from './v1/native-api.js'
import { serveWebSockets } from './websocket/sockets.js'

export type ApiServerOptions = {
  readonly node: NodeApi
  /** Who may talk to the node besides programs and pages of this machine. */
  readonly access?: Partial<Access>
  readonly limits?: Partial<ApiLimits>
  /** Answers other paths, such as /health; returns whether it does. Called for GET requests only. */
  readonly mount?: (path: string, request: IncomingMessage, response: ServerResponse) => boolean
}

export type ApiServer = {
  /** Listens; port 0 takes a free one. Resolves to the port. Rejects with ApiUnreachable. */
  readonly listen: (port: number, host: string) => Promise<number>
  /** Ends all connections and streams. */
  readonly close: () => Promise<void>
}

const rpcPaths: readonly string[] = ['/', '/rpc']
const second = 1_000

/**
 * The public APIs of a node: Ethereum's JSON-RPC over HTTP and WebSocket at `/` and `/rpc`, and our own under `/v1`. Answers
 * are JSON, whatever is asked; the status is never 500.
 */
export function createApiServer({ node, access, limits: changed, mount }: ApiServerOptions): ApiServer {
  const limits: ApiLimits = { ...defaultLimits, ...changed }
  const allowed: Access = { hosts: access?.hosts ?? [], origins: access?.origins ?? [] }
  const filters = createFilters(node, limits, () => performance.now(), randomBytes)
  const context = { node, limits, filters }
  const dispatch = createDispatch(context, rpcMethods)
  const budget = createBudget(limits.allBodyBytes)
  const readBody = createBodyReader(limits.bodyBytes, budget)
  const native = createNativeApi(node, limits, readBody)

  const answerRpc = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { bytes, release } = await readBody(request)
      const answer = await dispatch(new TextDecoder().decode(bytes)).finally(release)
      if (answer === undefined) response.writeHead(204).end()
      else sendJson(response, 200, answer)
    } catch (error) {
      // What is left of the body is not read.
      response.setHeader('connection', 'close')
      sendJson(response, 200, JSON.stringify({ jsonrpc: '2.0', id: null, error: rpcErrorOf(error) }))
    }
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const verdict = judgeRequest(allowed, request)
    if (!verdict.allowed) return sendError(response, verdict.error)
    for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value)
    if (request.method === 'OPTIONS') {
      response.writeHead(204, preflightHeaders).end()
      return
    }
    const path = pathOf(request)
    if (request.method === 'POST' && rpcPaths.includes(path)) return answerRpc(request, response)
    if (await native.answer(request, response, path)) return
    if (request.method === 'GET' && mount?.(path, request, response) === true) return
    fail('MethodNotFound', { method: `${request.method ?? ''} ${path.slice(0, 200)}` })
  }

  const server = createServer({ maxHeaderSize: 16 * 1024, noDelay: true }, (request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error))
  })
  server.maxConnections = limits.connections
  server.headersTimeout = 10 * second
  server.requestTimeout = 30 * second
  server.keepAliveTimeout = 65 * second
  server.on('clientError', (_, socket) => {
    const body = JSON.stringify({
      error: rpcErrorOf(banyanError('RequestMalformed', { reason: 'it is not HTTP' })),
    })
    if (!socket.writable) return void socket.destroy()
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
  })
  const sockets = serveWebSockets(server, context, budget, (request) => {
    return judgeRequest(allowed, request).allowed && [...rpcPaths, '/ws'].includes(pathOf(request))
  })

  return {
    listen: (port, host) => listenOn(server, port, host),
    close: async () => {
      filters.close()
      sockets.close()
      native.close()
      await closeServer(server)
    },
  }
}

/** Path of a request without its query. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}
