import {
  createAttempts,
  createKey,
  createToken,
  endSessions,
  redeemJoin,
  revokeKey,
  rotateKey,
  setAccountState,
} from '@banyan/central'
import { createVault } from '@banyan/central/node'
import { testSeed } from '@banyan/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addAccount, addKey, cheapArgon2, openWorld, pepper, setPassword } from './world.js'

const refused = expect.objectContaining({ kind: 'CredentialsRefused' })
const password = 'four words make one'

describe('CMP-7: keys of accounts', () => {
  test('a key tells what it is good for, and nothing else does', async () => {
    const world = await openWorld()
    const enterprise = await addAccount(world, { kind: 'enterprise', tiers: [1, 3] })
    const { id, key } = await addKey(world, enterprise.id, ['work'])
    expect(world.credentials.checkKey(key, 'home')).toEqual({
      kind: 'key',
      account: enterprise.id,
      key: id,
      scopes: ['work'],
      tiers: [1, 3],
    })
    const wrong = key.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(() => world.credentials.checkKey(wrong, 'home')).toThrow(refused)
    expect(() => world.credentials.checkKey(`bnk_${id}_`, 'home')).toThrow(refused)
  })

  test('an end user brings its enterprise, which chooses the tiers and whose state counts', async () => {
    const world = await openWorld()
    const enterprise = await addAccount(world, { kind: 'enterprise', tiers: [2] })
    const child = await addAccount(world, { kind: 'child', parent: enterprise.id })
    const { key } = await addKey(world, child.id, ['track'])
    expect(world.credentials.checkKey(key, 'home')).toMatchObject({ parent: enterprise.id, tiers: [2] })
    await world.central.change('test', (context) =>
      setAccountState(context, enterprise.id, 'suspended', 'unpaid'),
    )
    expect(() => world.credentials.checkKey(key, 'home')).toThrow(refused)
  })

  test('a key cannot be for more than its account is', async () => {
    const world = await openWorld()
    const miner = await addAccount(world, { kind: 'miner' })
    await expect(addKey(world, miner.id, ['work'])).rejects.toMatchObject({ kind: 'AccountInvalid' })
  })

  test('a rotated key works until its grace ends, the new one goes on', async () => {
    const world = await openWorld()
    const { id: account } = await addAccount(world, { kind: 'enterprise' })
    const old = await addKey(world, account, ['work'])
    const next = await world.central.change('test', (context) => rotateKey(context, old.id, 5_000))
    world.clock.now += 4_999
    expect(world.credentials.checkKey(old.key, 'home')).toMatchObject({ account })
    world.clock.now += 1
    expect(() => world.credentials.checkKey(old.key, 'home')).toThrow(refused)
    expect(world.credentials.checkKey(next.key, 'home')).toMatchObject({ account, scopes: ['work'] })
  })

  test('no key is accepted after it was revoked, has expired, or lost its account, in any order of changes', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('key' as const),
        who: fc.nat(2),
        life: fc.option(fc.integer({ min: 1, max: 40 })),
      }),
      fc.record({ kind: fc.constant('revoke' as const), which: fc.nat(9) }),
      fc.record({ kind: fc.constant('rotate' as const), which: fc.nat(9), grace: fc.nat(20) }),
      fc.record({
        kind: fc.constant('state' as const),
        who: fc.nat(2),
        state: fc.constantFrom('active' as const, 'suspended' as const, 'banned' as const),
      }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(30) }),
    )
    type Known = {
      readonly id: string
      readonly key: string
      readonly who: number
      end: number
      isDead: boolean
    }
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = await openWorld()
      const { central, clock, credentials } = world
      const accounts = [0, 1, 2].map(() => ({ id: '', state: 'active' }))
      for (const account of accounts) account.id = (await addAccount(world, { kind: 'enterprise' })).id
      const keys: Known[] = []
      const works = ({ end, isDead, who }: Known): boolean =>
        !isDead && clock.now < end && accounts[who]!.state === 'active'
      for (const now of steps) {
        if (now.kind === 'wait') clock.now += now.ms
        if (now.kind === 'key' && accounts[now.who]!.state === 'active') {
          const end = now.life === null ? Number.POSITIVE_INFINITY : clock.now + now.life
          const expires = now.life === null ? undefined : end
          const made = await addKey(world, accounts[now.who]!.id, ['work'], expires)
          keys.push({ ...made, who: now.who, end, isDead: false })
        }
        if (now.kind === 'state') {
          const account = accounts[now.who]!
          const isPossible = await central
            .change('test', (context) => setAccountState(context, account.id, now.state, ''))
            .then(
              () => true,
              () => false,
            )
          if (isPossible) account.state = now.state
          if (isPossible && now.state === 'banned')
            for (const known of keys) if (known.who === now.who) known.isDead = true
        }
        const known = keys.at('which' in now ? now.which % Math.max(1, keys.length) : 0)
        if (known !== undefined && works(known)) {
          if (now.kind === 'revoke') {
            await central.change('test', (context) => revokeKey(context, known.id))
            known.isDead = true
          }
          if (now.kind === 'rotate') {
            const made = await central.change('test', (context) => rotateKey(context, known.id, now.grace))
            keys.push({ ...made, who: known.who, end: known.end, isDead: false })
            known.end = Math.min(known.end, clock.now + now.grace)
          }
        }
        for (const each of keys) {
          const check = () => credentials.checkKey(each.key, `${clock.now} ${each.id}`)
          if (works(each)) expect(check()).toMatchObject({ account: accounts[each.who]!.id })
          else expect(check).toThrow(/not accepted|Too many/)
        }
      }
    })
    await fc.assert(property, { numRuns: 60, seed: testSeed('central keys') })
  })
})

