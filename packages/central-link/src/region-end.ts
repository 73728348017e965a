import { BanyanError, banyanError, fail, fromHex, toHex } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import {
  type CentralMessage,
  decodeCentralMessage,
  encodeMessage,
  type LinkAnswer,
  linkProtocol,
  type Query,
  type Refusal,
  type RegionMessage,
  type RegionStatus,
} from './messages.js'
import { proofBytes } from './proof.js'
import { createRevocations, type Granted } from './revocations.js'

export type RegionEndOptions = {
  readonly crypto: Pick<CryptoProvider, 'sha256' | 'randomBytes' | 'ed25519'>
  /** Id of the region's account and its key. */
  readonly region: string
  readonly key: string
  /** Public keys of central's replicas, 32 bytes each. */
  readonly centrals: readonly Uint8Array[]
  /** How long a question may wait for its answer, ms. */
  readonly answerMs: number
  /** Most questions that wait. */
  readonly maxAsks: number
  /** Silence after which a link is given up, ms; central says something three times as often. */
  readonly silenceMs: number
}

export type RegionEndEffect =
  | { readonly kind: 'send'; readonly link: number; readonly text: string }
  | { readonly kind: 'drop'; readonly link: number; readonly error: BanyanError }
  | { readonly kind: 'ready'; readonly link: number }
  | {
      readonly kind: 'answered'
      readonly ask: number
      readonly answer: LinkAnswer
      readonly sequence: number
    }
  | { readonly kind: 'refused'; readonly ask: number; readonly reason: Refusal }
  | { readonly kind: 'late'; readonly ask: number }
  | { readonly kind: 'revoked'; readonly accounts: readonly string[]; readonly keys: readonly string[] }
  | { readonly kind: 'reset' }

export type RegionEnd = {
  readonly opened: (link: number, now: number) => void
  readonly received: (link: number, text: string, now: number) => readonly RegionEndEffect[]
  readonly closed: (link: number) => readonly RegionEndEffect[]
  /** Error: CentralBusy. */
  readonly ask: (
    query: Query,
    now: number,
  ) => { readonly ask: number; readonly effects: readonly RegionEndEffect[] }
  readonly report: (status: RegionStatus) => readonly RegionEndEffect[]
  readonly tick: (now: number) => readonly RegionEndEffect[]
  readonly isVoid: (granted: Granted) => boolean
  readonly readyLinks: () => number
}

type Link = {
  readonly id: number
  phase: 'hello' | 'prove' | 'welcome' | 'ready'
  nonce: string
  centralNonce: string
  isWriter: boolean
  heard: number
}

type Ask = {
  readonly query: Query
  readonly until: number
  link: number | undefined
  readonly tried: Set<number>
}

/**
 * The region's end of all its links, without IO. Central proves itself before the region tells its key. A question goes to one replica, to
 * another one if that is lost or cannot answer it, and is late after its time. Links are numbered by the caller, never twice.
 */
