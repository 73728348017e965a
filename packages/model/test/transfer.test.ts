import { leToUint, toHex } from '@banyan/base'
import { feePoolAddress, nextLinks, nextPrice, skippedReceipt, storedBalance, tableRows } from '@banyan/model'
import { describe, expect, test } from 'vitest'
import {
  address,
  execute,
  fig,
  genesis,
  key,
  maxAmount,
  proposer,
  smallChain,
  transfer,
} from './small-chain.js'

const plainFee = 3_000n * 2_000_000n + 16n * 193n * 1_000_000n
const rowFee = 6_400n * 3_000_000n

describe('LED-14: fees of transfers, computed by hand', () => {
  test('a FIG transfer to a new account pays for its row', () => {
    const model = smallChain()
    const fresh = address(5)
    const { receipts } = execute(model, transfer(model, { payee: fresh, amount: fig, tip: 3 }))
    const after = 9n * fig - plainFee - rowFee - 3n * 10n ** 9n
    expect(receipts[0]).toMatchObject({
      error: undefined,
      gasUsed: 3_000n + 3_088n + 6_400n,
      baseFee: plainFee + rowFee,
      tip: 3n * 10n ** 9n,
      payerBalance: after,
      payeeBalance: fig,
    })
    expect(storedBalance(model.state, 0, toHex(address(1)))).toBe(after)
    expect(model.state.addresses.slice(5)).toEqual([fresh, feePoolAddress, proposer].map(toHex))
    expect(storedBalance(model.state, 0, toHex(feePoolAddress))).toBe(plainFee + rowFee)
    expect(storedBalance(model.state, 0, toHex(proposer))).toBe(3n * 10n ** 9n)
  })

  test('an asset transfer creates the balance row of the payee and no account', () => {
    const model = smallChain()
    const payee = address(5)
    const { receipts } = execute(model, transfer(model, { payee, asset: 1, amount: 600n }))
    expect(receipts[0]).toMatchObject({
      error: undefined,
      payerBalance: 0n,
      payeeBalance: 600n,
      gasUsed: 12_488n,
    })
    expect(model.state.accounts.has(toHex(payee))).toBe(false)
    expect([...model.state.balances.keys()].at(-1)).toBe(`${toHex(payee)}/1`)
  })

  test('a transfer of everything but the fee empties the account; one pip more fails', () => {
    for (const [extra, error] of [
      [0n, undefined],
      [1n, 'FundsInsufficient'],
    ] as const) {
      const model = smallChain()
      const amount = 10n * fig - plainFee + extra
      const { receipts } = execute(model, transfer(model, { amount }))
      expect(receipts[0]).toMatchObject({ error, baseFee: plainFee })
      expect(receipts[0]!.payerBalance).toBe(error === undefined ? 0n : 10n * fig - plainFee)
    }
  })

  test.each([
    [{ asset: 4 }, 'AssetUnknown'],
    [{ asset: 2, amount: 2n }, 'AssetPaused'],
    [{ asset: 1, amount: 601n, payee: address(5) }, 'FundsInsufficient'],
    [{ amount: maxAmount, payee: address(5) }, 'FundsInsufficient'],
  ] as const)('%o fails, pays without state gas and leaves no row', (fields, error) => {
    const model = smallChain()
    const { receipts } = execute(model, transfer(model, fields))
    expect(receipts[0]).toMatchObject({ error, gasUsed: 6_088n, baseFee: plainFee })
    expect(storedBalance(model.state, 0, toHex(address(1)))).toBe(10n * fig - plainFee)
    expect(model.state.balances.size).toBe(genesis.balances.length)
    expect(model.state.accounts.has(toHex(address(5)))).toBe(false)
  })

  test('a payer may pay itself, even the maximum, and anyone may send nothing', () => {
    const model = smallChain()
    const toItself = transfer(model, { asset: 3, amount: maxAmount, payee: address(1) })
    const nothing = transfer(model, { asset: 1, amount: 0n, publicKey: key(2), payee: address(2) })
    const { receipts } = execute(model, toItself, nothing)
    expect(receipts[0]).toMatchObject({ error: undefined, payerBalance: maxAmount, payeeBalance: maxAmount })
    expect(receipts[1]).toMatchObject({ error: undefined, payerBalance: 0n, gasUsed: 12_488n })
  })

  test('base fees follow the gas used, rounded down, not below the floor', () => {
    expect(nextPrice(800n, 1_000n, 1_000n, 1n)).toBe(900n)
    expect(nextPrice(800n, 0n, 1_000n, 1n)).toBe(700n)
    expect(nextPrice(800n, 500n, 1_000n, 1n)).toBe(800n)
    expect(nextPrice(4n, 501n, 1_000n, 1n)).toBe(5n)
    expect(nextPrice(4n, 501n, 1_000n, 0n)).toBe(4n)
    expect(nextPrice(7n, 0n, 1_000n, 1n)).toBe(6n)
    expect(nextPrice(800n, 0n, 1_000n, 750n)).toBe(750n)
    expect(nextPrice(0n, 1_000n, 1_000n, 0n)).toBe(0n)
    expect(nextPrice(2n ** 64n - 2n, 1_000n, 1_000n, 1n)).toBe(2n ** 64n - 1n)
  })
})

