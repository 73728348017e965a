import { createHmac } from 'node:crypto'
import { createSessions, type SessionClaims, scopes } from '@banyan/central-link'
import { testSeed } from '@banyan/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const sessionsOf = (secret: string) =>
  createSessions((bytes) => createHmac('sha256', secret).update(bytes).digest())
const sessions = sessionsOf('one')

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const claimsOf: fc.Arbitrary<SessionClaims> = fc.record({
  account: hex(24).map((id) => `ent_${id}`),
  parent: fc.option(
    hex(24).map((id) => `ent_${id}`),
    { nil: undefined },
  ),
  credential: fc.oneof(hex(24), fc.constant('password')),
  generation: fc.nat(),
  scopes: fc.uniqueArray(fc.constantFrom(...scopes)),
  tiers: fc.uniqueArray(fc.constantFrom(1, 2, 3, 4)),
  issued: fc.constant(1_000),
  expires: fc.integer({ min: 1_001, max: 10_000 }),
})

test('CMP-7: a session token says what it was made for, until it expires', () => {
  fc.assert(
    fc.property(claimsOf, (claims) => {
      const token = sessions.issue(claims)
      expect(sessions.check(token, claims.expires - 1)).toEqual(claims)
      expect(sessions.check(token, claims.expires)).toBeUndefined()
      expect(sessionsOf('two').check(token, 0)).toBeUndefined()
    }),
    { seed: testSeed('session tokens') },
  )
})

test('CMP-17: a token that was changed anywhere, or is none, is good for nothing', () => {
  fc.assert(
    fc.property(claimsOf, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (claims, at, character) => {
      const token = sessions.issue(claims)
      const changed = [...token]
      changed[at % token.length] = character
      const text = changed.join('')
      if (text !== token) expect(sessions.check(text, 0)).toBeUndefined()
    }),
    { seed: testSeed('changed session tokens') },
  )
  for (const text of ['', '.', 'bns', 'x'.repeat(10_000)]) expect(sessions.check(text, 0)).toBeUndefined()
})
