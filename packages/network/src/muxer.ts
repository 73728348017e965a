import { yamux } from '@chainsafe/libp2p-yamux'
import type { ComponentLogger, Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'
import { checkedFrames, maxWindowBytes } from './yamux-check.js'

/** Bytes that the muxer of one connection holds for its socket. */
export type Link = {
  readonly backlog: () => number
  /** Resolves when fewer than `bytes` wait, or when the connection is over. */
  readonly room: (bytes: number) => Promise<void>
}

/** Large messages wait while this much waits for the socket, so votes are never behind more than that. */
export const dataBacklogBytes = 256 * 1024
export const votesBacklogBytes = 2 * dataBacklogBytes
const maxBacklogBytes = 4 * 2 ** 20

const links = new WeakMap<Stream, Link>()

/** The link of a stream that a muxer of `boundedYamux` has opened or taken. */
export function linkOf(stream: Stream): Link {
  return links.get(stream)!
}

/** Passes the muxer's output on and wakes who waits for room. */
function createLink(
  source: AsyncIterable<Uint8Array | Uint8ArrayList>,
  backlog: () => number,
): { readonly link: Link; readonly output: AsyncGenerator<Uint8Array | Uint8ArrayList> } {
  const waiting = new Set<{ readonly bytes: number; readonly wake: () => void }>()
  let over = false

  function wakeWaiting(): void {
    for (const entry of waiting) {
      if (!over && backlog() >= entry.bytes) continue
      waiting.delete(entry)
      entry.wake()
    }
  }

  async function* output(): AsyncGenerator<Uint8Array | Uint8ArrayList> {
    try {
      for await (const chunk of source) {
        wakeWaiting()
        yield chunk
      }
    } finally {
      over = true
      wakeWaiting()
    }
  }

  async function room(bytes: number): Promise<void> {
    if (over || backlog() < bytes) return
    await new Promise<void>((wake) => waiting.add({ bytes, wake }))
  }

  return { link: { backlog, room }, output: output() }
}

/** What this needs of a stream of yamux beyond the interface. */
type WindowedStream = Stream & {
  /** Bytes that the peer may send at most, and those that it may still send. */
  readonly recvWindow: number
  readonly recvWindowCapacity: number
  sendWindowUpdate: () => void
}

/**
 * Lets a stream open its window again only when half of it is used. By itself it does so for every piece that is read; a
 * sender that waits for the window then sends pieces as small as what was read, and they never grow again (the silly
 * window of RFC 813).
 */
function openWindowByHalves(stream: Stream): void {
  const windowed = stream as WindowedStream
  const open = windowed.sendWindowUpdate.bind(windowed)
  windowed.sendWindowUpdate = () => {
    if (windowed.recvWindowCapacity * 2 <= windowed.recvWindow) open()
  }
}

function bounded(create: (onStream: (stream: Stream) => void) => StreamMuxer): StreamMuxer {
  const remember = (stream: Stream): Stream => {
    links.set(stream, link)
    openWindowByHalves(stream)
    return stream
  }
  const muxer = create(remember)
  // The muxer's output is a queue without a bound of its own (`it-pushable`); only its length can be asked.
  const { source } = muxer as StreamMuxer & { readonly source: { readonly readableLength: number } }
  const { link, output } = createLink(source, () => source.readableLength)
  return {
    protocol: muxer.protocol,
    get streams() {
      return muxer.streams
    },
    source: output,
    sink: (input) =>
      muxer.sink(checkedFrames(input as AsyncIterable<Uint8Array>, link.backlog, maxBacklogBytes)),
    newStream: async (name) => remember(await muxer.newStream(name)),
    close: (options) => muxer.close(options),
    abort: (error) => muxer.abort(error),
  }
}

/**
 * Yamux with bounds on what a peer can make it hold. Yamux itself bounds only what arrives within the windows; what it is
 * to send piles up in memory when the peer grants a window but does not read its socket.
 */
export function boundedYamux(
  maxStreams: number,
): (components: { logger: ComponentLogger }) => StreamMuxerFactory {
  return (components) => {
    const factory = yamux({
      enableKeepAlive: false,
      maxInboundStreams: maxStreams,
      maxOutboundStreams: maxStreams,
      maxStreamWindowSize: maxWindowBytes,
      // One frame fills one message of noise; see blockBytes.
      maxMessageSize: 65_519,
    })(components)
    return {
      protocol: factory.protocol,
      createStreamMuxer: (init = {}) =>
        bounded((remember) =>
          factory.createStreamMuxer({
            ...init,
            onIncomingStream: (stream) => {
              remember(stream)
              init.onIncomingStream?.(stream)
            },
          }),
        ),
    }
  }
}
