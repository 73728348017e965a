import { fail } from '@banyan/base'

/** Whether the other end lives, how far away it is, and how much it chatters. */
export type Liveness = {
  pingMs: number
  lastHeard: number
  lastPing: number
  /** Smoothed time of a round trip, ms; undefined before the first answer. */
  rttMs: number | undefined
  /** Small frames since `secondStart`. */
  small: number
  secondStart: number
}

/** Small frames that one end may send in a second. */
export const smallFrameLimit = 20_000

/** Pings without an answer after which a connection counts as dead. */
const silentPings = 3
const second = 1_000

export function createLiveness(pingMs: number, now: number): Liveness {
  return { pingMs, lastHeard: now, lastPing: now, rttMs: undefined, small: 0, secondStart: now }
}

/** Counts a frame that carries no or few data. Error: TunnelFlooded. */
export function countSmall(live: Liveness, now: number): void {
  if (now - live.secondStart >= second) {
    live.secondStart = now
    live.small = 0
  }
  live.small++
  if (live.small > smallFrameLimit) fail('TunnelFlooded', { count: live.small, limit: smallFrameLimit })
}

/** Whether to ping now. Error: TunnelSilent. */
export function shouldPing(live: Liveness, now: number): boolean {
  const silence = now - live.lastHeard
  if (silence > silentPings * live.pingMs) fail('TunnelSilent', { milliseconds: silence })
  if (now - live.lastPing < live.pingMs) return false
  live.lastPing = now
  return true
}

/** The time at which a ping was sent, as it comes back. */
export function pingBody(now: number): Uint8Array {
  const body = new Uint8Array(8)
  new DataView(body.buffer).setFloat64(0, now, true)
  return body
}

/** Takes the answer to a ping in; one that no ping of ours asked for says nothing. Error: TunnelFrameInvalid. */
export function takePong(live: Liveness, body: Uint8Array, now: number): void {
  if (body.length !== 8) fail('TunnelFrameInvalid', { reason: 'a pong is not of 8 bytes' })
  const sent = new DataView(body.buffer, body.byteOffset, 8).getFloat64(0, true)
  if (sent !== live.lastPing) return
  const sample = now - sent
  // Weights of RFC 6298, as TCP smooths its round trips.
  live.rttMs = live.rttMs === undefined ? sample : (7 * live.rttMs + sample) / 8
}
