import { fail } from '@banyan/base'
import { encodeFrame, frameTypes, maxBodyBytes, noBytes } from './frame.js'

/** What one end has to send on its streams: bounded by credits of the other end, in turns. */

/** Bytes that each direction of a stream may carry beyond what the receiver has taken, as in HTTP/2. */
export const windowBytes = 2 ** 20

/** Frames with data in one go. Then the socket is looked at, so that a slow one holds the data back. */
const framesPerTurn = 4

type Sending = {
  readonly pending: Uint8Array[]
  pendingBytes: number
  /** Bytes that the other end still takes. */
  credit: number
  /** Nothing follows what is pending; the head of the last frame goes with it. */
  last: { readonly head: object | undefined } | undefined
}

export type Outgoing = {
  readonly streams: Map<number, Sending>
  /** Streams with something to send and leave to send it, in the order of their turns. */
  readonly turns: number[]
  readonly inTurn: Set<number>
}

export function createOutgoing(): Outgoing {
  return { streams: new Map(), turns: [], inTurn: new Set() }
}

export function openOutgoing(out: Outgoing, stream: number, spent: number): void {
  out.streams.set(stream, { pending: [], pendingBytes: 0, credit: windowBytes - spent, last: undefined })
}

/** The stream needs nothing sent any more. */
export function closeOutgoing(out: Outgoing, stream: number): void {
  out.streams.delete(stream)
}

/** Bytes that wait on a stream; a writer stops while they are many. */
export function pendingBytes(out: Outgoing, stream: number): number {
  return out.streams.get(stream)?.pendingBytes ?? 0
}

/** Puts data in line. What is for a stream that has ended is dropped. */
export function writeOutgoing(out: Outgoing, stream: number, body: Uint8Array, last: Sending['last']): void {
  const sending = out.streams.get(stream)
  if (sending === undefined || sending.last !== undefined) return
  if (body.length > 0) sending.pending.push(body)
  sending.pendingBytes += body.length
  sending.last = last
  takeTurn(out, stream, sending)
}

/** The other end took bytes. What is for a stream that has ended is dropped. Error: TunnelCreditExceeded. */
export function addCredit(out: Outgoing, stream: number, bytes: number): void {
  const sending = out.streams.get(stream)
  if (sending === undefined) return
  const excess = sending.credit + bytes - windowBytes
  if (excess > 0) fail('TunnelCreditExceeded', { stream, bytes: excess })
  sending.credit += bytes
  takeTurn(out, stream, sending)
}

function takeTurn(out: Outgoing, stream: number, sending: Sending): void {
  const canSend = sending.pendingBytes > 0 ? sending.credit > 0 : sending.last !== undefined
  if (!canSend || out.inTurn.has(stream)) return
  out.inTurn.add(stream)
  out.turns.push(stream)
}

export function hasTurns(out: Outgoing): boolean {
  return out.turns.length > 0
}

/**
 * The next frames, one from each stream in turn. `onSent` hears of every stream that sent something, and whether that was
 * its end.
 */
export function takeFrames(out: Outgoing, onSent: (stream: number, ended: boolean) => void): Uint8Array[] {
  const frames: Uint8Array[] = []
  while (frames.length < framesPerTurn && out.turns.length > 0) {
    const stream = out.turns.shift()!
    out.inTurn.delete(stream)
    const sending = out.streams.get(stream)
    if (sending === undefined) continue
    const body = takeBody(sending)
    const ended = sending.pendingBytes === 0 && sending.last !== undefined
    const head = ended ? sending.last?.head : undefined
    frames.push(encodeFrame(frameTypes.data, stream, { end: ended, head, body }))
    if (ended) out.streams.delete(stream)
    else takeTurn(out, stream, sending)
    onSent(stream, ended)
  }
  return frames
}

/** At most one frame's worth of the first pending piece, within the credit. */
function takeBody(sending: Sending): Uint8Array {
  const first = sending.pending[0]
  if (first === undefined) return noBytes
  const size = Math.min(first.length, sending.credit, maxBodyBytes)
  if (size === first.length) sending.pending.shift()
  else sending.pending[0] = first.subarray(size)
  sending.credit -= size
  sending.pendingBytes -= size
  return first.subarray(0, size)
}
