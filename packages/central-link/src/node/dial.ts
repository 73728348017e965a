import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { type BanyanError, banyanError } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { WebSocket } from 'ws'
import {
  type CentralEnd,
  type CentralEndEffect,
  type CentralEndOptions,
  createCentralEnd,
  type Revocation,
} from '../central-end.js'
import type { LinkAnswer, Query, Refusal, RegionStatus } from '../messages.js'
import { maxPayload, sendText, textOf } from './socket.js'

/** Where a region is reached. */
export type Target = {
  readonly region: string
  /** `wss://…`, or `ws://` to this machine. */
  readonly url: string
  /** SHA-256 of its certificate, 64 hexadecimal digits; missing: the certificate must be signed for its name by an authority. */
  readonly fingerprint: string | undefined
}

export type DialOptions = Pick<CentralEndOptions, 'seed' | 'isRegion' | 'position' | 'revokedSince'> & {
  readonly target: Target
  readonly answer: (
    query: Query,
  ) => Promise<{ readonly answer: LinkAnswer | Refusal; readonly sequence: number }>
  readonly onReport: (status: RegionStatus) => void
  readonly onState: (state: 'ready' | 'lost', error?: BanyanError) => void
}

export type Dialling = {
  readonly isReady: () => boolean
  readonly revoked: (revocation: Revocation) => void
  readonly writerChanged: () => void
  readonly close: () => void
}

const firstPauseMs = 500
const maxPauseMs = 30_000
const handshakeMs = 10_000
const tickMs = 1_000
const silenceMs = 45_000
const maxAsks = 256

type Current = { readonly socket: WebSocket; readonly end: CentralEnd }

/** Keeps a link to one region: dials, and dials again after pauses that grow. Nothing is sent before its certificate has been checked. */
export function dialRegion(options: DialOptions): Dialling {
  const { target } = options
  let current: Current | undefined
  let isReady = false
  let isClosed = false
  let pauseMs = firstPauseMs
  let redial: NodeJS.Timeout | undefined

  const perform = (link: Current, effect: CentralEndEffect): void => {
    switch (effect.kind) {
      case 'send':
        return void sendText(link.socket, effect.text)
      case 'drop':
        link.socket.terminate()
        return void options.onState('lost', effect.error)
      case 'ready':
        isReady = true
        pauseMs = firstPauseMs
        return void options.onState('ready')
      case 'report':
        return void options.onReport(effect.status)
      case 'query':
        void options.answer(effect.query).then(({ answer, sequence }) => {
          performAll(link, link.end.answered(effect.id, answer, sequence))
        })
    }
  }
  const performAll = (link: Current, effects: readonly CentralEndEffect[]): void => {
    for (const effect of effects) perform(link, effect)
  }
  const inform = (tell: (end: CentralEnd) => readonly CentralEndEffect[]): void => {
    if (current !== undefined) performAll(current, tell(current.end))
  }

  const dial = (): void => {
    const socket = connect(target)
    const end = createCentralEnd({ ...options, crypto: native, region: target.region, maxAsks, silenceMs })
    const link = { socket, end }
    socket.on('upgrade', (response) => {
      if (isPinned(response, target.fingerprint)) return
      options.onState('lost', banyanError('LinkRefused', { reason: 'the certificate is another one' }))
      socket.terminate()
    })
    socket.on('open', () => {
      current = link
      performAll(link, end.opened(performance.now()))
    })
    socket.on('message', (data, isBinary) =>
      performAll(link, end.received(textOf(data, isBinary), performance.now())),
    )
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      current = undefined
      if (isReady) options.onState('lost')
      isReady = false
      if (isClosed) return
      // Spread, so that a region that comes back is not dialled by all at once.
      redial = setTimeout(dial, pauseMs * (0.75 + Math.random() / 2))
      pauseMs = Math.min(2 * pauseMs, maxPauseMs)
    })
  }

  const timer = setInterval(() => inform((end) => end.tick(performance.now())), tickMs)
  timer.unref()
  dial()

  return {
    isReady: () => isReady,
    revoked: (revocation) => inform((end) => end.revoked(revocation)),
    writerChanged: () => inform((end) => end.writerChanged()),
    close: () => {
      isClosed = true
      clearInterval(timer)
      clearTimeout(redial)
      current?.socket.terminate()
    },
  }
}

function connect({ url, fingerprint }: Target): WebSocket {
  return new WebSocket(url, {
    handshakeTimeout: handshakeMs,
    maxPayload,
    perMessageDeflate: false,
    followRedirects: false,
    // A certificate that is pinned needs no authority.
    rejectUnauthorized: fingerprint === undefined,
  })
}

function isPinned({ socket }: IncomingMessage, fingerprint: string | undefined): boolean {
  if (fingerprint === undefined) return true
  if (!(socket instanceof TLSSocket)) return false
  return socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase() === fingerprint
}
