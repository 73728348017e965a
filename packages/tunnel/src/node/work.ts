import { BanyanError, banyanError } from '@banyan/base'
import { maxBodyBytes, noBytes } from '../frame.js'
import type { RequestHead, ResponseHead, Usage } from '../heads.js'
import { createPushedBody, type PushedBody } from './body.js'

/** A request as the program of a miner gets it. */
export type WorkRequest = RequestHead & {
  readonly body: AsyncIterable<Uint8Array>
  /** Aborted when nobody waits for the answer any more: stop the work. */
  readonly signal: AbortSignal
  /** Tells how far the work is: `done` from 0 to 1. */
  readonly progress: (done: number, note?: string) => void
}

/** The answer of a service. */
export type WorkAnswer = ResponseHead & {
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
  /** Asked for once, when the body has ended. */
  readonly usage: () => Usage
}

/**
 * Does the work. A rejection means that the miner, not the service, has failed: the region gives the request to another
 * miner. What the service answers, also a status of 500, is an answer.
 */
export type WorkHandler = (request: WorkRequest) => Promise<WorkAnswer>

/** What a running request may do with its stream. */
export type WorkStream = {
  readonly respond: (head: ResponseHead, body: Uint8Array, usage: Usage | undefined) => void
  readonly write: (body: Uint8Array, usage: Usage | undefined) => void
  /** Bytes that wait to be sent. */
  readonly waiting: () => number
  readonly consumed: (bytes: number) => void
  readonly progress: (done: number, note: string | undefined) => void
  readonly fail: (reason: string) => void
}

/** A request under way. */
export type Work = {
  readonly body: PushedBody
  readonly drained: () => void
  readonly cancel: (reason: string) => void
}

/** Answers wait for the tunnel beyond this. */
const maxWaitingBytes = 4 * maxBodyBytes

/** Starts the handler on a request and sends what it answers. */
export function startWork(head: RequestHead, stream: WorkStream, handler: WorkHandler): Work {
  const ending = new AbortController()
  const body = createPushedBody(stream.consumed)
  let wake: (() => void) | undefined
  const drained = (): void => {
    wake?.()
    wake = undefined
  }
  const room = async (): Promise<void> => {
    while (stream.waiting() > maxWaitingBytes && !ending.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const request: WorkRequest = {
    ...head,
    body: body.iterable,
    signal: ending.signal,
    progress: (done, note) => stream.progress(done, note),
  }
  handler(request)
    .then((answer) => sendAnswer(answer, stream, room, ending.signal))
    .catch((error: unknown) => {
      if (!ending.signal.aborted) stream.fail(reasonOf(error))
    })
  return {
    body,
    drained,
    cancel: (reason) => {
      const error = banyanError('TunnelStreamEnded', { reason })
      ending.abort(error)
      body.abort(error)
      drained()
    },
  }
}

async function sendAnswer(
  { status, headers, body, usage }: WorkAnswer,
  stream: WorkStream,
  room: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const head = { status, headers }
  if (body instanceof Uint8Array) return stream.respond(head, body, usage())
  stream.respond(head, noBytes, undefined)
  for await (const piece of body) {
    if (signal.aborted) return
    if (piece.length > 0) stream.write(piece, undefined)
    await room()
  }
  stream.write(noBytes, usage())
}

function reasonOf(error: unknown): string {
  const text = error instanceof BanyanError ? error.message : String(error)
  return text.slice(0, 1_024)
}
