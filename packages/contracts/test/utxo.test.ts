import { type Address, asHash, fromHex, type Hex, toHex } from '@banyan/base'
import { tokenAbi, utxoAbi } from '@banyan/contracts'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Args,
  addresses,
  addressOf,
  type Chain,
  createAsset,
  hashOfNumber,
  resultOf,
} from './support/chain.js'
import { alice, bob, type Setup, setUp } from './support/setup.js'

let setup: Setup
let chain: Chain
let utxo: Setup['utxo']

beforeEach(() => {
  setup = setUp()
  chain = setup.chain
  utxo = setup.utxo
})

const ids = (outcome: Parameters<typeof resultOf>[2], name: string): Uint8Array[] =>
  (resultOf(utxoAbi, name, outcome) as Hex[]).map((id) => fromHex(id)!)

const deposit = (owner: Address, ...amounts: readonly bigint[]): Uint8Array[] => {
  const outputs = amounts.map((amount) => ({ owner, amount }))
  return ids(utxo(owner, 'deposit', { asset: 0, outputs }), 'deposit')
}

const part = (fields: Args): Args => ({
  asset: 0,
  inputs: [],
  fromAccount: 0n,
  outputs: [],
  toAccounts: [],
  ...fields,
})

const spend = (caller: Address, ...parts: readonly Args[]) =>
  utxo(caller, 'spend', { parts: parts.map(part) })

const amountsOf = (owner: Address): bigint[] =>
  chain.state.utxosOf(owner, 99).map((id) => chain.state.utxo(id)!.amount)

const figOf = (owner: Address): bigint => chain.state.account(owner)?.balance ?? 0n

describe('LED-10: two asset models in one ledger', () => {
  test('LED-10: deposits turn balance into UTXOs, withdrawals turn them back', () => {
    const [first] = deposit(alice, 300n, 200n)
    expect([figOf(alice), amountsOf(alice)]).toEqual([500n, [200n, 300n]])
    expect(utxo(alice, 'withdraw', { asset: 0, inputs: [first], to: bob }).success).toBe(true)
    expect([figOf(bob), amountsOf(alice)]).toEqual([300n, [200n]])
  })

  test('LED-10: one transaction converts both ways, and the rest returns as one UTXO', () => {
    const [input] = deposit(alice, 300n)
    const outcome = spend(alice, {
      inputs: [input],
      fromAccount: 100n,
      outputs: [{ owner: bob, amount: 120n }],
      toAccounts: [{ owner: bob, amount: 80n }],
    })
    expect(outcome.success).toBe(true)
    expect([figOf(alice), figOf(bob)]).toEqual([600n, 80n])
    expect([amountsOf(alice), amountsOf(bob)]).toEqual([[200n], [120n]])
  })

  test('LED-10: several assets move in one spend, each conserved by itself', () => {
    const face = createAsset(chain, alice)
    const outputs = [{ owner: alice, amount: 400n }]
    const [olives] = ids(utxo(alice, 'deposit', { asset: 1, outputs }), 'deposit')
    const [figs] = deposit(alice, 50n)
    const swapped = spend(
      alice,
      { asset: 0, inputs: [figs], outputs: [{ owner: bob, amount: 50n }] },
      { asset: 1, inputs: [olives], toAccounts: [{ owner: bob, amount: 400n }] },
    )
    expect(swapped.success).toBe(true)
    const balance = setup.tokenAt(face)(alice, 'balanceOf', { account: bob })
    expect([amountsOf(bob), resultOf(tokenAbi, 'balanceOf', balance)]).toEqual([[50n], 400n])
    const [more] = deposit(alice, 10n)
    const crossed = spend(alice, { asset: 1, inputs: [more], outputs: [{ owner: bob, amount: 10n }] })
    expect(crossed.error?.reason).toBe('AssetMismatch')
  })

  test('LED-10: a spent, an unknown and a foreign UTXO are refused alike', () => {
    const [input] = deposit(alice, 300n)
    const payment = { inputs: [input], outputs: [{ owner: bob, amount: 300n }] }
    expect(spend(alice, payment).success).toBe(true)
    expect(spend(alice, payment).error?.reason).toBe('InputUnavailable')
    expect(spend(alice, { ...payment, inputs: [hashOfNumber(3)] }).error?.reason).toBe('InputUnavailable')
    const [foreign] = chain.state.utxosOf(bob, 1)
    expect(spend(alice, { ...payment, inputs: [foreign] }).error?.reason).toBe('InputUnavailable')
    expect(utxo(alice, 'withdraw', { asset: 0, inputs: [foreign], to: alice }).error?.reason).toBe(
      'InputUnavailable',
    )
    expect(
      chain.uncovered,
      'the list of an owner whom the call does not name is undeclared access',
    ).toHaveLength(1)
  })

  test('LED-10: one UTXO counts once', () => {
    const [input] = deposit(alice, 300n)
    const twice = { inputs: [input, input], outputs: [{ owner: bob, amount: 600n }] }
    expect(spend(alice, twice).error?.reason).toBe('InputRepeated')
    expect(spend(alice, { inputs: [input] }, { inputs: [input] }).error?.reason).toBe('AssetRepeated')
    expect(utxo(alice, 'withdraw', { asset: 0, inputs: [input, input], to: bob }).error?.reason).toBe(
      'InputRepeated',
    )
  })

  test('LED-10: nothing comes from nothing', () => {
    const [input] = deposit(alice, 300n)
    const cases: readonly (readonly [string, Args])[] = [
      ['InsufficientInputs', { inputs: [input], outputs: [{ owner: bob, amount: 301n }] }],
      ['InsufficientInputs', { inputs: [input], toAccounts: [{ owner: bob, amount: 301n }] }],
      ['InsufficientInputs', { fromAccount: 701n }],
      ['AmountZero', { inputs: [input], outputs: [{ owner: bob, amount: 0n }] }],
      ['OwnerZero', { inputs: [input], outputs: [{ owner: addressOf(0), amount: 1n }] }],
      ['TooMany', { inputs: Array.from({ length: 65 }, (_, i) => hashOfNumber(i)) }],
      ['TooMany', { fromAccount: 700n, outputs: new Array(65).fill({ owner: bob, amount: 1n }) }],
    ]
    for (const [reason, fields] of cases) expect(spend(alice, fields).error?.reason, reason).toBe(reason)
    expect(spend(alice, ...new Array(9).fill({})).error?.reason).toBe('TooMany')
    expect(spend(alice, { asset: 9, fromAccount: 0n, inputs: [] }).error?.kind).toBe('AssetUnknown')
    expect(utxo(alice, 'withdraw', { asset: 0, inputs: [], to: bob }).error?.reason).toBe('AmountZero')
  })

  test('LED-10: UTXOs of a paused asset do not move', () => {
    const face = createAsset(chain, alice)
    const outputs = [{ owner: alice, amount: 400n }]
    const [input] = ids(utxo(alice, 'deposit', { asset: 1, outputs }), 'deposit')
    expect(setup.tokenAt(face)(alice, 'pause').success).toBe(true)
    expect(spend(alice, { asset: 1, inputs: [input] }).error?.kind).toBe('AssetPaused')
    expect(utxo(alice, 'deposit', { asset: 1, outputs }).error?.kind).toBe('AssetPaused')
  })

  test('LED-10: events tell of UTXOs, and of ERC-20 balances that change', () => {
    const first = utxo(alice, 'deposit', { asset: 0, outputs: [{ owner: alice, amount: 300n }] })
    expect(first.logs.map(({ address }) => toHex(address))).toEqual(
      [addresses.fig, addresses.utxo].map(toHex),
    )
    const inputs = ids(first, 'deposit')
    const second = utxo(alice, 'withdraw', { asset: 0, inputs, to: bob })
    expect(second.logs.map(({ address }) => toHex(address))).toEqual(
      [addresses.utxo, addresses.fig].map(toHex),
    )
    expect(toHex(second.logs[0]!.topics[1]!)).toBe(toHex(inputs[0]!))
  })

  test('LED-10: views show a UTXO and lists of them', () => {
    const [input] = deposit(alice, 300n)
    const view = utxo(bob, 'utxo', { id: input })
    expect(resultOf(utxoAbi, 'utxo', view)).toEqual([toHex(alice), 0, 300n, chain.block.height])
    const absent = utxo(bob, 'utxo', { id: hashOfNumber(1) })
    expect(resultOf(utxoAbi, 'utxo', absent)).toEqual([toHex(addressOf(0)), 0, 0n, 0n])
    const listed = utxo(bob, 'utxosOf', { owner: alice, limit: 5 })
    expect(resultOf(utxoAbi, 'utxosOf', listed)).toEqual([toHex(asHash(input!))])
  })
})

