import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { BanyanError, banyanError } from '@banyan/base'
import type { ApiLimits } from '../limits.js'

/** A request body, and what tells that it is not needed any more. */
export type Body = { readonly bytes: Uint8Array; readonly release: () => void }

/** Reads bodies whose sum is bounded, so that many clients together cannot exhaust the memory. */
export type BodyReader = (request: IncomingMessage) => Promise<Body>

/** Rejects with RequestLimitExceeded, or RequestMalformed if the connection breaks. */
export function createBodyReader(limits: Pick<ApiLimits, 'bodyBytes' | 'allBodyBytes'>): BodyReader {
  let all = 0
  return async (request) => {
    let size = 0
    const release = (): void => {
      all -= size
      size = 0
    }
    const grow = (bytes: number): void => {
      if (size + bytes > limits.bodyBytes) throw tooLarge('the size of a request in bytes', limits.bodyBytes)
      if (all + bytes > limits.allBodyBytes) {
        throw tooLarge('the size of all requests of the moment in bytes', limits.allBodyBytes)
      }
      size += bytes
      all += bytes
    }
    try {
      const announced = Number(request.headers['content-length'] ?? 0)
      if (announced > limits.bodyBytes) throw tooLarge('the size of a request in bytes', limits.bodyBytes)
      const parts: Buffer[] = []
      for await (const part of request as AsyncIterable<Buffer>) {
        grow(part.length)
        parts.push(part)
      }
      return { bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), release }
    } catch (error) {
      release()
      if (error instanceof BanyanError) throw error
      throw banyanError('RequestMalformed', { reason: 'the connection broke' }, error)
    }
  }
}

function tooLarge(what: string, limit: number) {
  return banyanError('RequestLimitExceeded', { what, limit })
}
