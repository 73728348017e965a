import type { Stream } from '@libp2p/interface'
import { createFrameReader, type Mark } from './frame-reader.js'
import { partsOf } from './yamux-check.js'

export type StreamReader = {
  /** The next frame or mark; undefined when the stream has ended or was reset; `invalid` if a frame is too long. */
  readonly next: () => Promise<Uint8Array | Mark | 'invalid' | undefined>
  /** Whether it waits for the peer, and not the peer for it. */
  readonly isWaiting: () => boolean
}

/** Reads frames of at most `maxBytes`. The stream takes in more only when everything before has been read. */
export function createStreamReader(stream: Stream, maxBytes: number, onBytes: () => void): StreamReader {
  const chunks = stream.source[Symbol.asyncIterator]()
  const frames = createFrameReader(maxBytes)
  let parts: Iterator<Uint8Array> | undefined
  let waiting = false

  async function nextPart(): Promise<Uint8Array | undefined> {
    for (;;) {
      const part = parts?.next()
      if (part !== undefined && part.done !== true) return part.value
      waiting = true
      // A reset stream rejects; for the reader that is an end like any other.
      const chunk = await chunks.next().catch(() => undefined)
      waiting = false
      if (chunk === undefined || chunk.done === true) return undefined
      onBytes()
      parts = partsOf(chunk.value)[Symbol.iterator]()
    }
  }

  return {
    next: async () => {
      for (;;) {
        const frame = frames.next()
        if (frame !== undefined) return frame
        const part = await nextPart()
        if (part === undefined) return undefined
        frames.append(part)
      }
    },
    isWaiting: () => waiting,
  }
}
