import type { Socket } from 'node:net'
import { type BanyanError, banyanError } from '@banyan/base'
import type { WebSocket } from 'ws'
import type { Offer, Welcome } from '../heads.js'
import { createMinerEnd, type MinerEndEffect, type MinerEndEvent, stepMinerEnd } from '../miner-end.js'
import { pendingBytes } from '../outgoing.js'
import { createFrameSocket } from './frame-socket.js'
import { startWork, type Work, type WorkHandler, type WorkStream } from './work.js'

/** One connection of a miner. */
export type MinerSession = {
  readonly offer: (offer: Offer) => void
  /** Resolves when no request is under way, or the connection has ended. */
  readonly idle: () => Promise<void>
  readonly end: () => void
  readonly ended: Promise<void>
}

export type SessionOptions = {
  readonly offer: Offer
  readonly maxRequests: number
  readonly handler: WorkHandler
  readonly welcome: (welcome: Welcome) => void
  readonly closed: (error: BanyanError) => void
}

const tickMs = 1_000

/** Runs the miner's end over an open WebSocket. */
export function createMinerSession(ws: WebSocket, socket: Socket, options: SessionOptions): MinerSession {
  const end = createMinerEnd(options.offer, options.maxRequests, performance.now())
  const works = new Map<number, Work>()
  const idle = new Set<() => void>()
  let why: BanyanError | undefined
  let finish: () => void
  const ended = new Promise<void>((resolve) => {
    finish = resolve
  })

  const frames = createFrameSocket(ws, socket, {
    frame: (bytes) => step({ kind: 'frame', bytes }),
    writable: () => step({ kind: 'writable' }),
    closed: (reason) => {
      clearInterval(timer)
      end.link.closed = true
      for (const work of works.values()) work.cancel('the tunnel ended')
      works.clear()
      tellIdle()
      finish()
      options.closed(why ?? banyanError('TunnelClosed', { reason }))
    },
  })
  const timer = setInterval(() => step({ kind: 'tick' }), tickMs)
  timer.unref()

  function tellIdle(): void {
    if (works.size > 0) return
    for (const tell of idle) tell()
    idle.clear()
  }

  function step(event: MinerEndEvent): void {
    for (const effect of stepMinerEnd(end, event, performance.now())) perform(effect)
  }

  function perform(effect: MinerEndEffect): void {
    if (effect.kind === 'send') frames.send(effect.bytes, effect.data)
    else if (effect.kind === 'welcome') options.welcome(effect.welcome)
    else if (effect.kind === 'request') {
      const work = startWork(effect.head, streamOf(effect.stream), options.handler)
      works.set(effect.stream, work)
      work.body.push(effect.body, effect.end)
    } else if (effect.kind === 'data') works.get(effect.stream)?.body.push(effect.body, effect.end)
    else if (effect.kind === 'drained') works.get(effect.stream)?.drained()
    else if (effect.kind === 'cancelled') works.get(effect.stream)?.cancel(effect.reason)
    else if (effect.kind === 'ended') {
      works.delete(effect.stream)
      tellIdle()
    } else {
      why = effect.error
      frames.end()
    }
  }

  function streamOf(stream: number): WorkStream {
    return {
      respond: (head, body, usage) => step({ kind: 'respond', stream, head, body, usage }),
      write: (body, usage) => step({ kind: 'write', stream, body, usage }),
      waiting: () => pendingBytes(end.link.out, stream),
      consumed: (bytes) => step({ kind: 'consumed', stream, bytes }),
      progress: (done, note) =>
        step({ kind: 'progress', stream, progress: note === undefined ? { done } : { done, note } }),
      fail: (reason) => step({ kind: 'fail', stream, fail: { reason, busy: false } }),
    }
  }

  step({ kind: 'start' })
  return {
    offer: (offer) => step({ kind: 'offer', offer }),
    idle: () => (works.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.add(() => resolve()))),
    end: () => frames.finish(),
    ended,
  }
}
