import { BanyanError, type ErrorName } from '@banyan/base'
import type { LocalPeople, LocalStatus } from '@banyan/local/api'

/** What the origin of a local network tells beyond the chain (docs/local.md). Other origins tell nothing. */

export type ToldError = {
  readonly code: string
  readonly name: ErrorName
  readonly message: string
  readonly fix: string
  readonly retryable: boolean
}

/** The answer of a path of the origin as JSON. Errors: those that it tells. */
export async function askOrigin<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path, init)
  const json = (await response.json()) as { readonly error?: ToldError }
  if (response.ok) return json as Answer
  throw toldError(json.error)
}

/** The answer of a path of the origin as text. Errors: those that it tells. */
export async function askText(path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(path, init)
  const text = await response.text()
  if (response.ok) return text
  throw toldError((JSON.parse(text) as { readonly error?: ToldError }).error)
}

/** The error in an answer of the network, as if it had happened here. */
export function toldError(told: ToldError | undefined): Error {
  if (told === undefined) return new TypeError('The answer of the network makes no sense.')
  const { name, code, message, fix, retryable } = told
  return new BanyanError(name, { code: Number(code.replace('BYN-', '')), message, fix, retryable }, {})
}

/** People whose keys everybody on this machine may use, and accounts of the network itself. */
export function fetchPeople(signal?: AbortSignal): Promise<LocalPeople> {
  return askOrigin<LocalPeople>('/local/people', signal === undefined ? {} : { signal })
}

export function fetchLocalStatus(signal: AbortSignal): Promise<LocalStatus> {
  return askOrigin<LocalStatus>('/local/status', { signal })
}
