import { BanyanError, banyanError, type ErrorName, errorRegistry, registryError } from '@banyan/base'

/** Asks an origin or a node over HTTP. Errors: those it answers with, NetworkUnreachable, WaitedTooLong, Interrupted. */
export async function getJson<Result>(
  url: string,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<Result> {
  return ask(url, {}, timeoutSeconds, signal)
}

export async function postJson<Result>(
  url: string,
  body: unknown,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<Result> {
  const headers = { 'content-type': 'application/json' }
  return ask(url, { method: 'POST', headers, body: JSON.stringify(body) }, timeoutSeconds, signal)
}

async function ask<Result>(
  url: string,
  init: RequestInit,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<Result> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1_000)
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.any([timeout, signal]) })
    const answer = (await response.json()) as Result & { readonly error?: { name: string; message: string } }
    if (!response.ok) throw answeredError(answer.error)
    return answer
  } catch (error) {
    if (error instanceof BanyanError) throw error
    if (signal.aborted) throw signal.reason
    if (timeout.aborted)
      throw banyanError('WaitedTooLong', { what: `An answer from ${url}`, seconds: timeoutSeconds }, error)
    throw banyanError('NetworkUnreachable', { url: new URL(url).origin, reason: reasonOf(error) }, error)
  }
}

/** The registry's entry of an error that another process tells, in its words. */
function answeredError(told: { name: string; message: string } | undefined): BanyanError {
  const kind = told?.name ?? ''
  if (!(kind in errorRegistry)) return banyanError('RequestFailed')
  const error = registryError(kind as ErrorName, {})
  error.message = told!.message
  return error
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && cause.message !== '' ? cause.message : String(error)
}
