import { type ErrorName, registryError } from '@banyan/base'
import { noBytes, type RequestHead, type ResponseHead, type Usage } from '@banyan/tunnel'
import type { MinerTunnel, Exchange as StreamUser } from '@banyan/tunnel/node'
import type { BrokerEvent } from '../core/index.js'
import { headerOf } from './headers.js'
import type { Replay } from './replay.js'
import type { Sink } from './sink.js'
import { createSplice } from './splice.js'

/** The bytes of one request: from the client to miners, and of one miner's answer back. */
export type Exchange = {
  /** Gives the request to a miner. */
  readonly dispatch: (attempt: number, tunnel: MinerTunnel, version: string, deadlineMs: number) => void
  readonly recall: (attempt: number, reason: string) => void
  /** The client gets the answer of this attempt. */
  readonly adopt: (attempt: number, affinity: string | undefined) => void
  readonly release: () => void
  readonly abandon: (error: ErrorName) => void
  /** More of the request has come. */
  readonly received: () => void
  /** The sink has room again. */
  readonly drained: () => void
  readonly sizes: () => { readonly bytesIn: number; readonly bytesOut: number }
}

export type ExchangeParts = {
  readonly id: string
  readonly service: string
  readonly method: string
  readonly path: string
  readonly headers: readonly string[]
  readonly replay: Replay
  readonly sink: Sink
  readonly step: (event: BrokerEvent) => void
  /** The miners have taken this much of the request. */
  readonly sent: (bytes: number) => void
  readonly progress: (done: number, note: string | undefined) => void
}

type Run = {
  readonly attempt: number
  readonly tunnel: MinerTunnel
  stream: number
  /** How far the request has been sent. */
  cursor: number
  endSent: boolean
  /** The tunnel has told that it has no room; it tells when it has again. */
  isFull: boolean
  head: ResponseHead | undefined
  /** Length of its answer, if the answer tells. */
  announced: number
}

