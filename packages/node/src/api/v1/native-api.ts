import type { IncomingMessage, ServerResponse } from 'node:http'
import { fail } from '@banyan/base'
import { checkParams, type FoundRoute, findRoute } from '@banyan/http-api'
import { sendBytes, sendJson } from '@banyan/http-api/server'
import { startDeadline } from '../deadline.js'
import type { BodyReader } from '../http/body.js'
import type { ApiLimits } from '../limits.js'
import type { NodeApi } from '../port.js'
import { chainRoutes } from './chain-routes.js'
import { listRoutes } from './list-routes.js'
import { openApiDocument } from './openapi.js'
import type { Route } from './route.js'
import { stateRoutes } from './state-routes.js'
import { transactionRoutes } from './transaction-routes.js'

const routes: readonly Route[] = [...chainRoutes, ...transactionRoutes, ...stateRoutes, ...listRoutes]
const prefix = '/v1/'
const documentPath = '/v1/openapi.json'

export type NativeApi = {
  /** Answers a request under /v1; returns whether the path is there. Rejects with a registry error to send. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>
  /** Ends all streams. */
  readonly close: () => void
}

export function createNativeApi(node: NodeApi, limits: ApiLimits, readBody: BodyReader): NativeApi {
  const scope = { node, limits }
  const document = JSON.stringify(openApiDocument(routes, node.identity.version))
  const streams = new Set<ServerResponse>()

  const run = async (
    found: FoundRoute<Route>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const { route, texts } = found
    const params = checkParams(route.params, texts)
    const query = checkParams(route.query, queryOf(request))
    const http = { request, response }
    if (route.answer.kind === 'events') {
      if (streams.size >= limits.sockets) {
        fail('RequestLimitExceeded', { what: 'the number of event streams', limit: limits.sockets })
      }
      streams.add(response)
      response.on('close', () => streams.delete(response))
      await route.run(scope, { params, query, body: noBytes, bodyType: '', http })
      return
    }
    const bodyType = mediaType(request)
    if (route.bodyTypes.length > 0 && !route.bodyTypes.includes(bodyType)) {
      fail('ParametersInvalid', { reason: `content-type is one of ${route.bodyTypes.join(', ')}` })
    }
    const body =
      route.bodyTypes.length > 0 ? await readBody(request) : { bytes: noBytes, release: () => undefined }
    const deadline = startDeadline(limits.answerMs)
    try {
      const input = { params, query, body: body.bytes, bodyType, http }
      const answer = await deadline.within(route.run(scope, input))
      if (route.answer.kind === 'bytes') {
        sendBytes(response, 200, 'application/octet-stream', answer as Uint8Array)
      } else {
        sendJson(response, 200, JSON.stringify(answer))
      }
    } finally {
      deadline.end()
      body.release()
    }
  }

  return {
    answer: async (request, response, path) => {
      if (!path.startsWith(prefix)) return false
      const method = (request.method ?? '').toLowerCase()
      if (path === documentPath && method === 'get') {
        sendJson(response, 200, document)
        return true
      }
      const found = findRoute(routes, method, path)
      if (found === undefined) return false
      await run(found, request, response)
      return true
    },
    close: () => {
      for (const response of streams) response.end()
    },
  }
}

const noBytes = new Uint8Array(0)

function queryOf({ url = '' }: IncomingMessage): Record<string, string> {
  const start = url.indexOf('?')
  return start < 0 ? {} : Object.fromEntries(new URLSearchParams(url.slice(start)))
}

function mediaType({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}