describe('LED-4: what makes a transfer invalid, in the order of the checks', () => {
  const poor = {
    ...genesis,
    accounts: [...genesis.accounts.slice(0, 2), { address: address(3), balance: 1n }],
  }
  test.each([
    [{ mark: key(9), validUntil: 0n }, 'MarkUnknown'],
    [{ validUntil: 0n, publicKey: key(9) }, 'TransactionExpired'],
    [{ validUntil: 65n, publicKey: key(9) }, 'ValidityTooLong'],
    [{ publicKey: key(9), tip: 2_000_000 }, 'FeeFundsInsufficient'],
    [{ tip: 1_000_001, maxFee: 1_000_000 }, 'TipAboveFee'],
    [{ maxFee: 9 }, 'FeeLimitTooLow'],
    [{ maxFee: 28, payee: address(5) }, 'FeeLimitTooLow'],
    [{ maxFee: 10, tip: 1 }, 'FeeLimitTooLow'],
    [{ maxFee: 2 ** 32 - 1, publicKey: key(3) }, 'FeeFundsInsufficient'],
  ] as const)('%o: %s', (fields, error) => {
    const model = smallChain(poor)
    expect(model.check(transfer(model, fields))).toBe(error)
    const other = smallChain(poor)
    const valid = transfer(model)
    const { receipts, idsRoot } = execute(model, valid, transfer(model, fields), valid)
    expect(receipts.slice(1)).toEqual([
      skippedReceipt(receipts[1]!.id, error),
      skippedReceipt(receipts[0]!.id, 'TransactionReplayed'),
    ])
    expect(idsRoot).toEqual(execute(other, valid).idsRoot)
    for (const table of ['accounts', 'balances'] as const) {
      expect(tableRows(model.state, table)).toEqual(tableRows(other.state, table))
    }
  })

  test('a policy guards its account', () => {
    const model = smallChain()
    expect(model.check(transfer(model, { publicKey: key(4), tip: 2_000_000 }))).toBe('AccountUnauthorized')
  })

  test('the payer needs the fee, its possible row included, and not its limit', () => {
    const funds = plainFee + rowFee
    const accounts = [...genesis.accounts.slice(0, 2), { address: address(3), balance: funds }]
    const fields = { publicKey: key(3), payee: address(5), amount: 0n }
    expect(smallChain({ accounts }).check(transfer(smallChain({ accounts }), fields))).toBeUndefined()
    const short = smallChain({ accounts: accounts.with(2, { address: address(3), balance: funds - 1n }) })
    expect(short.check(transfer(short, fields))).toBe('FeeFundsInsufficient')
    expect(short.check(transfer(short, { ...fields, payee: address(1) }))).toBeUndefined()
  })

  test('a transfer that could exceed a limit of the block is skipped, and the next that fits is not', () => {
    const model = smallChain({ prices: { ...genesis.prices, limits: [10n ** 9n, 10n ** 9n, 6_399n] } })
    const fresh = transfer(model, { payee: address(5), maxFee: 2 ** 32 - 1 })
    const failing = transfer(model, { payee: address(5), amount: maxAmount })
    const { receipts } = execute(model, fresh, failing, transfer(model))
    expect(receipts.map(({ error }) => error)).toEqual(['BlockTooLarge', 'BlockTooLarge', undefined])
  })

  test('a transfer fits its fee limit exactly', () => {
    const model = smallChain()
    expect(plainFee).toBe(9_088_000_000n)
    expect(model.check(transfer(model, { maxFee: 10 }))).toBeUndefined()
    expect(model.check(transfer(model, { maxFee: 29, payee: address(5) }))).toBeUndefined()
  })

  test('a mark serves for 64 blocks, and a transfer is known for as long', () => {
    const model = smallChain()
    const genesisId = model.state.blockIds[0]!
    const early = transfer(model, { validUntil: 64n })
    execute(model, early)
    while (model.state.height < 63n) execute(model)
    expect(model.check(early)).toBe('TransactionReplayed')
    const late = transfer(model, { mark: genesisId, validUntil: 64n })
    expect(model.check(late)).toBeUndefined()
    expect(execute(model, late, late).receipts[1]!.error).toBe('TransactionReplayed')
    expect(model.check(late)).toBe('MarkUnknown')
    while (model.state.height < 127n) execute(model)
    expect(model.state.includedIds.size).toBe(1)
    execute(model)
    expect(model.state.includedIds.size).toBe(0)
  })
})

