import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { BanyanError, banyanError, type ErrorName, fail } from '@banyan/base'
import { checkParams, findRoute } from '@banyan/http-api'
import { closeServer, errorBody, judgeRequest, listenOn, sendJson } from '@banyan/http-api/server'
import type { Identity } from '../../check/credentials.js'
import { accountRoutes } from './account-routes.js'
import { readBody } from './body.js'
import { credentialRoutes } from './credential-routes.js'
import { openApiDocument } from './openapi.js'
import { regionRoutes } from './region-routes.js'
import { registryRoutes } from './registry-routes.js'
import { replicaRoutes } from './replica-routes.js'
import type { Route, Scope } from './route.js'

export type ApiOptions = {
  readonly scope: Scope
  readonly version: string
  /** Host names besides those of this machine by which it is reached. */
  readonly hosts: readonly string[]
  /** Answers other paths for GET, such as /health, without credentials; returns whether it does. */
  readonly mount: (path: string, response: ServerResponse) => boolean
  readonly onRefused: (kind: ErrorName) => void
  /** A defect: what was thrown is no registry error. */
  readonly onDefect: (error: unknown) => void
}

export type ApiServer = {
  /** Listens; port 0 takes a free one. Resolves to the port. Error: ApiUnreachable. */
  readonly listen: (port: number, host: string) => Promise<number>
  readonly close: () => Promise<void>
}

const routes: readonly Route[] = [
  ...accountRoutes,
  ...credentialRoutes,
  ...registryRoutes,
  ...regionRoutes,
  ...replicaRoutes,
]
const documentPath = '/v1/openapi.json'
const second = 1_000
const maxConnections = 500

const statusByKind: Partial<Record<ErrorName, number>> = {
  CredentialsRefused: 401,
  ScopeRefused: 403,
  OriginRefused: 403,
  MethodNotFound: 404,
  CentralAccountUnknown: 404,
  KeyUnknown: 404,
  DServiceUnknown: 404,
  AccountFieldTaken: 409,
  StateChangeRefused: 409,
  DServiceStateWrong: 409,
  NotWriter: 409,
  RequestLimitExceeded: 413,
  AttemptsExhausted: 429,
  NoRegionSuits: 503,
  HashesBusy: 503,
  CentralBusy: 503,
  RequestFailed: 503,
}

/** The API of central for those who run it, for portals and for followers. Keep it on loopback or a private network. */
export function createApi(options: ApiOptions): ApiServer {
  const document = JSON.stringify(openApiDocument(routes, options.version))

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkHost(options.hosts, request)
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'GET' && url.pathname === documentPath) return sendJson(response, 200, document)
    const found = findRoute(routes, (request.method ?? '').toLowerCase(), url.pathname)
    if (found === undefined) {
      if (request.method === 'GET' && options.mount(url.pathname, response)) return
      fail('MethodNotFound', { method: `${request.method ?? ''} ${url.pathname.slice(0, 200)}` })
    }
    const { route, texts } = found
    const address = request.socket.remoteAddress ?? ''
    const identity = route.open ? undefined : identify(options.scope, request, address)
    const aborted = new AbortController()
    response.on('close', () => aborted.abort())
    const result = await route.run(options.scope, {
      params: checkParams(route.params, texts),
      query: checkParams(route.query, Object.fromEntries(url.searchParams)),
      body: route.body === undefined ? undefined : checkParams(route.body, await readBody(request)),
      identity,
      address,
      signal: aborted.signal,
    })
    sendJson(response, 200, JSON.stringify(result))
  }

  const server = createServer({ maxHeaderSize: 16 * 1_024 }, (request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      if (!(thrown instanceof BanyanError)) options.onDefect(thrown)
      const error = thrown instanceof BanyanError ? thrown : banyanError('RequestFailed')
      options.onRefused(error.kind)
      // What is left of the body is not read.
      response.setHeader('connection', 'close')
      sendJson(response, statusByKind[error.kind] ?? 400, JSON.stringify(errorBody(error)))
    })
  })
  server.maxConnections = maxConnections
  server.headersTimeout = 10 * second
  server.requestTimeout = 30 * second

  return {
    listen: (port, host) => listenOn(server, port, host),
    close: () => closeServer(server),
  }
}

/** A page elsewhere could reach this server by a name that its owner points here; programs use names of this machine. */
function checkHost(hosts: readonly string[], request: IncomingMessage): void {
  const verdict = judgeRequest({ hosts, origins: [] }, request)
  if (!verdict.allowed) throw verdict.error
  // Programs send no origin, and pages have no business here.
  if (request.headers.origin !== undefined) fail('OriginRefused', { what: 'from web pages' })
}

/** Who shows a key or a session token. Errors: CredentialsRefused, AttemptsExhausted. */
function identify({ credentials }: Scope, { headers }: IncomingMessage, address: string): Identity {
  const token = /^Bearer ([\x21-\x7e]{1,500})$/.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return fail('CredentialsRefused')
  if (!token.startsWith('bnk_')) return credentials.checkSession(token)
  const { account, key, scopes } = credentials.checkKey(token, address)
  return { account, credential: key, scopes }
}