export function createExchange(parts: ExchangeParts): Exchange {
  const { id, replay, sink, step } = parts
  const runs = new Map<number, Run>()
  const splice = createSplice()
  let winner: Run | undefined
  let affinity: string | undefined
  let headStatus: number | undefined
  let bytesOut = 0
  /** What ends the answer, until its record is durable. */
  let held: Uint8Array | undefined
  /** Bytes of the winner that the client has not taken. */
  let untaken = 0
  let isOver = false

  let isHeld = false

  /** Whether nothing but the client is waited for: for more of its request, or for it to read. */
  function tellHold(): void {
    let waits = untaken > 0
    for (const run of runs.values()) waits ||= !run.endSent && run.cursor === replay.size()
    if (waits === isHeld) return
    isHeld = waits
    step({ kind: 'held', id, held: waits })
  }

  function pump(run: Run): void {
    while (!run.isFull && !run.endSent) {
      const piece = replay.at(run.cursor)
      const isLast = replay.isWhole() && run.cursor + (piece?.length ?? 0) === replay.size()
      if (piece === undefined && !isLast) break
      run.cursor += piece?.length ?? 0
      run.endSent = isLast
      run.isFull = !run.tunnel.write(run.stream, piece ?? noBytes, isLast)
    }
    replay.sent(run.cursor)
    parts.sent(run.cursor)
    tellHold()
  }

  function begin(run: Run, version: string, deadlineMs: number): void {
    const { service, method, path, headers } = parts
    const head: RequestHead = { id, service, version, method, path, headers, deadlineMs }
    const piece = replay.at(0) ?? noBytes
    run.cursor = piece.length
    run.endSent = replay.isWhole() && piece.length === replay.size()
    run.stream = run.tunnel.open(head, piece, run.endSent, userOf(run))
    parts.sent(run.cursor)
    if (!run.endSent) pump(run)
  }

  function userOf(run: Run): StreamUser {
    const { attempt } = run
    return {
      acked: () => step({ kind: 'acked', attempt }),
      progress: ({ done, note }) => parts.progress(done, note),
      failed: ({ reason, busy }) => {
        runs.delete(attempt)
        step({ kind: 'failed', attempt, reason, busy })
      },
      drained: () => {
        run.isFull = false
        pump(run)
      },
      response: (head, body, usage) => {
        run.head = head
        run.announced = Number(headerOf(head.headers, 'content-length') ?? Number.POSITIVE_INFINITY)
        step({ kind: 'head', attempt, status: head.status })
        take(run, body, usage)
      },
      data: (body, usage) => {
        step({ kind: 'data', attempt })
        take(run, body, usage)
      },
    }
  }

  /** Passes on a piece of the winner's answer. */
  function take(run: Run, body: Uint8Array, usage: Usage | undefined): void {
    if (run !== winner || isOver || !runs.has(run.attempt)) return
    const fresh = splice.take(body)
    if (fresh === undefined || (usage !== undefined && !splice.hasCaughtUp())) {
      breakOff(run)
      return
    }
    bytesOut += fresh.length
    if (usage !== undefined) {
      held = held === undefined ? fresh : Buffer.concat([held, fresh])
      runs.delete(run.attempt)
      step({ kind: 'end', attempt: run.attempt, usage, bytesIn: replay.size(), bytesOut })
      return
    }
    sendHead()
    if (body.length > fresh.length) run.tunnel.consumed(run.stream, body.length - fresh.length)
    if (fresh.length > 0) pass(run, fresh)
  }

  /** The piece with which the length that was announced is reached stays here until the record is durable. */
  function pass(run: Run, bytes: Uint8Array): void {
    if (bytesOut >= run.announced) {
      held = held === undefined ? bytes : Buffer.concat([held, bytes])
      return
    }
    splice.sent(bytes)
    if (sink.write(bytes)) run.tunnel.consumed(run.stream, bytes.length)
    else {
      untaken += bytes.length
      tellHold()
    }
  }

  /** Answers without a body end with their head: it waits for the record too. */
  function sendHead(): void {
    const head = winner?.head
    if (head === undefined || headStatus !== undefined || isBodiless(parts.method, head.status)) return
    headStatus = head.status
    sink.head(head.status, head.headers, affinity)
  }

  /** The answers of two miners differ: what the client has cannot be continued. */
  function breakOff(run: Run): void {
    run.tunnel.cancel(run.stream, 'the answer is another than the one before')
    runs.delete(run.attempt)
    step({ kind: 'unrepeatable', id })
    step({ kind: 'failed', attempt: run.attempt, reason: 'another answer', busy: false })
  }

  return {
    dispatch: (attempt, tunnel, version, deadlineMs) => {
      const run: Run = {
        attempt,
        tunnel,
        stream: 0,
        cursor: 0,
        endSent: false,
        isFull: false,
        head: undefined,
        announced: Number.POSITIVE_INFINITY,
      }
      runs.set(attempt, run)
      begin(run, version, deadlineMs)
    },
    recall: (attempt, reason) => {
      const run = runs.get(attempt)
      if (run === undefined) return
      runs.delete(attempt)
      run.tunnel.cancel(run.stream, reason)
    },
    adopt: (attempt, token) => {
      winner = runs.get(attempt)
      affinity ??= token
      bytesOut = splice.size()
      held = undefined
      untaken = 0
      splice.restart()
      const status = winner?.head?.status
      if (winner !== undefined && headStatus !== undefined && status !== headStatus) breakOff(winner)
    },
    release: () => {
      isOver = true
      const head = winner?.head
      if (headStatus === undefined && head !== undefined) sink.head(head.status, head.headers, affinity)
      replay.drop()
      sink.end(held ?? noBytes)
    },
    abandon: (error) => {
      isOver = true
      replay.drop()
      sink.abort(registryError(error, {}))
    },
    received: () => {
      for (const run of runs.values()) if (!run.endSent) pump(run)
    },
    drained: () => {
      const bytes = untaken
      untaken = 0
      if (bytes > 0) winner?.tunnel.consumed(winner.stream, bytes)
      tellHold()
    },
    sizes: () => ({ bytesIn: replay.size(), bytesOut }),
  }
}

function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304
}