describe('LED-8: rows', () => {
  test('links lead through the keys in order and back to row 0', () => {
    const keys = [0, 9, 3, 7].map((first) => Uint8Array.of(first))
    expect(nextLinks(keys)).toEqual([2, 0, 3, 1])
    expect(nextLinks(keys.slice(0, 1))).toEqual([0])
  })

  test('account, balance, recent and chain rows hold their fields at the stated offsets', () => {
    const model = smallChain()
    const { id, header } = execute(model, transfer(model))
    const { state } = model
    const account = tableRows(state, 'accounts')[3]!
    expect(account.subarray(0, 20)).toEqual(address(3))
    expect(leToUint(account.subarray(32, 48))).toBe(fig)
    expect(leToUint(account.subarray(52, 56))).toBe(1n)
    const balance = tableRows(state, 'balances')[2]!
    expect([balance.subarray(0, 20), balance[20]]).toEqual([address(3), 1])
    expect(leToUint(balance.subarray(32, 48))).toBe(400n)
    const recent = tableRows(state, 'recent')
    expect(recent).toHaveLength(64)
    expect(recent[1]!.subarray(0, 32)).toEqual(id)
    expect([recent[1]![64], recent[1]![80]]).toEqual([1, 1])
    const chain = tableRows(state, 'chain')[0]!
    expect(leToUint(chain.subarray(16, 24))).toBe(state.prices[0])
    expect(leToUint(chain.subarray(40, 48))).toBe(3_000n)
    expect(header.parentId).toEqual(state.genesisId)
    expect(tableRows(state, 'utxos').length + tableRows(state, 'storage').length).toBe(2)
  })

  test('LED-6: a header carries the state root after its parent', () => {
    const model = smallChain()
    const before = model.stateRoot()
    expect(model.genesisHeader.stateRoot).not.toEqual(before)
    expect(execute(model, transfer(model)).header.stateRoot).toEqual(before)
    expect(execute(model).header.stateRoot).not.toEqual(before)
  })
})
