import type { Stream } from '@libp2p/interface'
import { blocksOf } from './frame-writer.js'
import { dataBacklogBytes, linkOf } from './muxer.js'
import type { NetworkHandlers, PeerId } from './network.js'
import type { NetworkLimits } from './options.js'
import type { Session } from './session.js'
import { createStreamReader } from './stream-reader.js'

export type Answerer = {
  /** Answers the request on a stream that the peer of this session has opened. */
  readonly answer: (session: Session, stream: Stream) => Promise<void>
}

/** Answers requests, within the bounds on how many at the same time and how long each. */
export function createAnswerer(limits: NetworkLimits, onRequest: NetworkHandlers['onRequest']): Answerer {
  const running = new Map<PeerId, number>()
  let total = 0

  async function* answerBlocks(
    session: Session,
    request: Uint8Array,
    signal: AbortSignal,
    room: () => Promise<void>,
  ): AsyncGenerator<Uint8Array> {
    const { counts } = session.record
    try {
      for await (const part of onRequest(session.peer, request, signal)) {
        for (const block of blocksOf(part)) {
          await room()
          if (signal.aborted) return
          yield block
        }
        counts.bytesOut += part.length
      }
      yield* blocksOf('end')
    } catch {
      // Whatever went wrong is the business of this node; the asker learns only that it did.
      yield* blocksOf('failed')
    }
  }

  async function answerOne(session: Session, stream: Stream, ending: AbortController): Promise<void> {
    const reader = createStreamReader(stream, limits.maxRequestBytes, () => undefined)
    const request = await reader.next()
    if (!(request instanceof Uint8Array)) return
    session.record.counts.requestsIn++
    session.record.counts.bytesIn += request.length
    // The asker sends nothing more; when its side of the stream ends, it has gone or has what it wants.
    void reader.next().then(() => ending.abort())
    const link = linkOf(stream)
    const blocks = answerBlocks(session, request, ending.signal, () => link.room(dataBacklogBytes))
    await stream.sink(blocks).catch(() => undefined)
  }

  async function answer(session: Session, stream: Stream): Promise<void> {
    const { peer } = session
    const ofPeer = running.get(peer) ?? 0
    if (total >= limits.requestsInTotal || ofPeer >= limits.requestsPerPeer) {
      await stream.sink(blocksOf('busy')).catch(() => undefined)
      stream.abort(new Error('busy'))
      return
    }
    running.set(peer, ofPeer + 1)
    total++
    const ending = new AbortController()
    const stop = () => ending.abort()
    const timer = setTimeout(stop, limits.answerMs)
    session.signal.addEventListener('abort', stop)
    ending.signal.addEventListener('abort', () => stream.abort(new Error('over')))
    try {
      await answerOne(session, stream, ending)
    } finally {
      stop()
      session.signal.removeEventListener('abort', stop)
      clearTimeout(timer)
      total--
      const left = running.get(peer)! - 1
      if (left === 0) running.delete(peer)
      else running.set(peer, left)
    }
  }

  return { answer }
}
