import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type BanyanError, banyanError } from '@banyan/base'
import { WebSocket } from 'ws'
import { maxFrameBytes } from '../frame.js'
import type { ServiceOffer, Welcome } from '../heads.js'
import { socketOptions } from './frame-socket.js'
import { createMinerSession, type MinerSession } from './miner-session.js'
import type { WorkHandler } from './work.js'

export type MinerState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly welcome: Welcome }
  /** It connects again after `retryMs`. */
  | { readonly kind: 'waiting'; readonly error: BanyanError; readonly retryMs: number }
  | { readonly kind: 'closed' }

export type MinerOptions = {
  /** Of the region's miner endpoint: wss://, or ws:// on one machine. */
  readonly url: string
  readonly miner: string
  readonly key: string
  readonly services: readonly ServiceOffer[]
  /** Requests at the same time over all services. */
  readonly maxRequests: number
  /** Certificates in PEM that are trusted besides those of the system. */
  readonly ca?: string
  readonly changed?: (state: MinerState) => void
}

export type MinerConnection = {
  readonly state: () => MinerState
  /** What the miner offers from now on. */
  readonly offer: (services: readonly ServiceOffer[]) => void
  /** Takes no new work; resolves when what it has is done. */
  readonly drain: () => Promise<void>
  /** Ends the connection at once, and does not connect again. */
  readonly close: () => Promise<void>
}

const firstRetryMs = 250
const lastRetryMs = 30_000
const handshakeMs = 10_000

/** Keeps a miner connected to a region, and gives each request of it to `handler`. Failures are told by `changed`. */
export function connectMiner(options: MinerOptions, handler: WorkHandler): MinerConnection {
  let offer = { services: options.services, draining: false }
  let state: MinerState = { kind: 'connecting' }
  let session: MinerSession | undefined
  let failures = 0
  let isClosed = false
  let retry: NodeJS.Timeout | undefined

  const change = (next: MinerState): void => {
    state = next
    options.changed?.(next)
  }
  const lost = (error: BanyanError): void => {
    session = undefined
    if (isClosed) return
    const base = Math.min(firstRetryMs * 2 ** failures, lastRetryMs)
    const retryMs = Math.round(base * (0.5 + Math.random() / 2))
    failures++
    change({ kind: 'waiting', error, retryMs })
    if (!isClosed) retry = setTimeout(connect, retryMs)
  }
  const connect = (): void => {
    change({ kind: 'connecting' })
    openSocket(options, lost, (ws, socket) => {
      session = createMinerSession(ws, socket, {
        offer,
        maxRequests: options.maxRequests,
        handler,
        welcome: (welcome) => {
          failures = 0
          change({ kind: 'connected', welcome })
        },
        closed: lost,
      })
      if (isClosed) session.end()
    })
  }
  connect()
  return {
    state: () => state,
    offer: (services) => {
      offer = { ...offer, services }
      session?.offer(offer)
    },
    drain: async () => {
      offer = { ...offer, draining: true }
      session?.offer(offer)
      await session?.idle()
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      clearTimeout(retry)
      const ended = session?.ended
      session?.end()
      await ended
      change({ kind: 'closed' })
    },
  }
}

/** Dials the region; either `lost` or `opened` is called, once. */
function openSocket(
  { url, miner, key, ca }: MinerOptions,
  lost: (error: BanyanError) => void,
  opened: (ws: WebSocket, socket: Socket) => void,
): void {
  const ws = new WebSocket(url, {
    ...socketOptions,
    maxPayload: maxFrameBytes,
    handshakeTimeout: handshakeMs,
    headers: { authorization: `Bearer ${key}`, 'banyan-miner': miner },
    ...(ca === undefined ? {} : { ca }),
    ...(needsMask(url) ? {} : { generateMask: () => undefined }),
  })
  let socket: Socket | undefined
  const failed = (error: Error): void =>
    lost(banyanError('TunnelUnreachable', { url, reason: error.message }))
  ws.once('error', failed)
  ws.once('upgrade', (response) => {
    socket = response.socket
  })
  ws.once('unexpected-response', (request, response: IncomingMessage) => {
    ws.off('error', failed).on('error', () => undefined)
    request.destroy()
    lost(banyanError('TunnelRefused', { url, reason: `it answers ${response.statusCode ?? 0}` }))
  })
  ws.once('open', () => {
    ws.off('error', failed)
    opened(ws, socket!)
  })
}

/**
 * Masks keep what a page sends from looking like HTTP to machines between. Over TLS none can look inside, and on one
 * machine there are none; a mask of zeros then saves a pass over every byte on both sides.
 */
function needsMask(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol !== 'wss:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