describe('LED-10: consolidation by account policy', () => {
  const setMode = (mode: number) => setup.account(alice, 'setConsolidation', { mode })

  test('LED-10: without a mode, other UTXOs stay', () => {
    const [input] = deposit(alice, 10n, 20n, 30n)
    spend(alice, { inputs: [input], outputs: [{ owner: bob, amount: 4n }] })
    expect(amountsOf(alice)).toEqual([6n, 30n, 20n])
  })

  test('LED-10: beforehand: extra UTXOs are swept into the spend, at most 16', () => {
    setMode(1)
    const [input] = deposit(alice, 10n, 20n, 30n)
    spend(alice, { inputs: [input], outputs: [{ owner: bob, amount: 4n }] })
    expect([amountsOf(alice), amountsOf(bob)]).toEqual([[56n], [4n]])
    const many = deposit(alice, ...new Array(30).fill(1n))
    spend(alice, { inputs: [many[29]], outputs: [{ owner: bob, amount: 1n }] })
    expect(amountsOf(alice)).toEqual([16n, ...new Array(13).fill(1n), 56n])
  })

  test('LED-10: behindhand: after the spend all UTXOs of the asset become one, at most 32 at a time', () => {
    const [input] = deposit(alice, 10n, 20n, 30n)
    setMode(2)
    const outcome = spend(alice, { inputs: [input], outputs: [{ owner: bob, amount: 4n }] })
    expect(amountsOf(alice)).toEqual([56n])
    const [bobs] = chain.state.utxosOf(bob, 1)
    const [own] = chain.state.utxosOf(alice, 1)
    expect(ids(outcome, 'spend').map(toHex)).toEqual([bobs!, own!].map(toHex))
    deposit(alice, ...new Array(40).fill(1n))
    expect(amountsOf(alice)).toEqual([32n, ...new Array(8).fill(1n), 56n])
  })

  test('LED-10: other assets are left alone', () => {
    createAsset(chain, alice)
    utxo(alice, 'deposit', { asset: 1, outputs: [{ owner: alice, amount: 5n }] })
    setMode(2)
    deposit(alice, 10n, 20n)
    expect(amountsOf(alice)).toEqual([30n, 5n])
  })
})
