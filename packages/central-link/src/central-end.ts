import { BanyanError, banyanError, fail, toHex } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import {
  type CentralMessage,
  decodeRegionMessage,
  encodeMessage,
  type LinkAnswer,
  linkProtocol,
  maxListed,
  type Query,
  type Refusal,
  type RegionMessage,
  type RegionStatus,
} from './messages.js'
import { proofBytes } from './proof.js'

/** What was taken back by one record of the journal. */
export type Revocation = {
  readonly sequence: number
  readonly accounts: readonly string[]
  readonly keys: readonly string[]
}

export type CentralEndOptions = {
  readonly crypto: Pick<CryptoProvider, 'sha256' | 'randomBytes' | 'ed25519'>
  /** The region that was dialled. */
  readonly region: string
  /** Seed of this replica's key, 32 bytes. */
  readonly seed: Uint8Array
  /** Most questions of the region under way. */
  readonly maxAsks: number
  /** Silence after which the link is given up, ms. */
  readonly silenceMs: number
  /** Whether the key is one of the region's that works. */
  readonly isRegion: (region: string, key: string) => boolean
  /** Newest sequence of the journal, and whether this replica writes. */
  readonly position: () => { readonly sequence: number; readonly writer: boolean }
  /** Revocations after a sequence; `undefined` if not all of them are known any more. */
  readonly revokedSince: (sequence: number) => readonly Revocation[] | undefined
}

export type CentralEndEffect =
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'drop'; readonly error: BanyanError }
  | { readonly kind: 'ready' }
  | { readonly kind: 'query'; readonly id: number; readonly query: Query }
  | { readonly kind: 'report'; readonly status: RegionStatus }

export type CentralEnd = {
  readonly opened: (now: number) => readonly CentralEndEffect[]
  readonly received: (text: string, now: number) => readonly CentralEndEffect[]
  /** The answer to a query and the sequence of the journal it rests on, or why there is none. */
  readonly answered: (
    id: number,
    answer: LinkAnswer | Refusal,
    sequence: number,
  ) => readonly CentralEndEffect[]
  readonly revoked: (revocation: Revocation) => readonly CentralEndEffect[]
  readonly writerChanged: () => readonly CentralEndEffect[]
  readonly tick: (now: number) => readonly CentralEndEffect[]
}

/** Central's end of one link, without IO. It answers nothing before the region has shown its key. */
export function createCentralEnd(options: CentralEndOptions): CentralEnd {
  const { crypto, region } = options
  const nonce = toHex(crypto.randomBytes(32)).slice(2)
  const asks = new Set<number>()
  let phase: 'challenge' | 'login' | 'ready' | 'dropped' = 'challenge'
  /** The key that the region has shown. */
  let shown = ''
  let heard = 0
  let pinged = 0
  let effects: CentralEndEffect[] = []

  const take = (): readonly CentralEndEffect[] => effects.splice(0)
  const send = (message: CentralMessage): void => {
    effects.push({ kind: 'send', text: encodeMessage(message) })
  }

  const challenge = (message: RegionMessage): void => {
    if (message.type !== 'challenge') strange(phase)
    const bytes = proofBytes(crypto, region, message.nonce, nonce)
    send({ type: 'prove', signature: toHex(crypto.ed25519.sign(bytes, options.seed)).slice(2) })
    phase = 'login'
  }

  const login = (message: RegionMessage): void => {
    if (message.type !== 'login') strange(phase)
    if (message.region !== region || !options.isRegion(region, message.key))
      fail('LinkRefused', { reason: 'the region did not show its key' })
    shown = message.key
    phase = 'ready'
    send({ type: 'welcome', ...options.position() })
    if (message.seen !== undefined) catchUp(message.seen)
    effects.push({ kind: 'ready' })
  }

  const catchUp = (seen: number): void => {
    const missed = options.revokedSince(seen)
    if (missed === undefined) send({ type: 'reset', sequence: options.position().sequence })
    else for (const revocation of missed) tell(revocation)
  }

  const tell = ({ sequence, accounts, keys }: Revocation): void => {
    for (let i = 0; i === 0 || i < Math.max(accounts.length, keys.length); i += maxListed) {
      const part = { accounts: accounts.slice(i, i + maxListed), keys: keys.slice(i, i + maxListed) }
      send({ type: 'revoked', sequence, ...part })
    }
  }

  const ready = (message: RegionMessage): void => {
    switch (message.type) {
      case 'ask': {
        const { id, query } = message
        if (asks.has(id)) fail('LinkMalformed', { reason: 'a question has the number of another one' })
        if (query.kind === 'join' && query.region !== region)
          fail('LinkRefused', { reason: 'it asks in the name of another region' })
        if (asks.size >= options.maxAsks) return void send({ type: 'refuse', id, reason: 'busy' })
        asks.add(id)
        effects.push({ kind: 'query', id, query })
        return
      }
      case 'report':
        effects.push({ kind: 'report', status: message.status })
        return
      case 'pong':
        return
      default:
        strange(phase)
    }
  }

  const steps = { challenge, login, ready }

  const drop = (error: BanyanError): void => {
    phase = 'dropped'
    effects = [{ kind: 'drop', error }]
  }

  return {
    opened: (now) => {
      heard = now
      pinged = now
      send({ type: 'hello', protocol: linkProtocol, region, nonce })
      return take()
    },
    received: (text, now) => {
      if (phase === 'dropped') return []
      heard = now
      try {
        steps[phase](decodeRegionMessage(text))
      } catch (error) {
        if (!(error instanceof BanyanError)) throw error
        drop(error)
      }
      return take()
    },
    answered: (id, answer, sequence) => {
      if (!asks.delete(id) || phase !== 'ready') return []
      if (typeof answer === 'string') send({ type: 'refuse', id, reason: answer })
      else send({ type: 'answer', id, sequence, answer })
      return take()
    },
    revoked: (revocation) => {
      if (phase !== 'ready') return []
      if (options.isRegion(region, shown)) tell(revocation)
      else drop(banyanError('LinkRefused', { reason: 'the key of the region does not work any more' }))
      return take()
    },
    writerChanged: () => {
      if (phase === 'ready') send({ type: 'writer', writer: options.position().writer })
      return take()
    },
    tick: (now) => {
      if (phase === 'dropped') return []
      if (now - heard >= options.silenceMs)
        drop(banyanError('LinkRefused', { reason: 'the region is silent' }))
      else if (phase === 'ready' && now - pinged >= options.silenceMs / 3) {
        pinged = now
        send({ type: 'ping' })
      }
      return take()
    },
  }
}

function strange(phase: string): never {
  throw banyanError('LinkMalformed', { reason: `it makes no sense in the phase ${phase}` })
}
