import type { ServerResponse } from 'node:http'
import { BanyanError, type ErrorName, encodeJson } from '@banyan/base'
import { errorBody, sendJson as sendText } from '@banyan/http-api/server'

const statuses: Partial<Record<ErrorName, number>> = {
  WorkMalformed: 400,
  KeyRefused: 401,
  TokenRefused: 401,
  GuessingBarred: 429,
  AccountBusy: 429,
  ScopeRefused: 403,
  ServiceUnknown: 404,
  PriceMissing: 409,
  WalletMissing: 402,
  PriceAboveCap: 402,
  BudgetSpent: 402,
  WorkUnknown: 404,
  ChargesOff: 404,
  ChargeUnknown: 404,
  ProofMissing: 404,
  PeriodInvalid: 409,
  NothingCharged: 409,
  SettlementStuck: 503,
  JobUnknown: 404,
  BodyTooLarge: 413,
  AffinityLost: 409,
  KeySpent: 409,
  RegionBusy: 503,
  RegionStopping: 503,
  MinersFailed: 503,
  MinerLost: 503,
  DeadlinePassed: 504,
}

export function statusOf(kind: ErrorName): number {
  return statuses[kind] ?? 500
}

/** Answers with an error, or breaks an answer off that has begun. Anything but a registry error is thrown again. */
export function sendError(response: ServerResponse, error: unknown, retryMs?: number): void {
  if (!(error instanceof BanyanError)) throw error
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy()
    return
  }
  // What was not read of a request would be taken for the next one.
  if (!response.req.complete) response.setHeader('connection', 'close')
  if (retryMs !== undefined) response.setHeader('retry-after', String(Math.ceil(retryMs / 1_000)))
  sendJson(response, statusOf(error.kind), errorBody(error))
}

/** Sends a value as JSON of `encodeJson`. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, encodeJson(value))
}
