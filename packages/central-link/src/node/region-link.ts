import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { BanyanError, banyanError, toHex, utf8 } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { type WebSocket, WebSocketServer } from 'ws'
import type {
  KeyVerdict,
  LinkAnswer,
  MinerVerdict,
  Query,
  Redeemed,
  Refusal,
  RegionStatus,
  ServiceAnswer,
  SubscriptionsAnswer,
} from '../messages.js'
import { keyForm } from '../names.js'
import { createRegionEnd, type RegionEndEffect } from '../region-end.js'
import { createSessions, type Mac } from '../sessions.js'
import { createVerdictCache, type Given } from '../verdict-cache.js'
import { maxPayload, sendText, textOf } from './socket.js'

export type RegionLinkOptions = {
  /** Id of the region's account and its key with the scope `link`. */
  readonly region: string
  readonly key: string
  /** Public keys of central's replicas, 32 bytes each. */
  readonly centrals: readonly Uint8Array[]
  /** Keyed hash of the region's session tokens; the instances of a region share its secret. */
  readonly mac: Mac
  /** How long a session lasts, ms. */
  readonly sessionMs?: number
  /** How long a verdict is used again, ms. */
  readonly verdictMs?: number
  /** How long a question may take, ms. */
  readonly answerMs?: number
  readonly onEvent?: (event: RegionLinkEvent) => void
}

export type RegionLinkEvent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost'; readonly error: BanyanError }
  /** Work and miners with these ids are to be ended. */
  | { readonly kind: 'revoked'; readonly accounts: readonly string[]; readonly keys: readonly string[] }
  /** Too much was revoked to tell: every miner is to be checked again. */
  | { readonly kind: 'reset' }

export type RegionLink = {
  /** Takes over an upgrade of the region's central endpoint. */
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /**
   * What an API key is good for. `address` is the client's. Errors: CredentialsRefused, AttemptsExhausted, CentralBusy, CentralUnreachable.
   */
  readonly checkKey: (key: string, address: string) => Promise<KeyVerdict>
  /** A short-lived token instead of an API key, and when it ends. Errors: those of `checkKey`. */
  readonly openSession: (
    key: string,
    address: string,
  ) => Promise<{ readonly token: string; readonly expires: number }>
  /** What a session token is good for, at once and without central; `undefined` if nothing. */
  readonly checkSession: (token: string) => KeyVerdict | undefined
  /** Whether a miner may join: its credentials and the region's are checked together. Errors: those of `checkKey`. */
  readonly admitMiner: (miner: string, key: string, address: string) => Promise<MinerVerdict>
  /** Exchanges a join token for the miner's key. Errors: those of `checkKey`. */
  readonly redeem: (token: string, address: string) => Promise<Redeemed>
  /** Prices and versions of a DService. Errors: those of `checkKey`; CredentialsRefused where central has no such DService. */
  readonly service: (name: string) => Promise<ServiceAnswer>
  /** Subscriptions of this region, of accounts that follow one; none after the last. Errors: those of `checkKey`. */
  readonly subscriptions: (after: string) => Promise<SubscriptionsAnswer>
  /** Tells central how the region does. */
  readonly report: (status: RegionStatus) => void
  /** Replicas of central that are connected. */
  readonly readyLinks: () => number
  readonly close: () => void
}

const maxLinks = 16
const tickMs = 1_000
const silenceMs = 45_000
const maxAsks = 1_024
const cacheEntries = 20_000
const refusedMs = 5_000

type Waiting = {
  readonly resolve: (given: Given<LinkAnswer>) => void
  readonly reject: (error: unknown) => void
}

