import { fail } from '@banyan/base'
import { collect, sendTurn, takeLinkEvent, takeLinkFrame } from './flow.js'
import { decodeFrame, encodeFrame, type Frame, frameTypes, maxBodyBytes } from './frame.js'
import {
  checkCancel,
  checkRequest,
  checkWelcome,
  type FailHead,
  type Offer,
  type ProgressHead,
  type RequestHead,
  type ResponseHead,
  type Usage,
  type Welcome,
} from './heads.js'
import { receive } from './incoming.js'
import { createLink, type Link, type LinkEffect, type LinkEvent } from './link.js'
import { closeOutgoing, openOutgoing, writeOutgoing } from './outgoing.js'

/** The miner's end of a tunnel: it answers streams. */
export type MinerEnd = {
  readonly link: Link
  /** Requests at the same time, over all services; more are turned away. */
  readonly maxStreams: number
  offer: Offer
  welcome: Welcome | undefined
  /** The largest id of a stream so far. */
  last: number
  /** Streams whose answer has not ended; whether their request has, and whether the answer has begun. */
  readonly open: Map<number, { received: boolean; answered: boolean }>
  /** Streams that ended in the present step. */
  readonly finished: number[]
}

export type MinerEndEvent =
  | LinkEvent
  /** The connection is there. */
  | { readonly kind: 'start' }
  | { readonly kind: 'offer'; readonly offer: Offer }
  /** The answer; with `usage` if it ends with this body. */
  | {
      readonly kind: 'respond'
      readonly stream: number
      readonly head: ResponseHead
      readonly body: Uint8Array
      readonly usage: Usage | undefined
    }
  /** More of the answer; `usage` with its end. */
  | {
      readonly kind: 'write'
      readonly stream: number
      readonly body: Uint8Array
      readonly usage: Usage | undefined
    }
  | { readonly kind: 'fail'; readonly stream: number; readonly fail: FailHead }
  | { readonly kind: 'progress'; readonly stream: number; readonly progress: ProgressHead }

export type MinerEndEffect =
  | LinkEffect
  | { readonly kind: 'welcome'; readonly welcome: Welcome }
  | {
      readonly kind: 'request'
      readonly stream: number
      readonly head: RequestHead
      readonly body: Uint8Array
      readonly end: boolean
    }
  | { readonly kind: 'data'; readonly stream: number; readonly body: Uint8Array; readonly end: boolean }
  /** Nothing more is to be sent on a stream. */
  | { readonly kind: 'ended'; readonly stream: number }
  | { readonly kind: 'cancelled'; readonly stream: number; readonly reason: string }

/** Until the region has told its interval. */
const firstPingMs = 5_000

export function createMinerEnd(offer: Offer, maxStreams: number, now: number): MinerEnd {
  const link = createLink(firstPingMs, now)
  return { link, maxStreams, offer, welcome: undefined, last: 0, open: new Map(), finished: [] }
}

/** One step of the miner's end. A violation of the protocol closes the link; nothing is thrown. */
export function stepMinerEnd(end: MinerEnd, event: MinerEndEvent, now: number): MinerEndEffect[] {
  return collect<MinerEndEffect>(end.link, (effects) => {
    const send = (bytes: Uint8Array): void => {
      effects.push({ kind: 'send', bytes, data: false })
    }
    if (event.kind === 'frame') takeFrame(end, decodeFrame(event.bytes), now, effects, send)
    else if (event.kind === 'start') {
      send(encodeFrame(frameTypes.hello, 0, { head: { protocol: 1, ...end.offer } }))
    } else if (event.kind === 'offer') {
      end.offer = event.offer
      if (end.welcome !== undefined) send(encodeFrame(frameTypes.offer, 0, { head: event.offer }))
    } else if (event.kind === 'respond') respond(end, event, send)
    else if (event.kind === 'write') write(end, event)
    else if (event.kind === 'fail' || event.kind === 'progress') tell(end, event, send)
    else takeLinkEvent(end.link, event, now, effects)
    sendTurn(end.link, effects, (stream) => finish(end, stream))
    for (const stream of end.finished.splice(0)) effects.push({ kind: 'ended', stream })
  })
}

type Send = (bytes: Uint8Array) => void

