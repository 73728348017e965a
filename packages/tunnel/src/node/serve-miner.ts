import type { Socket } from 'node:net'
import { type BanyanError, banyanError } from '@banyan/base'
import type { WebSocket } from 'ws'
import { maxBodyBytes } from '../frame.js'
import type { FailHead, Offer, ProgressHead, RequestHead, ResponseHead, Usage, Welcome } from '../heads.js'
import { pendingBytes } from '../outgoing.js'
import { createRegionEnd, type RegionEndEffect, type RegionEndEvent, stepRegionEnd } from '../region-end.js'
import { createFrameSocket } from './frame-socket.js'

/** What a region hears of one request that it gave a miner. After `failed`, or `usage` that is there, nothing more comes. */
export type Exchange = {
  readonly acked: () => void
  readonly response: (head: ResponseHead, body: Uint8Array, usage: Usage | undefined) => void
  readonly data: (body: Uint8Array, usage: Usage | undefined) => void
  readonly failed: (fail: FailHead) => void
  readonly progress: (progress: ProgressHead) => void
  /** More of the request may be written. */
  readonly drained: () => void
}

/** The region's end of a tunnel over a WebSocket. */
export type MinerTunnel = {
  /** Gives the miner a request with what there is of its body. Returns the stream. */
  readonly open: (head: RequestHead, body: Uint8Array, end: boolean, exchange: Exchange) => number
  /** More of the request's body. Returns whether more may follow at once; otherwise `drained` tells when. */
  readonly write: (stream: number, body: Uint8Array, end: boolean) => boolean
  /** Bytes of the answer that were passed on, so that the miner may send more. */
  readonly consumed: (stream: number, bytes: number) => void
  readonly cancel: (stream: number, reason: string) => void
  /** Smoothed time of a round trip, ms, once a ping was answered. */
  readonly rttMs: () => number | undefined
  readonly close: () => void
}

export type ServeOptions = {
  readonly welcome: Welcome
  readonly offer: (offer: Offer) => void
  /** The tunnel has ended; after this every exchange hears of it. */
  readonly closed: (error: BanyanError) => void
}

/** Runs the region's end over an accepted WebSocket, whose `maxPayload` is `maxFrameBytes`. */
export function serveMiner(ws: WebSocket, socket: Socket, options: ServeOptions): MinerTunnel {
  const end = createRegionEnd(options.welcome, performance.now())
  const exchanges = new Map<number, Exchange>()
  let why: BanyanError | undefined
  let hasEnded = false

  const frames = createFrameSocket(ws, socket, {
    frame: (bytes) => step({ kind: 'frame', bytes }),
    writable: () => step({ kind: 'writable' }),
    closed: (reason) => {
      clearInterval(timer)
      hasEnded = true
      end.link.closed = true
      const error = why ?? banyanError('TunnelClosed', { reason })
      options.closed(error)
      for (const exchange of [...exchanges.values()]) exchange.failed({ reason: error.message, busy: false })
      exchanges.clear()
    },
  })
  const timer = setInterval(() => step({ kind: 'tick' }), options.welcome.pingMs)
  timer.unref()

  function step(event: RegionEndEvent): void {
    for (const effect of stepRegionEnd(end, event, performance.now())) perform(effect)
  }

  function perform(effect: RegionEndEffect): void {
    if (effect.kind === 'send') frames.send(effect.bytes, effect.data)
    else if (effect.kind === 'offer') options.offer(effect.offer)
    else if (effect.kind === 'close') {
      why = effect.error
      frames.end()
    } else {
      const exchange = exchanges.get(effect.stream)
      if (exchange !== undefined) tell(exchange, effect)
    }
  }

  function tell(exchange: Exchange, effect: Extract<RegionEndEffect, { stream: number }>): void {
    if (effect.kind === 'acked') exchange.acked()
    else if (effect.kind === 'drained') exchange.drained()
    else if (effect.kind === 'progress') exchange.progress(effect.progress)
    else if (effect.kind === 'failed') {
      exchanges.delete(effect.stream)
      exchange.failed(effect.fail)
    } else {
      if (effect.usage !== undefined) exchanges.delete(effect.stream)
      if (effect.kind === 'data') exchange.data(effect.body, effect.usage)
      else exchange.response(effect.head, effect.body, effect.usage)
    }
  }

  return {
    open: (head, body, isLast, exchange) => {
      const stream = end.next
      if (hasEnded) {
        queueMicrotask(() => exchange.failed({ reason: 'the tunnel has ended', busy: false }))
        return stream
      }
      exchanges.set(stream, exchange)
      step({ kind: 'open', head, body, end: isLast })
      return stream
    },
    write: (stream, body, isLast) => {
      step({ kind: 'write', stream, body, end: isLast })
      return pendingBytes(end.link.out, stream) < maxBodyBytes
    },
    consumed: (stream, bytes) => step({ kind: 'consumed', stream, bytes }),
    cancel: (stream, reason) => {
      exchanges.delete(stream)
      step({ kind: 'cancel', stream, reason })
    },
    rttMs: () => end.link.live.rttMs,
    close: () => frames.end(),
  }
}
