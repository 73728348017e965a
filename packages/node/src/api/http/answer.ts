import { Buffer } from 'node:buffer'
import type { ServerResponse } from 'node:http'
import { type ErrorName, errorRegistry } from '@banyan/base'
import { publicError } from '../json-rpc/errors.js'

const statusByKind: Partial<Record<ErrorName, number>> = {
  MethodNotFound: 404,
  BlockUnknown: 404,
  TransactionUnknown: 404,
  ProofUnavailable: 404,
  AssetUnknown: 404,
  RequestLimitExceeded: 413,
  OriginRefused: 403,
  RequestTimeout: 504,
  RequestFailed: 503,
}

/** The JSON form of a registry error in the native API. */
export function errorBody(thrown: unknown) {
  const { kind, code, message, fix, docs, retryable } = publicError(thrown)
  return { error: { code, name: kind, message, cause: errorRegistry[kind].cause, fix, docs, retryable } }
}

export function statusOf(thrown: unknown): number {
  return statusByKind[publicError(thrown).kind] ?? 400
}

/** Sends JSON text. */
export function sendJson(response: ServerResponse, status: number, json: string): void {
  sendBytes(response, status, 'application/json', Buffer.from(json))
}

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

export function sendError(response: ServerResponse, thrown: unknown): void {
  sendJson(response, statusOf(thrown), JSON.stringify(errorBody(thrown)))
}
