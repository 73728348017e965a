import { limited, throwIfAborted } from './abort.js'
import type { Client } from './client.js'
import { clientError, isTold, toldError } from './errors.js'

/** What every action takes besides its own arguments. */
export type Options = {
  /** Ends the action: it then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

export type Body = { readonly type: string; readonly content: string | Uint8Array<ArrayBuffer> }

const maxAnswerBytes = 2 ** 24

/**
 * JSON that the node answers under `path`; with a body it is a POST. Errors: NodeSilent, AnswerLate, AnswerStrange, and
 * whatever the node reports.
 */
export function ask(client: Client, path: string, options: Options = {}, body?: Body): Promise<unknown> {
  return askUrl(client, client.url + path, options, body)
}

export async function askUrl(
  client: Client,
  url: string,
  { signal }: Options,
  body?: Body,
): Promise<unknown> {
  const { fetch, timeoutMs } = client
  const limit = limited(signal, timeoutMs)
  const init: RequestInit = { signal: limit.signal }
  if (body !== undefined) {
    init.method = 'POST'
    init.headers = { 'content-type': body.type }
    init.body = body.content
  }
  let text: string
  let status: number
  try {
    const response = await fetch(url, init)
    status = response.status
    text = await readText(response, url)
  } catch (cause) {
    throwIfAborted(signal)
    if (limit.isLate()) throw clientError('AnswerLate', { url, milliseconds: timeoutMs })
    throw cause instanceof Error && cause.name === 'BanyanError'
      ? cause
      : clientError('NodeSilent', { url }, cause)
  } finally {
    limit.end()
  }
  const answer = parse(text, url)
  const error = (answer as { readonly error?: unknown } | null)?.error
  if (isTold(error)) throw toldError(error)
  if (status >= 400) throw clientError('AnswerStrange', { url, reason: `its status is ${status}` })
  return answer
}

/** Reads no more than the limit, whatever the other side sends. */
async function readText(response: Response, url: string): Promise<string> {
  const tooLong = () =>
    clientError('AnswerStrange', { url, reason: `it has more than ${maxAnswerBytes} bytes` })
  if (!response.body) {
    // React Native has read it whole by now.
    const text = await response.text()
    if (text.length > maxAnswerBytes) throw tooLong()
    return text
  }
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    if (length > maxAnswerBytes) {
      await reader.cancel()
      throw tooLong()
    }
    text += decoder.decode(value, { stream: true })
  }
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw clientError('AnswerStrange', { url, reason: 'it is not JSON' })
  }
}
