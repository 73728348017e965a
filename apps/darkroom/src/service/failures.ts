import { BanyanError, banyanError, type ErrorName, errorRegistry } from '@banyan/base'
import { PlacedError } from '../worker/messages.js'

const statuses: Partial<Record<ErrorName, number>> = {
  ScriptUnknown: 404,
  DarkroomPathUnknown: 404,
  DarkroomMethodUnknown: 405,
  InputRefused: 403,
  InputFailed: 502,
  OutputFailed: 502,
  InputTooLarge: 413,
  PictureTooLarge: 413,
  InputUnreadable: 422,
  RangeUnsatisfiable: 416,
  DarkroomBusy: 503,
  WorkerLost: 503,
  ScriptDeadlinePassed: 504,
  DarkroomFailed: 500,
}

export type Failure = { readonly status: number; readonly body: string }

/** The answer to a request that failed: what happened, why, and what to do; defects tell no more than that. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof BanyanError)) console.error(error)
  const shown = error instanceof BanyanError ? error : banyanError('DarkroomFailed')
  const { kind, code, message, fix, docs, retryable } = shown
  const position = error instanceof PlacedError ? error.position : undefined
  const { cause } = errorRegistry[kind]
  const body = { error: { code, name: kind, message, ...position, cause, fix, docs, retryable } }
  return { status: statuses[kind] ?? 400, body: `${JSON.stringify(body, null, 2)}\n` }
}
