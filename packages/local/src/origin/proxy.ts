import { Buffer } from 'node:buffer'
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { banyanError, fail } from '@banyan/base'
import type { Upstream, Upstreams } from './upstreams.js'

/** As the node's own bound. */
const maxBodyBytes = 16 * 2 ** 20
/** Of all requests under way. */
const maxHeldBytes = 128 * 2 ** 20
/** Of one connection to the next: they are not the client's. */
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'host',
])

export type Proxy = {
  /** Answers with what a validator answers. Errors: ValidatorsUnreachable, RequestLimitExceeded, RequestMalformed. */
  readonly forward: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  readonly close: () => void
}

/**
 * Hands requests to a validator. One that does not answer is left for the next: every request can be made twice, since
 * reading changes nothing and a transaction counts once.
 */
export function createProxy(upstreams: Upstreams): Proxy {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  let heldBytes = 0

  const readBody = async (from: IncomingMessage): Promise<Buffer> => {
    const parts: Buffer[] = []
    let size = 0
    try {
      for await (const part of from as AsyncIterable<Buffer>) {
        size += part.length
        heldBytes += part.length
        if (size > maxBodyBytes)
          fail('RequestLimitExceeded', { what: 'the size of a request in bytes', limit: maxBodyBytes })
        if (heldBytes > maxHeldBytes)
          fail('RequestLimitExceeded', { what: 'the size of all requests in bytes', limit: maxHeldBytes })
        parts.push(part)
      }
      return Buffer.concat(parts)
    } catch (error) {
      heldBytes -= size
      throw error
    }
  }

  return {
    forward: async (from, response) => {
      const body = await readBody(from)
      try {
        const candidates = upstreams.candidates()
        for (const upstream of candidates) {
          if (response.destroyed) return
          if (await attempt(agent, upstream, from, body, response)) return
          upstreams.avoid(upstream)
        }
        throw banyanError('ValidatorsUnreachable', { count: candidates.length })
      } finally {
        heldBytes -= body.length
      }
    },
    close: () => agent.destroy(),
  }
}

/** Resolves to false if the validator did not begin to answer, and otherwise when its answer has begun. */
function attempt(
  agent: Agent,
  { url }: Upstream,
  from: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({
      agent,
      hostname: url.hostname,
      port: url.port,
      method: from.method,
      path: from.url,
      headers: { ...passed(from.headers), host: url.host, 'content-length': body.length },
    })
    asked.once('error', () => resolve(false))
    asked.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, passed(answer.headers))
      // An answer that breaks off must not look whole.
      answer.once('error', () => response.destroy())
      answer.pipe(response)
      resolve(true)
    })
    // A client that goes takes its stream with it.
    response.once('close', () => asked.destroy())
    asked.end(body)
  })
}

function passed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)))
}
