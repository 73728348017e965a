import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { banyanError, fail } from '@banyan/base'
import { judgeRequest, preflightHeaders } from '@banyan/http-api/server'
import { createClient } from '@banyan/sdk'
import type { Compute } from '../compute/compute.js'
import { describeCompute } from '../compute/describe.js'
import type { Person } from '../people.js'
import type { Supervisor } from '../processes/supervisor.js'
import type { LocalSponsor } from '../sponsor.js'
import { send, sendError, sendJson } from './answer.js'
import { type ComputeDoor, createComputeDoor } from './compute-door.js'
import { openDocs } from './docs.js'
import { createFaucet, type Faucet } from './faucet.js'
import { openFiles, openSamples } from './files.js'
import { setPageHeaders } from './headers.js'
import { listen } from './listen.js'
import { createLocalApi, type LocalApi, type LocalOptions } from './local-api.js'
import { contentsPage, documentOf, homePage, styleSheet } from './plain-pages.js'
import { createProxy } from './proxy.js'
import { createSocketProxy } from './sockets.js'
import { watchUpstreams } from './upstreams.js'

export type OriginOptions = LocalOptions & {
  /** Gives test money away. */
  readonly faucet: Person
  readonly consoleFolder: string
  readonly docsFolder: string
  readonly samplesFolder: string
}

/** The one address of a local network: pages, APIs of a validator that is well, and what is told of the network itself. */
export type Origin = {
  /** Takes this port or, if it belongs to somebody else, the next free one. Error: PortsTaken. */
  readonly listen: (port: number) => Promise<{ readonly port: number; readonly takenBy: string | undefined }>
  readonly local: LocalApi
  /** Serves a sponsor from now on. */
  readonly mountSponsor: (sponsor: LocalSponsor) => void
  /** Leads to what computes from now on. */
  readonly mountCompute: (compute: Compute) => void
  readonly close: () => Promise<void>
}

const maxConnections = 1_024
const html = 'text/html; charset=utf-8'
/** What pages of other ports may send with a key of their own. */
const workPreflight = {
  ...preflightHeaders,
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': '*, authorization',
}
const access = { hosts: [], origins: [] }

