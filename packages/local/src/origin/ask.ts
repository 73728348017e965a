import type { Buffer } from 'node:buffer'
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Upstream } from './upstreams.js'

/** A request that was handed to a validator. */
export type Question = {
  readonly upstream: Upstream
  /** What it begins to answer; nothing if it could not be reached or broke off before. */
  readonly answer: Promise<IncomingMessage | undefined>
  /** Nobody waits for it any more. */
  readonly abandon: () => void
}

/** Of one connection to the next: they are not the client's. */
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'host',
])

/** Hands a request with this body to a validator. */
export function ask(agent: Agent, upstream: Upstream, from: IncomingMessage, body: Buffer): Question {
  const { url } = upstream
  const asked = request({
    agent,
    hostname: url.hostname,
    port: url.port,
    method: from.method,
    path: from.url,
    headers: { ...passedHeaders(from.headers), host: url.host, 'content-length': body.length },
  })
  const answer = new Promise<IncomingMessage | undefined>((resolve) => {
    asked.on('error', () => resolve(undefined))
    asked.once('close', () => resolve(undefined))
    asked.once('response', resolve)
  })
  asked.end(body)
  return { upstream, answer, abandon: () => asked.destroy() }
}

/** Headers that are of the message itself. */
export function passedHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)))
}

/**
 * The first of these questions that is being answered. Nothing once all have failed, or after this many milliseconds.
 */
export async function firstAnswered(
  questions: readonly Question[],
  milliseconds: number,
): Promise<{ readonly question: Question; readonly answer: IncomingMessage } | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  const answers = questions.map(async (question) => {
    const answer = await question.answer
    return answer === undefined ? Promise.reject() : { question, answer }
  })
  try {
    return await Promise.race([Promise.any(answers), late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
