/**
 * A stream is a run of frames: a length (u32, little-endian) and that many bytes. Lengths from 0xfffffffc on are marks
 * without bytes.
 */
export const marks = { alive: 0xffffffff, end: 0xfffffffe, failed: 0xfffffffd, busy: 0xfffffffc } as const

export type Mark = keyof typeof marks

const markOf = new Map<number, Mark>(Object.entries(marks).map(([name, length]) => [length, name as Mark]))
const nothing = new Uint8Array(0)

export type FrameReader = {
  /** Gives the next bytes of the stream; `next` must have returned undefined before. */
  readonly append: (chunk: Uint8Array) => void
  /** The next whole frame, in memory of its own; undefined if it has not arrived; `invalid` if it is too long. */
  readonly next: () => Uint8Array | Mark | 'invalid' | undefined
}

/** Cuts a stream into frames of at most `maxBytes` each. Nothing is reserved for a frame longer than that. */
export function createFrameReader(maxBytes: number): FrameReader {
  let chunk: Uint8Array = nothing
  let position = 0
  let lengthBytes = 0
  let length = 0
  let body: Uint8Array | undefined
  let filled = 0

  /** True once all four bytes of a length are there. */
  function readLength(): boolean {
    while (lengthBytes < 4 && position < chunk.length) {
      length += chunk[position++]! * 2 ** (8 * lengthBytes++)
    }
    return lengthBytes === 4
  }

  function readBody(into: Uint8Array): boolean {
    const count = Math.min(into.length - filled, chunk.length - position)
    into.set(chunk.subarray(position, position + count), filled)
    position += count
    filled += count
    return filled === into.length
  }

  function next(): Uint8Array | Mark | 'invalid' | undefined {
    if (body === undefined) {
      if (!readLength()) return undefined
      const size = length
      lengthBytes = 0
      length = 0
      const mark = markOf.get(size)
      if (mark !== undefined) return mark
      if (size > maxBytes) return 'invalid'
      body = new Uint8Array(size)
      filled = 0
    }
    if (!readBody(body)) return undefined
    const frame = body
    body = undefined
    return frame
  }

  return {
    append: (bytes) => {
      chunk = bytes
      position = 0
    },
    next,
  }
}
