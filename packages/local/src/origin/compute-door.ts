import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { banyanError, fail } from '@banyan/base'
import { type Compute, type ComputeState, whyNot } from '../compute/compute.js'
import type { Made } from '../compute/made.js'
import { sendError } from './answer.js'
import { passedHeaders } from './ask.js'

/** The way from the origin to the region. */
export type ComputeDoor = {
  /**
   * Hands a request to the region, as streams both ways. One that brings no key gets that of one of the network's people if `mayUseKeys`.
   * Errors: OriginRefused, ParametersInvalid, ComputeNotReady.
   */
  readonly forward: (request: IncomingMessage, response: ServerResponse, mayUseKeys: boolean) => void
  readonly close: () => void
}

/** Whose key the origin adds to a request: one of the network's people. */
export type Role = 'enterprise' | 'operator' | 'developer' | 'miner-1' | 'miner-2'

/** Where it stands at the origin. */
const prefix = '/compute'
/** Chooses whose key is added. */
const roleHeader = 'banyan-as'

/** Headers of a page of the origin: they are nothing that a service should see. */
const ownHeaders = ['cookie', 'origin', 'referer', 'expect', roleHeader]
/** What an answer may not do to the origin, whose name it has borrowed. */
const refusedHeaders = [
  'set-cookie',
  'clear-site-data',
  'strict-transport-security',
  'service-worker-allowed',
  'alt-svc',
]
/** Pages that services answer are shown without scripts, and belong to no origin. */
const shield = {
  'content-security-policy': "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

export function createComputeDoor(compute: Compute): ComputeDoor {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  return {
    forward: (from, response, mayUseKeys) => {
      const hasKey = ['authorization', 'banyan-key'].some((name) => from.headers[name] !== undefined)
      if (!hasKey && !mayUseKeys)
        throw banyanError('OriginRefused', { what: 'without a key from a page elsewhere' })
      const made = madeIn(compute.state())
      const key = hasKey ? undefined : keyOf(made, from.headers[roleHeader])
      const asked = request({
        agent,
        hostname: '127.0.0.1',
        port: compute.parts!.ports.work,
        method: from.method,
        path: from.url!.slice(prefix.length) || '/',
        headers: {
          ...requestHeaders(from),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
      })
      asked.on('error', () => refuse(response))
      asked.once('response', (answer) => passOn(answer, response))
      response.once('close', () => asked.destroy())
      from.once('error', () => asked.destroy())
      from.pipe(asked)
    },
    close: () => agent.destroy(),
  }
}

function madeIn(state: ComputeState): Made {
  if (state.kind === 'ready') return state.made
  return fail('ComputeNotReady', { reason: whyNot(state) })
}

/** Error: ParametersInvalid. */
function keyOf(
  { enterprise, operator, developer, miners }: Made,
  role: string | string[] | undefined,
): string {
  const keys: Readonly<Record<Role, string>> = {
    enterprise: enterprise.key,
    operator: operator.key,
    developer: developer.key,
    'miner-1': miners[0].key,
    'miner-2': miners[1].key,
  }
  const names = Object.keys(keys).join(', ')
  return (
    new Map(Object.entries(keys)).get(String(role ?? 'enterprise')) ??
    fail('ParametersInvalid', { reason: `${roleHeader} is none of ${names}` })
  )
}

function requestHeaders({ headers }: IncomingMessage): IncomingHttpHeaders {
  return without(passedHeaders(headers), ownHeaders)
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

function passOn(answer: IncomingMessage, response: ServerResponse): void {
  const headers = without(passedHeaders(answer.headers), refusedHeaders)
  response.writeHead(answer.statusCode ?? 502, { ...headers, ...shield })
  // Events begin with headers alone.
  response.flushHeaders()
  // An answer that breaks off must not look whole.
  answer.once('error', () => response.destroy())
  answer.pipe(response)
}

function refuse(response: ServerResponse): void {
  if (response.headersSent) response.destroy()
  else sendError(response, banyanError('ComputeNotReady', { reason: 'its region does not answer' }))
}
