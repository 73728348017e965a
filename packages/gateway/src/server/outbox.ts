import type { Socket } from 'node:net'
import type { Outlet } from '../mqtt/link.js'

/** Frames that are joined into one piece before they go to the socket, bytes: below it a copy is cheaper than a vector. */
const largestJoined = 16_384

/** Collects what is sent to a socket within one turn of the event loop, and writes it at once. */
export function createOutbox(socket: Socket): Outlet {
  let frames: Uint8Array[] = []
  let held = 0
  let isScheduled = false

  const flush = (): void => {
    isScheduled = false
    if (held === 0) return
    const pieces = frames
    const bytes = held
    frames = []
    held = 0
    if (pieces.length === 1) socket.write(pieces[0]!)
    else if (bytes <= largestJoined) socket.write(Buffer.concat(pieces, bytes))
    else {
      socket.cork()
      for (const piece of pieces) socket.write(piece)
      socket.uncork()
    }
  }
  return {
    send: (bytes) => {
      frames.push(bytes)
      held += bytes.length
      if (isScheduled) return
      isScheduled = true
      setImmediate(flush)
    },
    end: () => {
      flush()
      socket.end()
    },
    backlog: () => held + socket.writableLength,
  }
}
