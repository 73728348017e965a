import type { BanyanError } from '@banyan/base'
import type { Incoming } from './incoming.js'
import { createLiveness, type Liveness } from './liveness.js'
import { createOutgoing, type Outgoing } from './outgoing.js'

/** What both ends of a tunnel have in common. */
export type Link = {
  readonly out: Outgoing
  readonly incoming: Incoming
  readonly live: Liveness
  /** Whether the socket takes more data; frames without data go in any case. */
  writable: boolean
  closed: boolean
}

export type LinkEvent =
  /** A message of the WebSocket. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** The socket has room again after `send` effects with `data`. */
  | { readonly kind: 'writable' }
  /** The user of a stream took bytes of it. */
  | { readonly kind: 'consumed'; readonly stream: number; readonly bytes: number }
  /** Time passes: at least once in each ping interval. */
  | { readonly kind: 'tick' }

export type LinkEffect =
  /** A message for the WebSocket. After one with `data`, the event `writable` tells when there is room for more. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly data: boolean }
  /** Little is left of what waited on a stream: more may be written. */
  | { readonly kind: 'drained'; readonly stream: number }
  /** The connection is to end. Nothing follows. */
  | { readonly kind: 'close'; readonly error: BanyanError }

export function createLink(pingMs: number, now: number): Link {
  return {
    out: createOutgoing(),
    incoming: new Map(),
    live: createLiveness(pingMs, now),
    writable: true,
    closed: false,
  }
}