/** The region's side of its links: central dials in, and accounts are asked over what it opened. */
export function createRegionLink(options: RegionLinkOptions): RegionLink {
  const { region, key: regionKey, sessionMs = 600_000, verdictMs = 60_000, answerMs = 5_000 } = options
  const onEvent = options.onEvent ?? (() => undefined)
  const end = createRegionEnd({
    crypto: native,
    region,
    key: regionKey,
    centrals: options.centrals,
    answerMs,
    maxAsks,
    silenceMs,
  })
  const sessions = createSessions(options.mac)
  const cache = createVerdictCache({ goodMs: verdictMs, refusedMs, entries: cacheEntries })
  const server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false })
  const sockets = new Map<number, WebSocket>()
  const waiting = new Map<number, Waiting>()
  const underWay = new Map<string, Promise<Given<KeyVerdict>>>()
  let nextLink = 1

  const settle = (ask: number): Waiting | undefined => {
    const found = waiting.get(ask)
    waiting.delete(ask)
    return found
  }

  const perform = (effect: RegionEndEffect): void => {
    switch (effect.kind) {
      case 'send':
        return void sendText(sockets.get(effect.link)!, effect.text)
      case 'drop':
        sockets.get(effect.link)?.terminate()
        return void onEvent({ kind: 'lost', error: effect.error })
      case 'answered':
        return void settle(effect.ask)?.resolve({ verdict: effect.answer, sequence: effect.sequence })
      case 'refused':
        return void settle(effect.ask)?.reject(refusalError(effect.reason))
      case 'late':
        return void settle(effect.ask)?.reject(banyanError('CentralUnreachable', { milliseconds: answerMs }))
      case 'ready':
        return void onEvent({ kind: 'ready' })
      case 'revoked':
      case 'reset':
        return void onEvent(effect)
    }
  }
  const performAll = (effects: readonly RegionEndEffect[]): void => {
    for (const effect of effects) perform(effect)
  }

  const ask = (query: Query): Promise<Given<LinkAnswer>> =>
    new Promise((resolve, reject) => {
      const asked = end.ask(query, performance.now())
      waiting.set(asked.ask, { resolve, reject })
      performAll(asked.effects)
    })

  const open = (socket: WebSocket): void => {
    const link = nextLink++
    sockets.set(link, socket)
    end.opened(link, performance.now())
    socket.on('message', (data, isBinary) =>
      performAll(end.received(link, textOf(data, isBinary), performance.now())),
    )
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      sockets.delete(link)
      performAll(end.closed(link))
    })
  }

  const askKey = async (key: string, hash: string, address: string): Promise<Given<KeyVerdict>> => {
    try {
      const { verdict, sequence } = await ask({ kind: 'key', key, address })
      const given = { verdict: verdict as KeyVerdict, sequence }
      cache.put(hash, given, Date.now())
      return given
    } catch (error) {
      if (isRefusal(error)) cache.put(hash, 'refused', Date.now())
      throw error
    } finally {
      underWay.delete(hash)
    }
  }

  /** The verdict about a key, from the cache where it may be used again. */
  const verdictOf = (key: string, address: string): Promise<Given<KeyVerdict>> => {
    if (!keyForm.safeParse(key).success) return Promise.reject(banyanError('CredentialsRefused'))
    const hash = toHex(native.sha256(utf8(key)))
    const known = cache.find(hash, Date.now())
    if (known === 'refused') return Promise.reject(banyanError('CredentialsRefused'))
    if (known !== undefined && !end.isVoid({ ...known.verdict, sequence: known.sequence }))
      return Promise.resolve(known)
    const asked = underWay.get(hash) ?? askKey(key, hash, address)
    underWay.set(hash, asked)
    return asked
  }

  const timer = setInterval(() => performAll(end.tick(performance.now())), tickMs)
  timer.unref()

  return {
    accept: (request, socket, head) => {
      if (sockets.size >= maxLinks)
        socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n')
      else server.handleUpgrade(request, socket, head, open)
    },
    checkKey: async (key, address) => (await verdictOf(key, address)).verdict,
    openSession: async (key, address) => {
      const { verdict, sequence } = await verdictOf(key, address)
      const issued = Date.now()
      const expires = Math.min(issued + sessionMs, verdict.expires ?? Number.POSITIVE_INFINITY)
      const { account, parent, scopes, tiers } = verdict
      const claims = { account, parent, credential: verdict.key, generation: sequence, scopes, tiers }
      return { token: sessions.issue({ ...claims, issued, expires }), expires }
    },
    checkSession: (token) => {
      const claims = sessions.check(token, Date.now())
      if (claims === undefined) return undefined
      const { account, parent, credential: key, generation: sequence, scopes, tiers, expires } = claims
      if (end.isVoid({ account, parent, key, sequence })) return undefined
      const whose = parent === undefined ? { account } : { account, parent }
      return { kind: 'key', ...whose, key, scopes: [...scopes], tiers: [...tiers], expires }
    },
    admitMiner: async (miner, minerKey, address) => {
      const { verdict } = await ask({ kind: 'join', region, regionKey, miner, minerKey, address })
      return verdict as MinerVerdict
    },
    redeem: async (token, address) => (await ask({ kind: 'redeem', token, address })).verdict as Redeemed,
    service: async (name) => (await ask({ kind: 'service', name, address: '' })).verdict as ServiceAnswer,
    subscriptions: async (after) =>
      (await ask({ kind: 'subscriptions', after, address: '' })).verdict as SubscriptionsAnswer,
    report: (status) => performAll(end.report(status)),
    readyLinks: end.readyLinks,
    close: () => {
      clearInterval(timer)
      for (const socket of sockets.values()) socket.terminate()
      server.close()
      for (const id of [...waiting.keys()])
        settle(id)?.reject(banyanError('CentralUnreachable', { milliseconds: 0 }))
    },
  }
}

function refusalError(reason: Refusal): BanyanError {
  switch (reason) {
    case 'refused':
      return banyanError('CredentialsRefused')
    case 'attempts':
      return banyanError('AttemptsExhausted', { seconds: 60 })
    case 'busy':
    case 'writer':
      return banyanError('CentralBusy', { what: 'questions of regions' })
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof BanyanError && error.kind === 'CredentialsRefused'
}
