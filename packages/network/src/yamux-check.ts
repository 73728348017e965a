import { fail } from '@banyan/base'
import type { Uint8ArrayList } from 'uint8arraylist'

type Chunk = Uint8Array | Uint8ArrayList

const headerBytes = 12
const dataType = 0

/** Yamux sends data only within the window of a stream, so no honest frame is longer than the largest window. */
export const maxWindowBytes = 2 ** 20

/** The contiguous pieces of a chunk. */
export function partsOf(chunk: Chunk): Iterable<Uint8Array> {
  return chunk instanceof Uint8Array ? [chunk] : chunk
}

/** Finds the frame headers in a run of bytes: type at byte 1, length at byte 8, big-endian (yamux specification). */
function createHeaderScanner(onHeader: (type: number, length: number) => void): (part: Uint8Array) => void {
  const header = new Uint8Array(headerBytes)
  const view = new DataView(header.buffer)
  let filled = 0
  let skip = 0

  function readHeader(bytes: Uint8Array): void {
    header.set(bytes, filled)
    filled += bytes.length
    if (filled < headerBytes) return
    const length = view.getUint32(8)
    onHeader(header[1]!, length)
    skip = header[1] === dataType ? length : 0
    filled = 0
  }

  return (part) => {
    let position = 0
    while (position < part.length) {
      const step = Math.min(skip > 0 ? skip : headerBytes - filled, part.length - position)
      if (skip > 0) skip -= step
      else readHeader(part.subarray(position, position + step))
      position += step
    }
  }
}

/**
 * Passes bytes on to the muxer. Breaks off when the peer announces a frame larger than any window, which the muxer would
 * collect in memory even for a stream that does not exist, or when more than `maxBacklog` bytes wait to be sent because
 * the peer asks for answers, such as those to pings, and does not read them.
 */
export async function* checkedFrames(
  source: AsyncIterable<Chunk>,
  backlog: () => number,
  maxBacklog: number,
): AsyncGenerator<Chunk> {
  const scan = createHeaderScanner((type, length) => {
    const tooLong = type === dataType && length > maxWindowBytes
    if (tooLong || backlog() > maxBacklog) {
      fail('PeerFailed', { peer: 'unknown', reason: tooLong ? 'its frame is too long' : 'it does not read' })
    }
  })
  for await (const chunk of source) {
    for (const part of partsOf(chunk)) scan(part)
    yield chunk
  }
}
