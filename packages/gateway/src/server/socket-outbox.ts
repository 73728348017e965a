import type { WebSocket } from 'ws'
import type { Outlet } from '../mqtt/link.js'
import { createOutbox } from './outbox.js'

/** Bytes that a reader has not taken, above which it gets nothing new. */
export const readerBacklog = 256 * 1024
/** Subscriptions of one connection. */
export const mostSubscriptions = 1_000

/** Collects messages for a WebSocket, each of them a frame of its own; `onTaken` is called when the network took some. */
export function createSocketOutbox(socket: WebSocket, isBinary: boolean, onTaken: () => void): Outlet {
  return createOutbox({
    write: (pieces) => {
      const last = pieces.length - 1
      pieces.forEach((piece, i) => {
        if (i < last) socket.send(piece, { binary: isBinary })
        else socket.send(piece, { binary: isBinary }, (error) => error ?? onTaken())
      })
    },
    end: () => socket.close(),
    backlog: () => socket.bufferedAmount,
  })
}
