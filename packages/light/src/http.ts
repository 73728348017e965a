import { BanyanError, concatBytes, fail } from '@banyan/base'

/** The part of `fetch` that a light client uses. */
export type Fetch = (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>

export type HttpOptions = { readonly fetch: Fetch; readonly timeoutMs: number }

/**
 * Body of the answer to a GET request, of at most `limit` bytes. Errors: NodeUnreachable, AnswerTooLarge.
 */
export async function getBytes(
  { fetch, timeoutMs }: HttpOptions,
  url: string,
  limit: number,
): Promise<Uint8Array> {
  const abort = new AbortController()
  const { signal } = abort
  const timer = setTimeout(() => abort.abort(), timeoutMs)
  try {
    const response = await reach(() => fetch(url, { signal }), url)
    const body = await reach(() => readBody(response, signal, limit), url)
    if (response.ok) return body
    const text = new TextDecoder().decode(body.subarray(0, 500))
    return fail('NodeUnreachable', { reason: `${url} answered with status ${response.status}: ${text}` })
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

async function reach<Result>(ask: () => Promise<Result>, url: string): Promise<Result> {
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof BanyanError) throw cause
    return fail('NodeUnreachable', { reason: `${url} does not answer` }, cause)
  }
}

/** Reads no more than the limit, whatever the other side sends, and no longer than until the signal. */
async function readBody(response: Response, signal: AbortSignal, limit: number): Promise<Uint8Array> {
  const reader = response.body?.getReader()
  if (reader === undefined) return new Uint8Array(0)
  signal.addEventListener('abort', () => reader.cancel().catch(() => undefined))
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    // A cancelled stream seems to have come to its end.
    signal.throwIfAborted()
    if (done) return concatBytes(...parts)
    length += value.length
    if (length > limit) fail('AnswerTooLarge', { limit })
    parts.push(value)
  }
}

/** A JSON object of at most `limit` bytes. Errors: NodeUnreachable, AnswerTooLarge. */
export async function getJson(
  options: HttpOptions,
  url: string,
  limit: number,
): Promise<Readonly<Record<string, unknown>>> {
  const body = await getBytes(options, url, limit)
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Told below.
  }
  return fail('NodeUnreachable', { reason: `${url} did not answer with a JSON object` })
}
