import {
  type CentralEnd,
  type CentralEndEffect,
  type CentralEndOptions,
  createCentralEnd,
  createRegionEnd,
  type KeyVerdict,
  type LinkAnswer,
  type Query,
  type RegionEnd,
  type RegionEndEffect,
  type Revocation,
} from '@banyan/central-link'
import { native } from '@banyan/crypto/native'
import { testSeed } from '@banyan/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const region = `reg_${'1'.repeat(24)}`
const other = `reg_${'2'.repeat(24)}`
const key = `bnk_${'3'.repeat(24)}_${'4'.repeat(64)}`
const account = `ent_${'5'.repeat(24)}`
const keyId = '6'.repeat(24)
const seed = new Uint8Array(32).fill(1)
const verdict: KeyVerdict = { kind: 'key', account, key: keyId, scopes: ['work'], tiers: [3] }
const query: Query = { kind: 'key', key, address: 'home' }
const redeem: Query = { kind: 'redeem', token: `bnj_${'7'.repeat(24)}_${'8'.repeat(64)}`, address: 'home' }

function regionEnd(changes: Partial<Parameters<typeof createRegionEnd>[0]> = {}): RegionEnd {
  return createRegionEnd({
    crypto: native,
    region,
    key,
    centrals: [native.ed25519.publicKey(seed)],
    answerMs: 1_000,
    maxAsks: 3,
    silenceMs: 3_000,
    ...changes,
  })
}

function centralEnd(changes: Partial<CentralEndOptions> = {}): CentralEnd {
  return createCentralEnd({
    crypto: native,
    region,
    seed,
    maxAsks: 2,
    silenceMs: 3_000,
    isRegion: (id, shown) => id === region && shown === key,
    position: () => ({ sequence: 10, writer: true }),
    revokedSince: () => [],
    ...changes,
  })
}

/** Both ends of one link, and what they did besides talking. */
function join(near: RegionEnd, far: CentralEnd, link = 1, now = 0) {
  const region: RegionEndEffect[] = []
  const central: CentralEndEffect[] = []
  const toCentral = (effects: readonly RegionEndEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === 'send' && effect.link === link) toRegion(far.received(effect.text, now))
      else region.push(effect)
    }
  }
  const toRegion = (effects: readonly CentralEndEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === 'send') toCentral(near.received(link, effect.text, now))
      else central.push(effect)
    }
  }
  near.opened(link, now)
  toRegion(far.opened(now))
  return { region, central, toCentral, toRegion }
}

/** Text of the one message among effects. */
function sent(effects: readonly { readonly kind: string }[]): string {
  const [only] = effects as unknown as readonly { readonly text: string }[]
  return only!.text
}

const kinds = (effects: readonly { readonly kind: string }[]) => effects.map(({ kind }) => kind)

