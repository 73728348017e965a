import type { IncomingMessage } from 'node:http'
import { readBody } from '@banyan/http-api/server'
import type { Budget } from '../budget.js'

/** A request body, and what tells that it is not needed any more. */
export type Body = { readonly bytes: Uint8Array; readonly release: () => void }

export type BodyReader = (request: IncomingMessage) => Promise<Body>

/** Reads bodies of at most `limit` bytes, all of them together within the budget. Errors: RequestLimitExceeded, RequestMalformed. */
export function createBodyReader(limit: number, budget: Budget): BodyReader {
  return async (request) => {
    let size = 0
    const release = (): void => {
      budget.give(size)
      size = 0
    }
    const take = (bytes: number): void => {
      budget.take(bytes)
      size += bytes
    }
    try {
      return { bytes: await readBody(request, limit, take), release }
    } catch (error) {
      release()
      throw error
    }
  }
}
