import { toHex } from '@banyan/base'
import { storedBalance } from '@banyan/model'
import { describe, expect, test } from 'vitest'
import { address, execute, fig, genesis, key, maxAmount, pack, smallChain, transfer } from './small-chain.js'

const feeOf = (items: bigint, rows = 0n) =>
  (3_000n + 100n * items) * 2_000_000n + 16n * (161n + 24n * items) * 1_000_000n + 6_400n * rows * 3_000_000n

const applied = (payerBalance: bigint, payeeBalance: bigint) => ({
  applied: true,
  payerBalance,
  payeeBalance,
})
const refused = (error?: string) => ({ applied: false, error })

describe('LED-5: packages, computed by hand', () => {
  test('items move funds of the signer and of accounts that delegate to it', () => {
    const model = smallChain()
    const items = [
      { payer: 1, payee: 2, amount: 600n },
      { payer: 3, payee: 2, amount: 400n },
      { payer: 3, payee: 4, amount: 0n },
    ]
    const { receipts } = execute(model, pack(model, { asset: 1, items }))
    expect(receipts[0]).toMatchObject({
      error: undefined,
      gasUsed: 3_300n + 16n * 233n + 2n * 6_400n,
      baseFee: feeOf(3n, 2n),
      payerBalance: 0n,
      payeeBalance: 0n,
      items: [applied(0n, 600n), applied(0n, 1_000n), applied(0n, 0n)],
    })
    const rows = [...model.state.balances.keys()].slice(-2)
    expect(rows).toEqual([`${toHex(address(2))}/1`, `${toHex(address(4))}/1`])
  })

  const mixed = [
    { payer: 1, payee: 2, amount: 1n },
    { payer: 2, payee: 1, amount: 0n },
    { payer: 5, payee: 1, amount: 0n },
    { payer: 1, payee: 2, amount: maxAmount },
    { payer: 1, payee: 1, amount: fig },
  ]

  test('in per-item mode a failing item leaves the others alone', () => {
    const model = smallChain()
    const { receipts } = execute(model, pack(model, { atomic: false, items: mixed }))
    const rest = 10n * fig - feeOf(5n) - 1n
    expect(receipts[0]).toMatchObject({ error: undefined, payerBalance: rest })
    expect(receipts[0]!.items).toEqual([
      applied(rest, 5n * fig + 1n),
      refused('DelegationMissing'),
      refused('AccountUnknown'),
      refused('FundsInsufficient'),
      applied(rest, rest),
    ])
  })

  test('an atomic package with a failing item pays its fee and moves nothing', () => {
    const model = smallChain()
    const items = [
      { payer: 1, payee: 4, amount: 1n },
      { payer: 3, payee: 4, amount: 401n },
      { payer: 1, payee: 2, amount: 1n },
    ]
    const { receipts } = execute(model, pack(model, { asset: 1, items }))
    expect(receipts[0]).toMatchObject({ error: 'ItemFailed', baseFee: feeOf(3n), payerBalance: 600n })
    expect(receipts[0]!.items).toEqual([refused(), refused('FundsInsufficient'), refused()])
    expect(storedBalance(model.state, 1, toHex(address(4)))).toBeUndefined()
    expect(storedBalance(model.state, 0, toHex(address(1)))).toBe(10n * fig - feeOf(3n))
  })

  test('a row for every item whose payee has none must be covered, and each row is paid for once', () => {
    const items = [2, 4, 4, 9, 3].map((payee) => ({ payer: 1, payee, amount: 1n }))
    const least = Number((feeOf(5n, 3n) + 10n ** 9n - 1n) / 10n ** 9n)
    const model = smallChain()
    const fields = { asset: 1, items, atomic: false }
    expect(model.check(pack(model, { ...fields, maxFee: least - 1 }))).toBe('FeeLimitTooLow')
    const { receipts } = execute(model, pack(model, { ...fields, maxFee: least }))
    expect(receipts[0]).toMatchObject({ status: 'success', baseFee: feeOf(5n, 2n) })
    expect(receipts[0]!.items![3]).toEqual(refused('AccountUnknown'))
    const accounts = genesis.accounts.with(0, { address: address(1), balance: feeOf(5n, 3n) - 1n })
    const poor = smallChain({ accounts })
    expect(poor.check(pack(poor, fields))).toBe('FeeFundsInsufficient')
  })

  test.each([
    [2, 'AssetPaused'],
    [9, 'AssetUnknown'],
  ])('asset %d: the package fails as a whole in either mode', (asset, error) => {
    const model = smallChain()
    const items = [{ payer: 1, payee: 2, amount: 0n }]
    const both = [true, false].map((atomic) => pack(model, { asset, items, atomic }))
    for (const receipt of execute(model, ...both).receipts) {
      expect(receipt).toMatchObject({ error, baseFee: feeOf(1n), items: [refused()] })
    }
  })

  test('LED-12: an item may name an account that the same block created', () => {
    const model = smallChain()
    const create = transfer(model, { payee: address(5), publicKey: key(2) })
    const use = pack(model, { items: [{ payer: 1, payee: 5, amount: 2n }] })
    const { receipts } = execute(model, create, use)
    expect(receipts[1]!.items).toEqual([applied(10n * fig - feeOf(1n) - 2n, 3n)])
    expect(storedBalance(model.state, 0, toHex(address(5)))).toBe(3n)
  })
})