describe('CMP-7: both ends of a link', () => {
  test('show who they are, ask and answer', () => {
    const near = regionEnd()
    const far = centralEnd()
    const { region: seen, central, toCentral, toRegion } = join(near, far)
    expect([kinds(seen), kinds(central)]).toEqual([['ready'], ['ready']])
    const { ask, effects } = near.ask(query, 0)
    toCentral(effects)
    expect(central.at(-1)).toEqual({ kind: 'query', id: ask, query })
    toRegion(far.answered(ask, verdict, 10))
    expect(seen.at(-1)).toEqual({ kind: 'answered', ask, answer: verdict, sequence: 10 })
  })

  test('a question waits for a link, and is late after its time', () => {
    const near = regionEnd()
    const early = near.ask(query, 0)
    expect(early.effects).toEqual([])
    const { central } = join(near, centralEnd())
    expect(central).toContainEqual({ kind: 'query', id: early.ask, query })
    expect(near.tick(999)).toEqual([])
    expect(near.tick(1_000)).toEqual([{ kind: 'late', ask: early.ask }])
  })

  test('questions are bounded on both sides', () => {
    const near = regionEnd()
    const { region: seen, toCentral } = join(near, centralEnd())
    for (let i = 0; i < 2; i++) toCentral(near.ask(query, 0).effects)
    const third = near.ask(query, 0)
    expect(() => near.ask(query, 0)).toThrow(expect.objectContaining({ kind: 'CentralBusy' }))
    toCentral(third.effects)
    expect(seen.at(-1)).toEqual({ kind: 'refused', ask: third.ask, reason: 'busy' })
  })

  test('when a link is lost its questions go to another replica; what is done once does not', () => {
    const near = regionEnd()
    const first = join(near, centralEnd(), 1)
    const asked = near.ask(query, 0)
    const once = near.ask(redeem, 0)
    first.toCentral([...asked.effects, ...once.effects])
    const second = join(near, centralEnd(), 2)
    const effects = near.closed(1)
    expect(effects).toContainEqual({ kind: 'late', ask: once.ask })
    second.toCentral(effects)
    expect(second.central.at(-1)).toMatchObject({ kind: 'query', id: asked.ask })
  })

  test('only a replica that writes is asked to redeem', () => {
    let writer = false
    const near = regionEnd()
    const far = centralEnd({ position: () => ({ sequence: 10, writer }) })
    const { central, toRegion, toCentral } = join(near, far)
    toCentral(near.ask(redeem, 0).effects)
    expect(kinds(central)).toEqual(['ready'])
    writer = true
    toRegion(far.writerChanged())
    expect(central.at(-1)).toMatchObject({ kind: 'query', query: redeem })
  })

  test('an answer from before a revocation is not believed, another replica is asked', () => {
    const near = regionEnd()
    const behind = centralEnd({ position: () => ({ sequence: 10, writer: false }) })
    const ahead = centralEnd({ position: () => ({ sequence: 11, writer: true }) })
    const one = join(near, behind, 1)
    const two = join(near, ahead, 2)
    two.toRegion(ahead.revoked({ sequence: 11, accounts: [], keys: [keyId] }))
    const { ask, effects } = near.ask(query, 0)
    const first = effects[0]!.kind === 'send' && effects[0]!.link === 1 ? one : two
    const give = (answer: LinkAnswer, sequence: number) => {
      one.toRegion(behind.answered(ask, answer, sequence))
      two.toRegion(ahead.answered(ask, answer, sequence))
    }
    first.toCentral(effects)
    give(verdict, 10)
    const passed = first.region.filter((effect) => effect.kind === 'send')
    expect(passed).toHaveLength(1)
    ;(first === one ? two : one).toCentral(passed)
    give(verdict, 11)
    expect([...one.region, ...two.region].filter(({ kind }) => kind === 'answered')).toHaveLength(1)
  })

  test('what was missed is told, in parts, or everything is void where it was too much', () => {
    const missed: Revocation = {
      sequence: 12,
      accounts: [],
      keys: Array.from({ length: 600 }, (_, i) => i.toString(16).padStart(24, '0')),
    }
    const near = regionEnd()
    join(near, centralEnd(), 1)
    near.closed(1)
    const seenBy: number[] = []
    const far = centralEnd({
      revokedSince: (sequence) => {
        seenBy.push(sequence)
        return [missed]
      },
    })
    const { region: seen } = join(near, far, 2)
    expect(seenBy).toEqual([10])
    expect(kinds(seen)).toEqual(['ready', 'revoked', 'revoked'])
    expect(near.isVoid({ account, key: missed.keys[599]!, sequence: 11 })).toBe(true)
    expect(near.isVoid({ account, key: missed.keys[599]!, sequence: 12 })).toBe(false)
    expect(near.isVoid({ account, key: keyId, sequence: 11 })).toBe(false)
    near.closed(2)
    const lost = centralEnd({
      position: () => ({ sequence: 20, writer: true }),
      revokedSince: () => undefined,
    })
    expect(kinds(join(near, lost, 3).region)).toEqual(['ready', 'reset'])
    expect(near.isVoid({ account, key: keyId, sequence: 19 })).toBe(true)
  })

  test('silence ends a link on both sides, and pings prevent it', () => {
    const near = regionEnd()
    const far = centralEnd()
    const { toRegion } = join(near, far)
    toRegion(far.tick(1_000))
    expect(far.tick(2_999)).toEqual([{ kind: 'send', text: '{"type":"ping"}' }])
    expect(kinds(far.tick(3_000))).toEqual(['drop'])
    expect(far.received('{"type":"pong"}', 3_000)).toEqual([])
    expect(kinds(near.tick(3_000))).toEqual(['drop'])
    expect(near.readyLinks()).toBe(0)
  })
})

