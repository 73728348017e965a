import { Buffer } from 'node:buffer'
import type { ServerResponse } from 'node:http'
import { BanyanError, type ErrorName } from '@banyan/base'
import { errorBody, publicError } from '@banyan/http-api/server'
import { statusOf } from '@banyan/node/http'
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
  sendJson(response, status, errorBody(publicError(thrown)))
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
