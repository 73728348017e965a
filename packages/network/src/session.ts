import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Stream } from '@libp2p/interface'
import { createRateLimit } from './limits.js'
import { dataBacklogBytes, linkOf, votesBacklogBytes } from './muxer.js'
import type { Channel, NetworkHandlers, PeerId } from './network.js'
import type { NetworkLimits } from './options.js'
import type { PeerRecord } from './peer-records.js'
import type { Protocols } from './protocols.js'
import { createSendQueue, type SendQueue } from './send-queue.js'
import { createStreamReader, type StreamReader } from './stream-reader.js'

const channels = ['votes', 'data'] as const
const backlogBytes = { votes: votesBacklogBytes, data: dataBacklogBytes } as const

/** One connection to one peer, from the encrypted handshake to its end. */
export type Session = {
  readonly peer: PeerId
  readonly connection: Connection
  readonly openedAt: number
  readonly record: PeerRecord
  /** Aborts when the session ends. */
  readonly signal: AbortSignal
  readonly isReady: () => boolean
  readonly send: (channel: Channel, message: Uint8Array) => void
  /** Takes the stream that the peer opened for a channel. */
  readonly accept: (channel: Channel, stream: Stream) => void
  /** Ends it at once. A fault is counted against the peer. */
  readonly close: (reason: 'fault' | 'ours' | 'lost') => void
}

export type SessionContext = {
  readonly limits: NetworkLimits
  readonly protocols: Protocols
  readonly onMessage: NetworkHandlers['onMessage']
  readonly onReady: (session: Session) => void
  readonly onClosed: (session: Session, wasReady: boolean) => void
  readonly record: PeerRecord
  readonly now: () => number
}

/**
 * Opens a session over a new connection: one stream of our own for each channel, and one taken from the peer. It is ready
 * when all four are there, and fails if that takes longer than `handshakeMs`.
 */
export function openSession(connection: Connection, context: SessionContext): Session {
  const { limits, protocols, record, now } = context
  const peer = connection.remotePeer.toString()
  const { counts } = record
  const ending = new AbortController()
  const queues = new Map<Channel, SendQueue>()
  const inbound = new Map<Channel, Stream>()
  const readers: StreamReader[] = []
  const rate = createRateLimit(limits.messagesPerSecond, now())
  const handshakeTimer = setTimeout(() => close('fault'), limits.handshakeMs)
  let heartbeat: NodeJS.Timeout | undefined
  let lastHeard = now()
  let ready = false

  function close(reason: 'fault' | 'ours' | 'lost'): void {
    if (ending.signal.aborted) return
    const wasReady = ready
    ready = false
    if (reason === 'fault') counts.faults++
    ending.abort()
    clearTimeout(handshakeTimer)
    clearInterval(heartbeat)
    for (const queue of queues.values()) queue.end()
    connection.abort(new Error(reason))
    context.onClosed(session, wasReady)
  }

  async function openChannel(channel: Channel): Promise<void> {
    const stream = await connection.newStream(protocols[channel], { signal: ending.signal })
    const queue = createSendQueue(limits.maxQueueBytes[channel])
    queues.set(channel, queue)
    const link = linkOf(stream)
    void stream.sink(queue.blocks(() => link.room(backlogBytes[channel]))).then(
      () => close('lost'),
      () => close('lost'),
    )
    becomeReady()
  }

  function accept(channel: Channel, stream: Stream): void {
    if (ending.signal.aborted || inbound.has(channel)) {
      stream.abort(new Error('not expected'))
      return
    }
    inbound.set(channel, stream)
    becomeReady()
  }

  function becomeReady(): void {
    if (ending.signal.aborted || queues.size + inbound.size < 2 * channels.length) return
    ready = true
    clearTimeout(handshakeTimer)
    counts.connections++
    lastHeard = now()
    heartbeat = setInterval(beat, limits.heartbeatMs)
    context.onReady(session)
    for (const channel of channels) void readChannel(channel, inbound.get(channel)!)
  }

  /** Shows the peer that we live, unless something waits that will show it, and looks whether it does. */
  function beat(): void {
    const votes = queues.get('votes')!
    if (votes.isEmpty()) votes.push('alive')
    // While we ourselves keep the peer waiting, its silence proves nothing.
    if (readers.every((reader) => reader.isWaiting()) && now() - lastHeard > limits.silenceMs) close('fault')
  }

  async function readChannel(channel: Channel, stream: Stream): Promise<void> {
    const reader = createStreamReader(stream, limits.maxMessageBytes[channel], () => {
      lastHeard = now()
    })
    readers.push(reader)
    for (;;) {
      const frame = await reader.next()
      if (ending.signal.aborted) return
      if (frame === undefined) return close('lost')
      if (typeof frame === 'string' && frame !== 'alive') return close('fault')
      const wait = rate.take(now())
      if (wait > 0) await sleep(wait, undefined, { signal: ending.signal }).catch(() => undefined)
      if (ending.signal.aborted) return
      if (typeof frame === 'string') continue
      counts.messagesIn++
      counts.bytesIn += frame.length
      context.onMessage(peer, channel, frame)
    }
  }

  function send(channel: Channel, message: Uint8Array): void {
    if (ready && message.length <= limits.maxMessageBytes[channel] && queues.get(channel)!.push(message)) {
      counts.messagesOut++
      counts.bytesOut += message.length
    } else {
      counts.drops++
    }
  }

  const session: Session = {
    peer,
    connection,
    openedAt: now(),
    record,
    signal: ending.signal,
    isReady: () => ready,
    send,
    accept,
    close,
  }
  for (const channel of channels) {
    openChannel(channel).catch((error: Error) =>
      close(error.name === 'UnsupportedProtocolError' ? 'fault' : 'lost'),
    )
  }
  return session
}
