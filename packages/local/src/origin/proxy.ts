import { Buffer } from 'node:buffer'
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { banyanError, fail } from '@banyan/base'
import { ask, firstAnswered, passedHeaders, type Question } from './ask.js'
import type { Upstreams } from './upstreams.js'

/** As the node's own bound. */
const maxBodyBytes = 16 * 2 ** 20
/** Of all requests under way. */
const maxHeldBytes = 128 * 2 ** 20
/** Who has not begun to answer after this time may hang: the next one is asked as well. Most answers take 5 ms. */
const patienceMs = 400
/** Each one more is asked after this many times as long, so that work that is heavy for one is not done by all. */
const patienceGrowth = 4
/** When all have been asked, they get as long as a validator gives any answer. */
const lastPatienceMs = 30_000

export type Proxy = {
  /** Answers with what a validator answers. Errors: ValidatorsUnreachable, RequestLimitExceeded, RequestMalformed. */
  readonly forward: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  readonly close: () => void
}

/**
 * Hands requests to a validator. Where one does not answer, or not soon, the next is asked too, and the first answer counts:
 * every request can be made twice, since reading changes nothing and a transaction counts once.
 */
export function createProxy(upstreams: Upstreams): Proxy {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  let heldBytes = 0

  const readBody = async (from: IncomingMessage): Promise<Buffer> => {
    const parts: Buffer[] = []
    let size = 0
    try {
      for await (const part of from as AsyncIterable<Buffer>) {
        size += part.length
        heldBytes += part.length
        if (size > maxBodyBytes)
          fail('RequestLimitExceeded', { what: 'the size of a request in bytes', limit: maxBodyBytes })
        if (heldBytes > maxHeldBytes)
          fail('RequestLimitExceeded', { what: 'the size of all requests in bytes', limit: maxHeldBytes })
        parts.push(part)
      }
      return Buffer.concat(parts)
    } catch (error) {
      heldBytes -= size
      throw error
    }
  }

  const answerFrom = async (from: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> => {
    const candidates = upstreams.candidates()
    const questions: Question[] = []
    const abandonAll = (): void => {
      for (const { abandon } of questions) abandon()
    }
    // A client that goes takes its stream with it.
    response.once('close', abandonAll)
    for (const [i, upstream] of candidates.entries()) {
      if (response.destroyed) return
      questions.push(ask(agent, upstream, from, body))
      const isLast = i === candidates.length - 1
      const found = await firstAnswered(questions, isLast ? lastPatienceMs : patienceMs * patienceGrowth ** i)
      if (found === undefined) continue
      for (const question of questions) {
        if (question === found.question) continue
        question.abandon()
        upstreams.avoid(question.upstream)
      }
      response.once(
        'close',
        upstreams.hold(found.question.upstream, () => response.destroy()),
      )
      return passOn(found.answer, response)
    }
    abandonAll()
    throw banyanError('ValidatorsUnreachable', { count: candidates.length })
  }

  return {
    forward: async (from, response) => {
      const body = await readBody(from)
      try {
        await answerFrom(from, body, response)
      } finally {
        heldBytes -= body.length
      }
    },
    close: () => agent.destroy(),
  }
}

function passOn(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, passedHeaders(answer.headers))
  // An answer that breaks off must not look whole.
  answer.once('error', () => response.destroy())
  answer.pipe(response)
}
