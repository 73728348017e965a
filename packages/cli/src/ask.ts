import { BanyanError, banyanError, type ErrorName, errorRegistry, registryError } from '@banyan/base'

/** Asks the origin what only it can tell, over HTTP. Errors: those it answers with, NodeSilent, AnswerLate, Interrupted. */
export function getJson<Result>(url: string, timeoutSeconds: number, signal: AbortSignal): Promise<Result> {
  return askJson(url, {}, timeoutSeconds, signal)
}

/** The same with a question as JSON. */
export function postJson<Result>(
  url: string,
  question: object,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<Result> {
  const headers = { 'content-type': 'application/json' }
  return askJson(url, { method: 'POST', headers, body: JSON.stringify(question) }, timeoutSeconds, signal)
}

/** Asks as `init` says. */
export async function askJson<Result>(
  url: string,
  init: RequestInit,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<Result> {
  const milliseconds = timeoutSeconds * 1_000
  const timeout = AbortSignal.timeout(milliseconds)
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.any([timeout, signal]) })
    const answer = (await response.json()) as Result & { readonly error?: ToldError }
    if (!response.ok) throw toldError(answer.error)
    return answer
  } catch (error) {
    if (error instanceof BanyanError) throw error
    const { origin } = new URL(url)
    if (timeout.aborted) throw banyanError('AnswerLate', { url: origin, milliseconds }, error)
    signal.throwIfAborted()
    throw banyanError('NodeSilent', { url: origin }, error)
  }
}

type ToldError = { readonly name: string; readonly message: string }

/** The registry's entry of an error that another process tells, in its words. */
function toldError(told: ToldError | undefined): BanyanError {
  if (told === undefined || !Object.hasOwn(errorRegistry, told.name)) return banyanError('RequestFailed')
  const error = registryError(told.name as ErrorName, {})
  error.message = told.message
  return error
}