describe('CMP-7: a miner and its region are checked together', () => {
  test('all four parts are needed', async () => {
    const world = await openWorld()
    const region = await addAccount(world, { kind: 'region' })
    const other = await addAccount(world, { kind: 'region' })
    const wallet = `0x${'ab'.repeat(20)}`
    const miner = await addAccount(world, { kind: 'miner', tier: 4, identified: true, wallet })
    const stranger = await addAccount(world, { kind: 'miner' })
    const regionKey = (await addKey(world, region.id, ['link'])).key
    const otherKey = (await addKey(world, other.id, ['link'])).key
    const { id, key: minerKey } = await addKey(world, miner.id, ['join'])
    const strangerKey = (await addKey(world, stranger.id, ['join'])).key
    const good = { region: region.id, regionKey, miner: miner.id, minerKey, address: 'home' }
    expect(world.credentials.checkJoin(good)).toEqual({
      kind: 'join',
      miner: miner.id,
      key: id,
      tier: 4,
      identified: true,
      wallet,
    })
    for (const wrong of [
      { region: other.id },
      { regionKey: otherKey },
      { regionKey: minerKey },
      { miner: stranger.id },
      { minerKey: strangerKey },
      { minerKey: regionKey },
    ]) {
      expect(
        () => world.credentials.checkJoin({ ...good, ...wrong }),
        JSON.stringify(Object.keys(wrong)),
      ).toThrow(refused)
    }
    await world.central.change('test', (context) => setAccountState(context, region.id, 'suspended', 'down'))
    expect(() => world.credentials.checkJoin(good)).toThrow(refused)
  })

  test('a join token gives one key, once, in its time', async () => {
    const world = await openWorld()
    const { central, clock } = world
    const miner = await addAccount(world, { kind: 'miner' })
    const make = () => central.change('test', (context) => createToken(context, miner.id, 'join', 1_000))
    const { token } = await make()
    const redeemed = await central.change('test', (context) => redeemJoin(context, token))
    expect(world.credentials.checkKey(redeemed.key, 'home')).toMatchObject({
      account: miner.id,
      scopes: ['join'],
    })
    const again = central.change('test', (context) => redeemJoin(context, token))
    await expect(again).rejects.toMatchObject({ kind: 'TokenRefused' })
    const late = await make()
    clock.now += 1_000
    const tooLate = central.change('test', (context) => redeemJoin(context, late.token))
    await expect(tooLate).rejects.toMatchObject({ kind: 'TokenRefused' })
  })
})

