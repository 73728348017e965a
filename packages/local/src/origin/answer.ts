import { Buffer } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { BanyanError, type ErrorName, fail } from '@banyan/base'
import { errorBody, statusOf } from '@banyan/node/http'
import { setAnswerHeaders } from './headers.js'

const statusByKind: Partial<Record<ErrorName, number>> = {
  PartUnknown: 404,
  PageUnknown: 404,
  FaucetLimited: 429,
  ValidatorsUnreachable: 503,
  ComputeNotReady: 503,
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(value)}\n`)
}

export function sendError(response: ServerResponse, thrown: unknown): void {
  const status = (thrown instanceof BanyanError ? statusByKind[thrown.kind] : undefined) ?? statusOf(thrown)
  sendJson(response, status, errorBody(thrown))
}

/** Sends a text of this type. Nothing keeps a copy. */
export function send(response: ServerResponse, status: number, type: string, text: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const bytes = Buffer.from(text)
  setAnswerHeaders(response)
  response.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'no-store',
  })
  response.end(bytes)
}

/** The JSON in a request's body of at most `limit` bytes. Errors: RequestLimitExceeded, RequestMalformed. */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > limit) fail('RequestLimitExceeded', { what: 'the size of a request in bytes', limit })
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch (error) {
    return fail('RequestMalformed', { reason: 'it is not JSON' }, error)
  }
}
