import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { BanyanError, banyanError, fail } from '@banyan/base'
import type { Budget } from '../budget.js'

/** A request body, and what tells that it is not needed any more. */
export type Body = { readonly bytes: Uint8Array; readonly release: () => void }

export type BodyReader = (request: IncomingMessage) => Promise<Body>

/** Reads bodies of at most `limit` bytes. Rejects with RequestLimitExceeded, or RequestMalformed if the connection breaks. */
export function createBodyReader(limit: number, budget: Budget): BodyReader {
  return async (request) => {
    let size = 0
    const release = (): void => {
      budget.give(size)
      size = 0
    }
    try {
      checkSize(Number(request.headers['content-length'] ?? 0), limit)
      const parts: Buffer[] = []
      for await (const part of request as AsyncIterable<Buffer>) {
        checkSize(size + part.length, limit)
        budget.take(part.length)
        size += part.length
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

function checkSize(size: number, limit: number): void {
  if (size > limit) fail('RequestLimitExceeded', { what: 'the size of a request in bytes', limit })
}
