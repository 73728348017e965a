import { createServer } from 'node:http'
import { closeServer, judgeRequest, listenOn } from '@banyan/http-api/server'
import { answerProbe } from '@banyan/program'
import { sendError } from '../api/http/answer.js'
import type { Metrics } from './metrics.js'

export type AdminServer = {
  /** Listens; port 0 takes a free one. Resolves to the port. Rejects with ApiUnreachable. */
  readonly listen: (port: number, host: string) => Promise<number>
  readonly close: () => Promise<void>
}

const maxConnections = 64
const requestMs = 10_000

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
    else if (!answerProbe(path, response, { isReady, metrics })) response.writeHead(404).end()
  })
  server.maxConnections = maxConnections
  server.headersTimeout = requestMs
  server.requestTimeout = requestMs
  return {
    listen: (port, host) => listenOn(server, port, host),
    close: () => closeServer(server),
  }
}