/** A short answer goes in one frame; what does not fit into a frame follows as data. */
function respond(end: MinerEnd, event: Extract<MinerEndEvent, { kind: 'respond' }>, send: Send): void {
  const { stream, head, body, usage } = event
  const state = end.open.get(stream)
  if (state === undefined || state.answered) return
  state.answered = true
  const fits = body.length <= maxBodyBytes
  const isWhole = fits && usage !== undefined
  const first = fits ? body : body.subarray(0, maxBodyBytes)
  const options = { end: isWhole, head: isWhole ? { ...head, usage } : head, body: first }
  send(encodeFrame(frameTypes.response, stream, options))
  if (isWhole) finish(end, stream)
  else {
    openOutgoing(end.link.out, stream, first.length)
    if (!fits) write(end, { stream, body: body.subarray(maxBodyBytes), usage })
  }
}

function write(
  end: MinerEnd,
  { stream, body, usage }: { stream: number; body: Uint8Array; usage: Usage | undefined },
): void {
  writeOutgoing(end.link.out, stream, body, usage === undefined ? undefined : { head: usage })
}

function tell(end: MinerEnd, event: Extract<MinerEndEvent, { kind: 'fail' | 'progress' }>, send: Send): void {
  const { stream } = event
  if (!end.open.has(stream)) return
  if (event.kind === 'progress') send(encodeFrame(frameTypes.progress, stream, { head: event.progress }))
  else {
    finish(end, stream)
    send(encodeFrame(frameTypes.fail, stream, { head: event.fail }))
  }
}

function finish(end: MinerEnd, stream: number): void {
  end.open.delete(stream)
  end.finished.push(stream)
  end.link.incoming.delete(stream)
  closeOutgoing(end.link.out, stream)
}

function takeFrame(end: MinerEnd, frame: Frame, now: number, effects: MinerEndEffect[], send: Send): void {
  const { type, stream, head, body } = frame
  if ((end.welcome === undefined) !== (type === frameTypes.welcome)) {
    fail('TunnelFrameInvalid', { reason: 'a tunnel begins with one welcome' })
  }
  if (takeLinkFrame(end.link, frame, now, effects)) return
  if (type === frameTypes.welcome) {
    end.welcome = checkWelcome(head)
    end.link.live.pingMs = end.welcome.pingMs
    effects.push({ kind: 'welcome', welcome: end.welcome })
  } else if (type === frameTypes.request) takeRequest(end, frame, effects, send)
  else if (stream > end.last) fail('TunnelFrameInvalid', { reason: `stream ${stream} was never opened` })
  else if (type === frameTypes.data) takeData(end, stream, body, frame.end, effects)
  else if (type === frameTypes.cancel) {
    const reason = checkCancel(head)
    if (!end.open.has(stream)) return
    finish(end, stream)
    effects.push({ kind: 'cancelled', stream, reason })
  } else fail('TunnelFrameInvalid', { reason: `type ${type} does not go from a region to a miner` })
}

function takeRequest(end: MinerEnd, frame: Frame, effects: MinerEndEffect[], send: Send): void {
  const { stream, body, end: received } = frame
  if (stream <= end.last) fail('TunnelFrameInvalid', { reason: 'ids of streams do not grow' })
  end.last = stream
  const head = checkRequest(frame.head)
  if (end.open.size >= end.maxStreams || end.offer.draining) {
    const refusal: FailHead = { reason: end.offer.draining ? 'draining' : 'no room', busy: true }
    send(encodeFrame(frameTypes.fail, stream, { head: refusal }))
    return
  }
  end.open.set(stream, { received, answered: false })
  end.link.incoming.set(stream, { unread: 0, ungranted: 0 })
  receive(end.link.incoming, stream, body.length)
  send(encodeFrame(frameTypes.ack, stream))
  effects.push({ kind: 'request', stream, head, body, end: received })
}

function takeData(
  end: MinerEnd,
  stream: number,
  body: Uint8Array,
  isLast: boolean,
  effects: MinerEndEffect[],
): void {
  const state = end.open.get(stream)
  if (state === undefined) return
  if (state.received) fail('TunnelFrameInvalid', { reason: 'data follow the end of their request' })
  if (!isLast && body.length === 0) fail('TunnelFrameInvalid', { reason: 'data are empty' })
  receive(end.link.incoming, stream, body.length)
  state.received = isLast
  effects.push({ kind: 'data', stream, body, end: isLast })
}