export function createRegionEnd(options: RegionEndOptions): RegionEnd {
  const { crypto, region } = options
  const links = new Map<number, Link>()
  const asks = new Map<number, Ask>()
  const revocations = createRevocations()
  let nextAsk = 1
  const effects: RegionEndEffect[] = []

  const take = (): readonly RegionEndEffect[] => effects.splice(0)
  const send = (link: number, message: RegionMessage): void => {
    effects.push({ kind: 'send', link, text: encodeMessage(message) })
  }

  /** Sends a question to a link that has not had it, the writer first where only that can answer. */
  const pass = (id: number, ask: Ask): void => {
    const free = [...links.values()].filter((link) => link.phase === 'ready' && !ask.tried.has(link.id))
    const link = ask.query.kind === 'redeem' ? free.find(({ isWriter }) => isWriter) : free[id % free.length]
    ask.link = link?.id
    if (link === undefined) return
    ask.tried.add(link.id)
    send(link.id, { type: 'ask', id, query: ask.query })
  }

  const settle = (id: number, effect: RegionEndEffect): void => {
    asks.delete(id)
    effects.push(effect)
  }

  const hello = (link: Link, message: CentralMessage): void => {
    if (message.type !== 'hello') strange(link)
    if (message.protocol !== linkProtocol) fail('LinkRefused', { reason: 'the protocol is another one' })
    if (message.region !== region) fail('LinkRefused', { reason: 'central looks for another region' })
    link.centralNonce = message.nonce
    link.nonce = toHex(crypto.randomBytes(32)).slice(2)
    link.phase = 'prove'
    send(link.id, { type: 'challenge', nonce: link.nonce })
  }

  const prove = (link: Link, message: CentralMessage): void => {
    if (message.type !== 'prove') strange(link)
    const bytes = proofBytes(crypto, region, link.nonce, link.centralNonce)
    const signature = fromHex(message.signature)!
    if (!options.centrals.some((key) => crypto.ed25519.verify(signature, bytes, key)))
      fail('LinkRefused', { reason: 'this is not central' })
    link.phase = 'welcome'
    const seen = revocations.seen()
    send(link.id, { type: 'login', region, key: options.key, ...(seen === undefined ? {} : { seen }) })
  }

  const welcome = (link: Link, message: CentralMessage): void => {
    if (message.type !== 'welcome') strange(link)
    link.phase = 'ready'
    link.isWriter = message.writer
    if (revocations.seen() === undefined) revocations.reset(message.sequence)
    effects.push({ kind: 'ready', link: link.id })
    passWaiting()
  }

  const passWaiting = (): void => {
    for (const [id, ask] of asks) if (ask.link === undefined) pass(id, ask)
  }

  const takeAnswer = (link: Link, id: number, answer: LinkAnswer, sequence: number): void => {
    const ask = asks.get(id)
    if (ask?.link !== link.id) return
    if (answer.kind !== ask.query.kind) strange(link)
    if (isStale(answer, sequence)) passOrGiveUp(id, ask)
    else settle(id, { kind: 'answered', ask: id, answer, sequence })
  }

  /** Where nobody else is there to ask, the question was asked too early. */
  const passOrGiveUp = (id: number, ask: Ask): void => {
    pass(id, ask)
    if (ask.link === undefined) settle(id, { kind: 'refused', ask: id, reason: 'busy' })
  }

  /** Whether a replica that is behind has granted what was taken back since. */
  const isStale = (answer: LinkAnswer, sequence: number): boolean => {
    if (answer.kind === 'redeem' || answer.kind === 'service' || answer.kind === 'subscriptions') return false
    const account = answer.kind === 'key' ? answer.account : answer.miner
    const parent = answer.kind === 'key' ? answer.parent : undefined
    return revocations.isVoid({ account, parent, key: answer.key, sequence })
  }

  const takeRefusal = (link: Link, id: number, reason: Refusal): void => {
    const ask = asks.get(id)
    if (ask?.link !== link.id) return
    if (reason === 'refused' || reason === 'attempts') settle(id, { kind: 'refused', ask: id, reason })
    else if (reason === 'busy') passOrGiveUp(id, ask)
    // A replica that writes may still come.
    else pass(id, ask)
  }

  const ready = (link: Link, message: CentralMessage): void => {
    switch (message.type) {
      case 'answer':
        return void takeAnswer(link, message.id, message.answer, message.sequence)
      case 'refuse':
        return void takeRefusal(link, message.id, message.reason)
      case 'revoked': {
        const { sequence, accounts, keys } = message
        revocations.note(sequence, accounts, keys)
        effects.push({ kind: 'revoked', accounts, keys })
        return
      }
      case 'reset':
        revocations.reset(message.sequence)
        effects.push({ kind: 'reset' })
        return
      case 'writer':
        link.isWriter = message.writer
        return void passWaiting()
      case 'ping':
        return void send(link.id, { type: 'pong' })
      default:
        strange(link)
    }
  }

  const steps = { hello, prove, welcome, ready }

  const lose = (link: number): void => {
    links.delete(link)
    for (const [id, ask] of asks) {
      if (ask.link !== link) continue
      // What is done once may have been done: its answer is lost with the link.
      if (ask.query.kind === 'redeem') settle(id, { kind: 'late', ask: id })
      else pass(id, ask)
    }
  }

  const drop = (link: number, error: BanyanError): void => {
    lose(link)
    effects.push({ kind: 'drop', link, error })
  }

  return {
    opened: (id, now) => {
      links.set(id, { id, phase: 'hello', nonce: '', centralNonce: '', isWriter: false, heard: now })
    },
    received: (id, text, now) => {
      const link = links.get(id)
      if (link === undefined) return []
      link.heard = now
      try {
        steps[link.phase](link, decodeCentralMessage(text))
      } catch (error) {
        if (!(error instanceof BanyanError)) throw error
        drop(id, error)
      }
      return take()
    },
    closed: (id) => {
      lose(id)
      return take()
    },
    ask: (query, now) => {
      if (asks.size >= options.maxAsks) fail('CentralBusy', { what: 'questions of the region' })
      const id = nextAsk++
      const ask: Ask = { query, until: now + options.answerMs, link: undefined, tried: new Set() }
      asks.set(id, ask)
      pass(id, ask)
      return { ask: id, effects: take() }
    },
    report: (status) => {
      for (const link of links.values()) if (link.phase === 'ready') send(link.id, { type: 'report', status })
      return take()
    },
    tick: (now) => {
      for (const { id, heard } of [...links.values()]) {
        if (now - heard >= options.silenceMs)
          drop(id, banyanError('LinkRefused', { reason: 'central is silent' }))
      }
      for (const [id, ask] of asks) if (now >= ask.until) settle(id, { kind: 'late', ask: id })
      return take()
    },
    isVoid: revocations.isVoid,
    readyLinks: () => [...links.values()].filter(({ phase }) => phase === 'ready').length,
  }
}

function strange(link: Link): never {
  throw banyanError('LinkMalformed', { reason: `it makes no sense in the phase ${link.phase}` })
}
