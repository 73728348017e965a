import { type BanyanError, banyanError } from '@banyan/base'
import type { Stream } from '@libp2p/interface'
import { blocksOf } from './frame-writer.js'
import type { Network, PeerId } from './network.js'
import type { NetworkLimits } from './options.js'
import type { Session } from './session.js'
import { createStreamReader } from './stream-reader.js'

type RequestOptions = Parameters<Network['request']>[2]

export type Asker = {
  readonly ask: Network['request']
}

/** The whole stream of one request: the request, and nothing more until the asker has what it wants. */
async function* requestBlocks(request: Uint8Array, done: Promise<void>): AsyncGenerator<Uint8Array> {
  yield* blocksOf(request)
  // The answerer takes the end of this stream as a sign that nobody wants its answer any more.
  await done
}

/** Yields the parts until the end mark. Fails if the answer breaks off, is too long, or says that it failed. */
async function* answerParts(
  stream: Stream,
  peer: PeerId,
  maxBytes: number,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  const reader = createStreamReader(stream, maxBytes, () => undefined)
  let left = maxBytes
  for (;;) {
    const frame = await reader.next()
    if (frame === 'end') return
    if (frame === 'busy') throw banyanError('PeerBusy', { peer })
    if (!(frame instanceof Uint8Array) || frame.length > left) {
      const tooLong = frame === 'invalid' || frame instanceof Uint8Array
      throw banyanError('PeerFailed', {
        peer,
        reason: tooLong ? `it has more than ${maxBytes} bytes` : 'it is incomplete',
      })
    }
    left -= frame.length
    onBytes(frame.length)
    yield frame
  }
}

/** Asks peers over streams of their own, within the bounds on requests at the same time. */
export function createAsker(
  limits: NetworkLimits,
  protocol: string,
  readySession: (peer: PeerId) => Session | undefined,
): Asker {
  const running = new Map<PeerId, number>()
  let total = 0

  function count(peer: PeerId, change: 1 | -1): void {
    total += change
    const left = (running.get(peer) ?? 0) + change
    if (left === 0) running.delete(peer)
    else running.set(peer, left)
  }

  async function* answered(
    session: Session,
    request: Uint8Array,
    options: RequestOptions,
    ending: AbortController,
  ): AsyncGenerator<Uint8Array> {
    const stream = await session.connection.newStream(protocol, { signal: ending.signal })
    const abort = () => stream.abort(new Error('no longer wanted'))
    ending.signal.addEventListener('abort', abort)
    const done = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()))
    stream.sink(requestBlocks(request, done)).catch(() => undefined)
    if (ending.signal.aborted) abort()
    const { counts } = session.record
    yield* answerParts(stream, session.peer, options.maxBytes, (bytes) => {
      counts.bytesIn += bytes
    })
  }

  async function* ask(
    peer: PeerId,
    request: Uint8Array,
    options: RequestOptions,
  ): AsyncGenerator<Uint8Array> {
    options.signal?.throwIfAborted()
    const session = readySession(peer)
    if (session === undefined) throw banyanError('PeerUnknown', { peer })
    if (total >= limits.requestsInTotal || (running.get(peer) ?? 0) >= limits.requestsPerPeer) {
      throw banyanError('PeerBusy', { peer })
    }
    const ending = new AbortController()
    let late: BanyanError | undefined
    const timer = setTimeout(() => {
      late = banyanError('PeerTimeout', { peer, timeoutMs: options.timeoutMs })
      ending.abort()
    }, options.timeoutMs)
    const stop = () => ending.abort()
    options.signal?.addEventListener('abort', stop)
    session.signal.addEventListener('abort', stop)
    count(peer, 1)
    session.record.counts.requestsOut++
    try {
      yield* answered(session, request, options, ending)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (late !== undefined) throw late
      throw isRegistryError(error)
        ? error
        : banyanError('PeerFailed', { peer, reason: 'no stream opened' }, error)
    } finally {
      count(peer, -1)
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', stop)
      session.signal.removeEventListener('abort', stop)
      ending.abort()
    }
  }

  return { ask }
}

function isRegistryError(error: unknown): error is BanyanError {
  return error instanceof Error && error.name === 'BanyanError'
}
