import { type Address, asAddress, toHex } from '@banyan/base'
import { accountAbi, tokenAbi, utxoAbi } from '@banyan/contracts'
import { accountFlags, authorizeAccount, authorizeKeys, createOverlay, keysCover } from '@banyan/ledger'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Args,
  addresses,
  addressOf,
  type Chain,
  callData,
  contractAt,
  createAsset,
  createChain,
  hashOfNumber,
  host,
  resultOf,
} from './support/chain.js'

const [alice, bob, carol, dave, phone] = [1, 2, 3, 4, 5].map(addressOf) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
let chain: Chain
let account: ReturnType<typeof contractAt>

beforeEach(() => {
  chain = createChain([
    [alice, 1_000n],
    [bob, 10n],
  ])
  account = contractAt(chain, accountAbi, addresses.account)
})

const flagsOf = (address: Address): number => chain.state.account(address)?.flags ?? 0

type Wanted = { readonly to: Address; readonly value: bigint; readonly data: Uint8Array }

/** Asks the host, as the executor does, and keeps what it recorded. */
function authorize(
  signers: readonly Address[],
  calls: readonly Wanted[] = [],
  maxFee = 0n,
): string | undefined {
  const overlay = createOverlay(chain.state)
  const scope = { block: chain.block, transactionId: hashOfNumber(1), gasLimit: 1_000_000 }
  const request = { account: alice, signers, calls, maxFee }
  const { reason } = authorizeAccount(host, overlay, scope, request)
  expect(keysCover(authorizeKeys(host, scope, request), overlay.access), 'CTR-3: keys cover the hook').toBe(
    true,
  )
  if (reason !== undefined) expect(overlay.writeSet().storage, 'CTR-3: a refusal writes nothing').toEqual([])
  chain.state.apply(overlay.writeSet())
  return reason
}

const pay = (to: Address, value: bigint): Wanted => ({ to, value, data: new Uint8Array(0) })

const tokenCall = (face: Address, name: string, args: Args): Wanted => ({
  to: face,
  value: 0n,
  data: callData(tokenAbi, name, args),
})

describe('LED-2: m of n signers', () => {
  const signers = [alice, bob, carol]

  test('LED-2, CTR-3: authorize/1: enough different signers may act, fewer may not', () => {
    expect(account(alice, 'setPolicy', { threshold: 2, signers }).success).toBe(true)
    expect(flagsOf(alice) & accountFlags.policy).toBe(accountFlags.policy)
    expect(authorize([alice, carol])).toBeUndefined()
    expect(authorize([alice, carol, dave])).toBeUndefined()
    for (const refused of [[], [alice], [alice, dave], [alice, alice]])
      expect(authorize(refused)).toContain('too few')
    const policy = account(dave, 'policy', { account: alice })
    expect(resultOf(accountAbi, 'policy', policy)).toEqual([2, signers.map(toHex)])
  })

  test('LED-2: a shorter list leaves no old signers behind', () => {
    account(alice, 'setPolicy', { threshold: 2, signers })
    account(alice, 'setPolicy', { threshold: 1, signers: [dave] })
    expect(authorize([dave])).toBeUndefined()
    expect(authorize([alice, bob, carol])).toContain('too few')
    account(alice, 'clearPolicy')
    expect(flagsOf(alice)).toBe(0)
    expect(authorize([dave])).toContain('too few')
  })

  test('LED-2: impossible policies are refused', () => {
    const cases: readonly (readonly [string, number, readonly Address[]])[] = [
      ['ThresholdInvalid', 0, signers],
      ['ThresholdInvalid', 4, signers],
      ['ThresholdInvalid', 0, []],
      ['MemberInvalid', 2, [alice, alice, bob]],
      ['MemberInvalid', 1, [addressOf(0)]],
      ['TooMany', 1, Array.from({ length: 17 }, (_, i) => addressOf(i + 1))],
    ]
    for (const [reason, threshold, group] of cases) {
      expect(account(alice, 'setPolicy', { threshold, signers: group }).error?.reason).toBe(reason)
    }
  })
})

