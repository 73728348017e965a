import type { Socket } from 'node:net'
import type { RawData, WebSocket } from 'ws'

/** A WebSocket whose small messages leave together, once for each turn of the event loop. */
export type FrameSocket = {
  /** `data`: `writable` is to be called when the socket has room again. */
  readonly send: (bytes: Uint8Array, data: boolean) => void
  /** Ends the connection at once. */
  readonly end: () => void
  /** Ends it once what was sent has left, or after a second. */
  readonly finish: () => void
}

export type FrameSocketUser = {
  readonly frame: (bytes: Uint8Array) => void
  readonly writable: () => void
  /** Once, whichever end or failure ended it. */
  readonly closed: (reason: string) => void
}

/** An end that does not read while this much waits for it is given up. */
const maxWaitingBytes = 2 ** 26

/** Options for both ends: frames are binary, bounded and sent as they are. */
export const socketOptions = { perMessageDeflate: false, skipUTF8Validation: true } as const

/** Uses a WebSocket and the socket beneath it. */
export function createFrameSocket(ws: WebSocket, socket: Socket, user: FrameSocketUser): FrameSocket {
  let isCorked = false
  let owesWritable = false
  let reason = 'the connection broke'

  const flush = (): void => {
    isCorked = false
    socket.uncork()
    if (!owesWritable || ws.readyState !== ws.OPEN) return
    owesWritable = false
    if (socket.writableNeedDrain) socket.once('drain', user.writable)
    else user.writable()
  }

  socket.setNoDelay(true)
  ws.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) return user.frame(data as Buffer)
    reason = 'a message was not binary'
    ws.terminate()
  })
  ws.on('error', (error) => {
    reason = error.message
  })
  ws.on('close', () => user.closed(reason))
  return {
    send: (bytes, data) => {
      if (ws.readyState !== ws.OPEN) return
      if (socket.writableLength > maxWaitingBytes) {
        reason = 'it does not read'
        return ws.terminate()
      }
      if (!isCorked) {
        isCorked = true
        socket.cork()
        setImmediate(flush)
      }
      owesWritable ||= data
      ws.send(bytes)
    },
    end: () => ws.terminate(),
    finish: () => {
      if (isCorked) socket.uncork()
      ws.close()
      setTimeout(() => ws.terminate(), 1_000).unref()
    },
  }
}