export function createOrigin(options: OriginOptions, supervisor: Supervisor): Origin {
  let port = 0
  const origin = (): string => `http://localhost:${port}`
  const upstreams = watchUpstreams(supervisor.validators)
  const proxy = createProxy(upstreams)
  const sockets = createSocketProxy(upstreams)
  let compute: Compute | undefined
  const local = createLocalApi(
    options,
    supervisor,
    upstreams,
    origin,
    () => compute?.state() ?? { kind: 'off' },
  )
  const docs = openDocs(options.docsFolder)
  const files = openFiles(options.consoleFolder)
  const samples = openSamples(options.samplesFolder)
  // It pays by the origin itself, whose port is not known before.
  let faucet: Faucet | undefined
  let sponsor: LocalSponsor | undefined
  let door: ComputeDoor | undefined

  const sendPage = (response: ServerResponse, text: string): void => {
    setPageHeaders(response)
    send(response, 200, html, text)
  }

  const answerDocs = async (response: ServerResponse, path: string): Promise<void> => {
    sendPage(response, documentOf(path === '' ? contentsPage(await docs.list()) : await docs.read(path)))
  }

  /** Like /docs/, for a console that has its own frame around them. */
  const answerDocsAsJson = async (response: ServerResponse, path: string): Promise<void> => {
    sendJson(response, 200, path === '' ? { pages: await docs.list() } : await docs.read(path))
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const verdict = judgeRequest(access, request)
    if (!verdict.allowed) throw verdict.error
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = url.pathname
    const isApi = isProxied(path)
    // Without the slash it is a page of the console.
    const isWork = path.startsWith('/compute/')
    if ((isApi || isWork) && request.method === 'OPTIONS') {
      response.writeHead(204, { ...verdict.headers, ...(isWork ? workPreflight : preflightHeaders) }).end()
      return
    }
    if (isWork) {
      for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value)
      if (door === undefined) return fail('ComputeNotReady', { reason: 'the chain is still starting' })
      return door.forward(request, response, isOwnPage(request))
    }
    if (isApi || (path === '/' && request.method === 'POST')) return proxy.forward(request, response)
    if (path === '/sponsor' || path.startsWith('/sponsor/'))
      return sponsor?.answer(request, response, isSameOrigin(request)) ?? missing(request)
    if (!isSameOrigin(request)) throw banyanError('OriginRefused', { what: 'from a page of another origin' })
    if (path === '/local/faucet' && request.method === 'POST') return faucet?.answer(request, response)
    if (path === '/local/compute' && compute !== undefined)
      return sendJson(response, 200, await describeCompute(compute, origin()))
    if (path.startsWith('/local/samples/'))
      return samples(request, response, path, () => sendError(response, banyanError('PageUnknown', { path })))
    if (path === '/local/sponsor' && sponsor !== undefined) return sendJson(response, 200, sponsor.policy)
    if (path.startsWith('/local/docs/')) return answerDocsAsJson(response, decode(path.slice(12)))
    if (path.startsWith('/local/') && (await local.answer(request, response, url))) return
    if (path === '/docs/style.css') return send(response, 200, 'text/css', styleSheet)
    // The console shows them in its own frame.
    if (files === undefined && path.startsWith('/docs/')) return answerDocs(response, decode(path.slice(6)))
    if ((request.method !== 'GET' && request.method !== 'HEAD') || path.startsWith('/local/'))
      missing(request)
    if (files !== undefined)
      return files(request, response, path, () => sendError(response, banyanError('PageUnknown', { path })))
    if (path === '/') return sendPage(response, documentOf(homePage(options.chainId)))
    missing(request)
  }

  const makeServer = () => {
    const server = createServer({ maxHeaderSize: 16 * 1_024, noDelay: true }, (request, response) => {
      answer(request, response).catch((error: unknown) => sendError(response, error))
    })
    server.maxConnections = maxConnections
    server.headersTimeout = 10_000
    server.requestTimeout = 30_000
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Uint8Array) => {
      if (judgeRequest(access, request).allowed && isSocketPath(request.url))
        void sockets.join(request, socket, head)
      else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    })
    return server
  }
  const servers = [makeServer(), makeServer()] as const

  return {
    listen: async (wanted) => {
      const taken = await listen(servers, wanted)
      port = taken.port
      faucet = createFaucet(createClient({ url: origin() }), options.faucet, Date.now)
      return taken
    },
    local,
    mountSponsor: (given) => {
      sponsor = given
    },
    mountCompute: (given) => {
      compute = given
      door = createComputeDoor(given)
    },
    close: async () => {
      upstreams.close()
      local.close()
      sockets.close()
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve())
              server.closeAllConnections()
            }),
        ),
      )
      proxy.close()
      door?.close()
    },
  }
}

function missing({ method, url = '' }: IncomingMessage): never {
  return fail('MethodNotFound', { method: `${method} ${url.slice(0, 200)}` })
}

function isProxied(path: string): boolean {
  return path === '/rpc' || path.startsWith('/v1/')
}

function isSocketPath(url: string | undefined): boolean {
  return ['/', '/rpc', '/ws'].includes(url?.split('?')[0] ?? '')
}

/** A page of another port of this machine is another origin: it may ask the chain, but not the network itself. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined && origin !== `http://${headers.host}`) return false
  return (
    site === undefined ||
    site === 'same-origin' ||
    site === 'none' ||
    headers['sec-fetch-mode'] === 'navigate'
  )
}

/** A page of the origin itself, or a program outside of browsers; a link elsewhere that leads here is neither. */
function isOwnPage(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site']
  return isSameOrigin(request) && (site === undefined || site === 'same-origin' || site === 'none')
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