describe('CMP-17: bad messages of a link', () => {
  test('a proof for another region, or of another time, does not pass', () => {
    const near = regionEnd()
    const elsewhere = regionEnd({ region: other })
    const far = centralEnd()
    near.opened(1, 0)
    elsewhere.opened(1, 0)
    const hello = sent(far.opened(0))
    const changed = hello.replace(region, other)
    expect(kinds(elsewhere.received(1, hello, 0))).toEqual(['drop'])
    elsewhere.opened(2, 0)
    const challenge = sent(elsewhere.received(2, changed, 0))
    const proof = sent(far.received(challenge, 0))
    expect(elsewhere.received(2, proof, 0)).toMatchObject([{ kind: 'drop', error: { kind: 'LinkRefused' } }])
  })

  test('a region that logs in as another one, with a wrong key, or asks in another name is dropped', () => {
    expect(kinds(join(regionEnd({ key: key.replace(/4$/, '5') }), centralEnd()).central)).toEqual(['drop'])
    const near = regionEnd()
    const { central, toCentral } = join(near, centralEnd())
    const foreign: Query = {
      kind: 'join',
      region: other,
      regionKey: key,
      miner: `min_${'9'.repeat(24)}`,
      minerKey: key,
      address: 'home',
    }
    toCentral(near.ask(foreign, 0).effects)
    expect(central.at(-1)).toMatchObject({ kind: 'drop', error: { kind: 'LinkRefused' } })
  })

  test('another version of the protocol is told so', () => {
    const near = regionEnd()
    near.opened(1, 0)
    const hello = { type: 'hello', protocol: 2, region, nonce: '0'.repeat(64) }
    expect(near.received(1, JSON.stringify(hello), 0)).toMatchObject([
      { kind: 'drop', error: { kind: 'LinkRefused' } },
    ])
  })

  test('whatever comes, an end refuses it with a typed error or goes on', () => {
    const message = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .constantFrom(
          'hello',
          'prove',
          'welcome',
          'answer',
          'refuse',
          'revoked',
          'reset',
          'ask',
          'login',
          'report',
        )
        .chain((type) =>
          fc
            .record(
              {
                id: fc.nat(3),
                sequence: fc.nat(20),
                accounts: fc.array(fc.string()),
                answer: fc.jsonValue(),
                query: fc.jsonValue(),
              },
              { requiredKeys: [] },
            )
            .map((rest) => JSON.stringify({ type, ...rest })),
        ),
    )
    const property = fc.property(fc.array(message, { maxLength: 20 }), fc.boolean(), (messages, isJoined) => {
      const near = regionEnd()
      const far = centralEnd()
      if (isJoined) join(near, far)
      else {
        near.opened(1, 0)
        far.opened(0)
      }
      for (const text of messages) {
        for (const effect of [...near.received(1, text, 0), ...far.received(text, 0)]) {
          if (effect.kind === 'drop') expect(effect.error.kind).toMatch(/^Link/)
          // Nothing that was sent may come back in an error.
          if (effect.kind === 'drop' && text.length > 20) expect(effect.error.message).not.toContain(text)
        }
      }
    })
    fc.assert(property, { numRuns: 300, seed: testSeed('link messages') })
  })
})