describe('LED-2: session keys', () => {
  let face: Address

  beforeEach(() => {
    face = createAsset(chain, alice)
    account(alice, 'setPolicy', { threshold: 1, signers: [alice] })
  })

  const session = (fields: Args = {}) =>
    account(alice, 'addSession', {
      key: phone,
      validUntil: chain.block.height + 100n,
      period: 10n,
      contracts: [bob, face],
      limits: [
        { asset: 0, cap: 100n },
        { asset: 1, cap: 50n },
      ],
      ...fields,
    })

  test('LED-2: a session key spends up to its limit in each period', () => {
    session()
    expect(authorize([phone], [pay(bob, 60n)], 10n)).toBeUndefined()
    expect(authorize([phone], [pay(bob, 31n)])).toContain('more of asset 0')
    expect(authorize([phone], [pay(bob, 20n)], 11n)).toContain('more of asset 0')
    expect(authorize([phone], [pay(bob, 30n)])).toBeUndefined()
    chain.advance(9n)
    expect(authorize([phone], [pay(bob, 1n)])).toContain('more of asset 0')
    chain.advance(1n)
    expect(authorize([phone], [pay(bob, 100n)])).toBeUndefined()
    expect(authorize([phone], [pay(bob, 1n)])).toContain('more of asset 0')
  })

  test('LED-2: token transfers count, split over calls too; other token methods are refused', () => {
    session()
    const transfer = (value: bigint) => tokenCall(face, 'transfer', { to: bob, value })
    const memo = { to: bob, value: 20n, memo: hashOfNumber(1), metadataHash: hashOfNumber(2) }
    expect(authorize([phone], [transfer(20n), transfer(31n)])).toContain('more of asset 1')
    expect(authorize([phone], [transfer(20n), tokenCall(face, 'transferWithMemo', memo)])).toBeUndefined()
    expect(authorize([phone], [transfer(11n)])).toContain('more of asset 1')
    for (const name of ['approve', 'transferFrom', 'burn', 'transferIssuer']) {
      const args = { spender: bob, from: alice, to: bob, value: 1n, newIssuer: bob }
      expect(authorize([phone], [tokenCall(face, name, args)]), name).toContain('not approve')
    }
    expect(
      authorize([phone], [{ to: face, value: 0n, data: callData(tokenAbi, 'transfer', memo).slice(0, 40) }]),
    ).toBeDefined()
  })

  test('LED-2: only named contracts, never the rules or UTXOs of the account, only while it is valid', () => {
    session({ contracts: [bob, addresses.account, addresses.utxo] })
    expect(authorize([phone], [pay(carol, 1n)])).toContain('may not call')
    expect(authorize([phone], [tokenCall(face, 'transfer', { to: bob, value: 1n })])).toContain(
      'may not call',
    )
    const rules = { to: addresses.account, value: 0n, data: callData(accountAbi, 'clearPolicy', {}) }
    const outputs = [{ owner: bob, amount: 1n }]
    const utxos = { to: addresses.utxo, value: 0n, data: callData(utxoAbi, 'deposit', { asset: 0, outputs }) }
    expect(authorize([phone], [rules])).toContain('may not change')
    expect(authorize([phone], [utxos])).toContain('may not change')
    expect(authorize([phone, dave], [pay(bob, 1n)])).toContain('too few')
    chain.advance(100n)
    expect(authorize([phone], [pay(bob, 1n)])).toBeUndefined()
    chain.advance(1n)
    expect(authorize([phone], [pay(bob, 1n)])).toContain('ended')
  })

  test('LED-2: an asset without limit is not spent, and removal ends a session', () => {
    session({ limits: [{ asset: 1, cap: 5n }] })
    expect(authorize([phone], [pay(bob, 1n)])).toContain('may not spend asset 0')
    expect(authorize([phone], [pay(bob, 0n)], 1n)).toContain('may not spend asset 0')
    expect(authorize([phone], [pay(bob, 0n)])).toBeUndefined()
    account(alice, 'removeSession', { key: phone })
    expect(authorize([phone], [pay(bob, 0n)])).toContain('too few')
    const view = account(bob, 'session', { account: alice, key: phone })
    expect(resultOf(accountAbi, 'session', view)).toEqual([0n, 0n, [], []])
  })

  test('LED-2: impossible sessions are refused', () => {
    const limits = [{ asset: 0, cap: 1n }]
    const cases: readonly Args[] = [
      { key: addressOf(0) },
      { validUntil: chain.block.height - 1n },
      { period: 0n },
      { contracts: [] },
      { contracts: [addressOf(0)] },
      { limits: [{ asset: 0, cap: 0n }] },
      { limits: [...limits, ...limits] },
      { contracts: Array.from({ length: 9 }, (_, i) => addressOf(i + 1)) },
    ]
    for (const fields of cases) expect(session(fields).success).toBe(false)
  })
})

