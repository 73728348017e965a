import { fail } from '@banyan/base'
import { collect, sendTurn, takeLinkEvent, takeLinkFrame } from './flow.js'
import { decodeFrame, encodeFrame, type Frame, frameTypes, maxBodyBytes, maxStream } from './frame.js'
import {
  checkFail,
  checkHello,
  checkOffer,
  checkProgress,
  checkResponse,
  checkUsage,
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

/** The region's end of a tunnel: it opens streams. */
export type RegionEnd = {
  readonly link: Link
  readonly welcome: Welcome
  greeted: boolean
  /** Id of the next stream; ids only grow, so that a late frame of a finished stream is known as such. */
  next: number
  /** Streams whose answer has not ended, and whether its head has come. */
  readonly open: Map<number, { answered: boolean }>
}

export type RegionEndEvent =
  | LinkEvent
  | { readonly kind: 'open'; readonly head: RequestHead; readonly body: Uint8Array; readonly end: boolean }
  | { readonly kind: 'write'; readonly stream: number; readonly body: Uint8Array; readonly end: boolean }
  | { readonly kind: 'cancel'; readonly stream: number; readonly reason: string }

export type RegionEndEffect =
  | LinkEffect
  | { readonly kind: 'offer'; readonly offer: Offer }
  | { readonly kind: 'acked'; readonly stream: number }
  | {
      readonly kind: 'response'
      readonly stream: number
      readonly head: ResponseHead
      readonly body: Uint8Array
      /** Of an answer that ends with its first frame. */
      readonly usage: Usage | undefined
    }
  | {
      readonly kind: 'data'
      readonly stream: number
      readonly body: Uint8Array
      /** Of the last piece. */
      readonly usage: Usage | undefined
    }
  | { readonly kind: 'failed'; readonly stream: number; readonly fail: FailHead }
  | { readonly kind: 'progress'; readonly stream: number; readonly progress: ProgressHead }

export function createRegionEnd(welcome: Welcome, now: number): RegionEnd {
  return { link: createLink(welcome.pingMs, now), welcome, greeted: false, next: 1, open: new Map() }
}

/** One step of the region's end. A violation of the protocol closes the link; nothing is thrown. */
export function stepRegionEnd(end: RegionEnd, event: RegionEndEvent, now: number): RegionEndEffect[] {
  return collect<RegionEndEffect>(end.link, (effects) => {
    if (event.kind === 'frame') takeFrame(end, decodeFrame(event.bytes), now, effects)
    else if (event.kind === 'open') open(end, event, effects)
    else if (event.kind === 'write') {
      writeOutgoing(end.link.out, event.stream, event.body, event.end ? { head: undefined } : undefined)
    } else if (event.kind === 'cancel') cancel(end, event.stream, event.reason, effects)
    else takeLinkEvent(end.link, event, now, effects)
    sendTurn(end.link, effects, () => undefined)
  })
}

function open(
  end: RegionEnd,
  event: Extract<RegionEndEvent, { kind: 'open' }>,
  effects: RegionEndEffect[],
): void {
  const { next: stream } = end
  if (stream > maxStream) fail('TunnelClosed', { reason: 'it has used up its streams' })
  end.next = stream + 1
  const { head, body, end: isWhole } = event
  end.open.set(stream, { answered: false })
  end.link.incoming.set(stream, { unread: 0, ungranted: 0 })
  const first = body.subarray(0, maxBodyBytes)
  const endsHere = isWhole && first.length === body.length
  if (!endsHere) openOutgoing(end.link.out, stream, first.length)
  const frame = encodeFrame(frameTypes.request, stream, { head, body: first, end: endsHere })
  effects.push({ kind: 'send', bytes: frame, data: false })
  if (endsHere || (!isWhole && first.length === body.length)) return
  writeOutgoing(end.link.out, stream, body.subarray(maxBodyBytes), isWhole ? { head: undefined } : undefined)
}

function cancel(end: RegionEnd, stream: number, reason: string, effects: RegionEndEffect[]): void {
  if (!end.open.has(stream)) return
  finish(end, stream)
  effects.push({
    kind: 'send',
    bytes: encodeFrame(frameTypes.cancel, stream, { head: { reason } }),
    data: false,
  })
}

function finish(end: RegionEnd, stream: number): void {
  end.open.delete(stream)
  end.link.incoming.delete(stream)
  closeOutgoing(end.link.out, stream)
}

function takeFrame(end: RegionEnd, frame: Frame, now: number, effects: RegionEndEffect[]): void {
  const { type, head } = frame
  if (end.greeted === (type === frameTypes.hello)) {
    fail('TunnelFrameInvalid', { reason: 'a tunnel begins with one greeting' })
  }
  if (frame.stream >= end.next) {
    fail('TunnelFrameInvalid', { reason: `stream ${frame.stream} was never opened` })
  }
  if (takeLinkFrame(end.link, frame, now, effects)) return
  if (type === frameTypes.hello) {
    end.greeted = true
    const { services, draining } = checkHello(head)
    effects.push({
      kind: 'send',
      bytes: encodeFrame(frameTypes.welcome, 0, { head: end.welcome }),
      data: false,
    })
    effects.push({ kind: 'offer', offer: { services, draining } })
  } else if (type === frameTypes.offer) effects.push({ kind: 'offer', offer: checkOffer(head) })
  else takeStreamFrame(end, frame, effects)
}

/** Frames of streams that have ended here may be on their way for a while: they are checked and dropped. */
function takeStreamFrame(end: RegionEnd, frame: Frame, effects: RegionEndEffect[]): void {
  const { type, stream } = frame
  const state = end.open.get(stream)
  if (state === undefined) return
  if (type === frameTypes.ack) effects.push({ kind: 'acked', stream })
  else if (type === frameTypes.response) takeResponse(end, frame, state, effects)
  else if (type === frameTypes.data) takeData(end, frame, state, effects)
  else if (type === frameTypes.fail) {
    const head = checkFail(frame.head)
    finish(end, stream)
    effects.push({ kind: 'failed', stream, fail: head })
  } else if (type === frameTypes.progress) {
    effects.push({ kind: 'progress', stream, progress: checkProgress(frame.head) })
  } else {
    fail('TunnelFrameInvalid', { reason: `type ${type} does not go from a miner to a region` })
  }
}

function takeResponse(
  end: RegionEnd,
  { stream, head, body, end: isLast }: Frame,
  state: { answered: boolean },
  effects: RegionEndEffect[],
): void {
  if (state.answered) fail('TunnelFrameInvalid', { reason: 'a stream has two answers' })
  state.answered = true
  receive(end.link.incoming, stream, body.length)
  const checked = checkResponse(head)
  const usage = isLast ? checkUsage((head as { usage?: unknown }).usage) : undefined
  if (isLast) finish(end, stream)
  effects.push({ kind: 'response', stream, head: checked, body, usage })
}

function takeData(
  end: RegionEnd,
  { stream, head, body, end: isLast }: Frame,
  state: { answered: boolean },
  effects: RegionEndEffect[],
): void {
  if (!state.answered) fail('TunnelFrameInvalid', { reason: 'data come before their answer' })
  if (!isLast && body.length === 0) fail('TunnelFrameInvalid', { reason: 'data are empty' })
  receive(end.link.incoming, stream, body.length)
  const usage = isLast ? checkUsage(head) : undefined
  if (isLast) finish(end, stream)
  effects.push({ kind: 'data', stream, body, usage })
}
