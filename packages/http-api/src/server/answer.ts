import { Buffer } from 'node:buffer'
import type { ServerResponse } from 'node:http'
import { BanyanError, banyanError, errorRegistry } from '@banyan/base'

/** The registry error to show for whatever was thrown: what is a defect tells nothing of the inside of a program. */
export function publicError(thrown: unknown): BanyanError {
  const isPublic = thrown instanceof BanyanError && thrown.kind !== 'InvariantBroken'
  return isPublic ? thrown : banyanError('RequestFailed', {}, thrown)
}

/** The JSON form of an error. */
export function errorBody({ kind, code, message, fix, docs, retryable }: BanyanError) {
  return { error: { code, name: kind, message, cause: errorRegistry[kind].cause, fix, docs, retryable } }
}

/** Sends JSON text. */
export function sendJson(response: ServerResponse, status: number, json: string): void {
  sendBytes(response, status, 'application/json', Buffer.from(json))
}

/** Sends bytes of a media type, unless an answer has begun or nobody waits for one. */
export function sendBytes(response: ServerResponse, status: number, type: string, bytes: Uint8Array): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(bytes)
}
