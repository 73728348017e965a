import { createServer, type ServerResponse } from 'node:http'
import { sendError } from '../api/http/answer.js'
import { judgeRequest } from '../api/http/guard.js'
import { closeServer, listenOn } from '../api/http/listen.js'
import type { Metrics } from './metrics.js'

export type AdminServer = {
  /** Listens; port 0 takes a free one. Resolves to the port. Rejects with ApiUnreachable. */
  readonly listen: (port: number, host: string) => Promise<number>
  readonly close: () => Promise<void>
}

const maxConnections = 64
const requestMs = 10_000

/**
 * Answers the paths by which a machine asks how a node is: /health while the process works, /ready with 503 until the
 * node has caught up. Returns whether the path is one of them.
 */
export function answerProbe(path: string, response: ServerResponse, isReady: () => boolean): boolean {
  if (path !== '/health' && path !== '/ready') return false
  const isGood = path === '/health' || isReady()
  response
    .writeHead(isGood ? 200 : 503, { 'content-type': 'text/plain' })
    .end(isGood ? 'ok\n' : 'not ready\n')
  return true
}

/**
 * Serves /metrics, /health and /ready, apart from the public APIs: what it tells is for those who run the node. `hosts` are
 * names besides those of this machine under which it may be asked; web pages elsewhere get nothing.
 */
export function createAdminServer(
  metrics: Metrics,
  hosts: readonly string[],
  isReady: () => boolean,
): AdminServer {
  const server = createServer((request, response) => {
    const verdict = judgeRequest({ hosts, origins: [] }, request)
    if (!verdict.allowed) return sendError(response, verdict.error)
    const path = (request.url ?? '').split('?')[0]!
    if (request.method !== 'GET') response.writeHead(405).end()
    else if (answerProbe(path, response, isReady)) return
    else if (path === '/metrics') void answerMetrics(metrics, response)
    else response.writeHead(404).end()
  })
  server.maxConnections = maxConnections
  server.headersTimeout = requestMs
  server.requestTimeout = requestMs
  return {
    listen: (port, host) => listenOn(server, port, host),
    close: () => closeServer(server),
  }
}

async function answerMetrics(metrics: Metrics, response: ServerResponse): Promise<void> {
  const text = await metrics.text()
  response.writeHead(200, { 'content-type': metrics.contentType }).end(text)
}