describe('CMP-7: passwords and sessions', () => {
  test('a session begins with the password and ends with its time, a new password, or the state of the account', async () => {
    const world = await openWorld()
    const { central, credentials, clock } = world
    const { id } = await addAccount(world, { kind: 'enterprise', contact: 'Anna@example.com' })
    await setPassword(world, id, password)
    const first = await credentials.signIn('anna@example.com', password, 'home')
    expect(credentials.checkSession(first.token)).toMatchObject({ account: id, credential: 'password' })
    await expect(credentials.signIn('anna@example.com', `${password}!`, 'home')).rejects.toThrow(refused)
    await expect(credentials.signIn('nobody@example.com', password, 'home')).rejects.toThrow(refused)
    clock.now = first.expires
    expect(() => credentials.checkSession(first.token)).toThrow(refused)

    const signIn = async () => (await credentials.signIn('anna@example.com', password, 'home')).token
    const ended = await signIn()
    await central.change('test', (context) => endSessions(context, id))
    expect(() => credentials.checkSession(ended)).toThrow(refused)
    const before = await signIn()
    await setPassword(world, id, password)
    expect(() => credentials.checkSession(before)).toThrow(refused)
    const last = await signIn()
    expect(credentials.checkSession(last)).toMatchObject({ account: id })
    await central.change('test', (context) => setAccountState(context, id, 'suspended', ''))
    expect(() => credentials.checkSession(last)).toThrow(refused)
    await central.change('test', (context) => setAccountState(context, id, 'active', ''))
    expect(() => credentials.checkSession(last)).toThrow(refused)
  })

  test('passwords are hashed by Argon2id, and what waits is bounded', async () => {
    const vault = await createVault(pepper, cheapArgon2)
    expect(await vault.hashPassword(password)).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 70 }, () => vault.isPassword(undefined, password)),
    )
    const failed = outcomes.filter(({ status }) => status === 'rejected')
    expect(failed).toHaveLength(4)
    expect(failed[0]).toMatchObject({ reason: { kind: 'HashesBusy' } })
    expect(await vault.isPassword(undefined, password)).toBe(false)
  })
})

describe('CMP-17: guessing is slowed down', () => {
  test('by address: what is right is not even looked at until the window has passed', async () => {
    const world = await openWorld()
    const { id } = await addAccount(world, { kind: 'enterprise' })
    const { key } = await addKey(world, id, ['work'])
    for (let i = 0; i < 20; i++) {
      const guess = `bnk_${i.toString(16).padStart(24, '0')}_${'0'.repeat(64)}`
      expect(() => world.credentials.checkKey(guess, 'there')).toThrow(refused)
    }
    const exhausted = expect.objectContaining({ kind: 'AttemptsExhausted' })
    expect(() => world.credentials.checkKey(key, 'there')).toThrow(exhausted)
    expect(world.credentials.checkKey(key, 'elsewhere')).toMatchObject({ account: id })
    world.clock.now += 60_000
    expect(world.credentials.checkKey(key, 'there')).toMatchObject({ account: id })
  })

  test('by account, without locking out whoever has shown the right one from there', () => {
    const attempts = createAttempts({ perAddress: 100, perAccount: 3, windowMs: 1_000, entries: 10 })
    attempts.begin('owner', 'account', 0)
    attempts.succeeded('owner', 'account')
    for (let i = 0; i < 3; i++) attempts.begin(`thief ${i}`, 'account', 0)
    expect(() => attempts.begin('thief 3', 'account', 999)).toThrow(/wait 1 s/)
    expect(() => attempts.begin('owner', 'account', 999)).not.toThrow()
    expect(() => attempts.begin('thief 3', 'account', 1_000)).not.toThrow()
  })

  test('many guesses of a password at once count as many', async () => {
    const world = await openWorld()
    const { id } = await addAccount(world, { kind: 'enterprise', contact: 'a@b.c' })
    await setPassword(world, id, password)
    const guesses = Array.from({ length: 30 }, (_, i) => world.credentials.signIn('a@b.c', `${i}`, 'there'))
    const kinds = (await Promise.allSettled(guesses)).map((each) =>
      each.status === 'rejected' ? (each.reason as { kind: string }).kind : 'in',
    )
    expect(kinds.filter((kind) => kind === 'AttemptsExhausted')).toHaveLength(10)
    expect(kinds).not.toContain('in')
  })

  test('the keys of an account are bounded, and expired ones make room', async () => {
    const world = await openWorld()
    const { id } = await addAccount(world, { kind: 'enterprise' })
    for (let i = 0; i < 64; i++) await addKey(world, id, ['work'], world.clock.now + 10)
    await expect(addKey(world, id, ['work'])).rejects.toMatchObject({ kind: 'CentralBusy' })
    world.clock.now += 10
    await world.central.change('test', (context) => createKey(context, id, ['work'], undefined))
    expect(world.central.state.keysOf.get(id)?.size).toBe(1)
  })
})
