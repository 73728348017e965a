import type { ServerResponse } from 'node:http'
import type { ErrorName } from '@banyan/base'
import { errorBody, publicError, sendJson } from '@banyan/http-api/server'

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

/** The status of HTTP for whatever was thrown. */
export function statusOf(thrown: unknown): number {
  return statusByKind[publicError(thrown).kind] ?? 400
}

export function sendError(response: ServerResponse, thrown: unknown): void {
  sendJson(response, statusOf(thrown), JSON.stringify(errorBody(publicError(thrown))))
}