describe('LED-2: recovery by guardians', () => {
  const guardians = [bob, carol, dave]
  const plan = { account: alice, threshold: 1, signers: [phone] }

  beforeEach(() => {
    expect(account(alice, 'setGuardians', { threshold: 2, guardians, delay: 100n }).success).toBe(true)
  })

  test('LED-2: enough guardians and the delay give the account new signers', () => {
    account(bob, 'supportRecovery', plan)
    account(bob, 'supportRecovery', plan)
    expect(account(bob, 'finishRecovery', plan).error?.reason).toBe('RecoveryUnsupported')
    account(carol, 'supportRecovery', plan)
    chain.advance(50n)
    account(dave, 'supportRecovery', plan)
    chain.advance(49n)
    expect(account(bob, 'finishRecovery', plan).error?.reason).toBe('RecoveryPending')
    chain.advance(1n)
    expect(account(bob, 'finishRecovery', { ...plan, signers: [bob] }).error?.reason).toBe(
      'RecoveryUnsupported',
    )
    expect(account(bob, 'finishRecovery', plan).success).toBe(true)
    expect(authorize([phone])).toBeUndefined()
    expect(authorize([alice])).toContain('too few')
    expect(account(bob, 'finishRecovery', plan).error?.reason).toBe('RecoveryUnsupported')
  })

  test('LED-2: a recovery ends the sessions and the delegation that were given before it', () => {
    const thief = dave
    const session = { key: thief, period: 10n, contracts: [bob], limits: [{ asset: 0, cap: 100n }] }
    const add = (by: Address) =>
      account(by, 'addSession', { ...session, validUntil: chain.block.height + 1_000n })
    account(alice, 'setPolicy', { threshold: 1, signers: [alice] })
    account(alice, 'setDelegate', { delegate: bob })
    add(alice)
    expect(authorize([thief], [pay(bob, 1n)])).toBeUndefined()
    account(bob, 'supportRecovery', plan)
    account(carol, 'supportRecovery', plan)
    chain.advance(100n)
    expect(account(bob, 'finishRecovery', plan).success).toBe(true)
    expect(chain.state.account(alice)?.delegate).toBe(0)
    expect(authorize([thief], [pay(bob, 1n)])).toContain('too few')
    add(alice)
    expect(authorize([thief], [pay(bob, 1n)])).toBeUndefined()
  })

  test('LED-2: the owner cancels; strangers do not count; new guardians void old plans', () => {
    expect(account(phone, 'supportRecovery', plan).error?.reason).toBe('NotGuardian')
    for (const guardian of guardians) account(guardian, 'supportRecovery', plan)
    account(alice, 'cancelRecovery')
    chain.advance(200n)
    expect(account(bob, 'finishRecovery', plan).error?.reason).toBe('RecoveryUnsupported')
    for (const guardian of guardians) account(guardian, 'supportRecovery', plan)
    account(alice, 'setGuardians', { threshold: 1, guardians: [phone], delay: 100n })
    chain.advance(200n)
    expect(account(bob, 'finishRecovery', plan).error?.reason).toBe('RecoveryUnsupported')
    expect(account(bob, 'supportRecovery', plan).error?.reason).toBe('NotGuardian')
    const view = account(bob, 'guardians', { account: alice })
    expect(resultOf(accountAbi, 'guardians', view)).toEqual([1, [toHex(phone)], 100n])
  })

  test('LED-2: guardians cannot be set so that they never, or at once, recover', () => {
    const refused = [
      { threshold: 1, guardians, delay: 99n },
      { threshold: 4, guardians, delay: 100n },
      { threshold: 1, guardians: [], delay: 100n },
    ]
    for (const rules of refused) expect(account(alice, 'setGuardians', rules).success).toBe(false)
    expect(account(alice, 'setGuardians', { threshold: 0, guardians: [], delay: 0n }).success).toBe(true)
  })
})

describe('LED-5, LED-10: delegate and consolidation', () => {
  test('LED-5: a delegate is an account with a number; zero ends the delegation', () => {
    expect(account(alice, 'setDelegate', { delegate: bob }).success).toBe(true)
    expect(chain.state.account(alice)).toMatchObject({
      delegate: chain.state.accountNumber(bob),
      balance: 1_000n,
    })
    expect(account(alice, 'setDelegate', { delegate: dave }).error?.reason).toBe('DelegateUnknown')
    account(alice, 'setDelegate', { delegate: asAddress(new Uint8Array(20)) })
    expect(chain.state.account(alice)?.delegate).toBe(0)
  })

  test('LED-10: modes exclude each other and leave other flags alone', () => {
    account(alice, 'setPolicy', { threshold: 1, signers: [bob] })
    const set = (mode: number) => {
      expect(account(alice, 'setConsolidation', { mode }).success).toBe(true)
      return flagsOf(alice)
    }
    expect([1, 2, 0].map(set)).toEqual([3, 5, 1])
    expect(account(alice, 'setConsolidation', { mode: 3 }).error?.reason).toBe('ModeUnknown')
  })
})

test('CTR-3: the collection finds the feature by its versioned name', () => {
  expect(host.collection.implementing('authorize/1')?.contract.name).toBe('account')
})
