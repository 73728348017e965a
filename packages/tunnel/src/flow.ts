import { BanyanError, fail } from '@banyan/base'
import { encodeFrame, type Frame, frameTypes, maxBodyBytes } from './frame.js'
import { consume } from './incoming.js'
import type { Link, LinkEffect, LinkEvent } from './link.js'
import { countSmall, pingBody, shouldPing, takePong } from './liveness.js'
import { addCredit, hasTurns, pendingBytes, takeFrames } from './outgoing.js'

/** Pieces smaller than this count as frames that carry nothing. */
const smallBytes = 256

type Sink = { readonly push: (effect: LinkEffect) => unknown }

/**
 * Collects the effects of one step. An error of the protocol ends the link as its last effect; a link that has ended
 * does nothing any more.
 */
export function collect<Effect>(link: Link, run: (effects: (Effect | LinkEffect)[]) => void) {
  const effects: (Effect | LinkEffect)[] = []
  if (link.closed) return effects
  try {
    run(effects)
  } catch (error) {
    if (!(error instanceof BanyanError)) throw error
    link.closed = true
    effects.push({ kind: 'close', error })
  }
  return effects
}

/** What both ends do with a frame. Returns whether it is done with. Errors: TunnelFrameInvalid, TunnelCreditExceeded, TunnelFlooded. */
export function takeLinkFrame(link: Link, frame: Frame, now: number, effects: Sink): boolean {
  const { type, stream, body, end } = frame
  link.live.lastHeard = now
  if ((stream === 0) !== isOfConnection(type)) {
    fail('TunnelFrameInvalid', { reason: `type ${type} has the stream ${stream}` })
  }
  if (isSmall(type, body.length, end)) countSmall(link.live, now)
  if (type === frameTypes.credit) addCredit(link.out, stream, readCredit(body))
  else if (type === frameTypes.ping) effects.push({ kind: 'send', bytes: answerPing(body), data: false })
  else if (type === frameTypes.pong) takePong(link.live, body, now)
  else return false
  return true
}

function isOfConnection(type: number): boolean {
  const { hello, welcome, offer, ping, pong } = frameTypes
  return type === hello || type === welcome || type === offer || type === ping || type === pong
}

function isSmall(type: number, size: number, end: boolean): boolean {
  const { request, response, ack, fail: failed, data } = frameTypes
  if (type === request || type === response || type === ack || type === failed) return false
  return type !== data || (size < smallBytes && !end)
}

function readCredit(body: Uint8Array): number {
  if (body.length !== 4) fail('TunnelFrameInvalid', { reason: 'a credit is not of 4 bytes' })
  return new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true)
}

function answerPing(body: Uint8Array): Uint8Array {
  if (body.length !== 8) fail('TunnelFrameInvalid', { reason: 'a ping is not of 8 bytes' })
  return encodeFrame(frameTypes.pong, 0, { body })
}

/** The events that both ends know. Error: TunnelSilent. */
export function takeLinkEvent(link: Link, event: LinkEvent, now: number, effects: Sink): void {
  if (event.kind === 'writable') link.writable = true
  else if (event.kind === 'consumed') {
    const grant = consume(link.incoming, event.stream, event.bytes)
    if (grant > 0) effects.push({ kind: 'send', bytes: creditFrame(event.stream, grant), data: false })
  } else if (shouldPing(link.live, now)) {
    effects.push({
      kind: 'send',
      bytes: encodeFrame(frameTypes.ping, 0, { body: pingBody(now) }),
      data: false,
    })
  }
}

function creditFrame(stream: number, bytes: number): Uint8Array {
  const body = new Uint8Array(4)
  new DataView(body.buffer).setUint32(0, bytes, true)
  return encodeFrame(frameTypes.credit, stream, { body })
}

/** Sends data whose turn it is, as much as the socket should hold at once. `onEnd` hears of streams whose last piece went. */
export function sendTurn(link: Link, effects: Sink, onEnd: (stream: number) => void): void {
  if (!link.writable || !hasTurns(link.out)) return
  const frames = takeFrames(link.out, (stream, ended) => {
    if (ended) onEnd(stream)
    else if (pendingBytes(link.out, stream) < maxBodyBytes) effects.push({ kind: 'drained', stream })
  })
  for (const bytes of frames) effects.push({ kind: 'send', bytes, data: true })
  link.writable = frames.length === 0
}
