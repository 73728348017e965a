import { asAddress, BanyanError, toHex } from '@banyan/base'
import {
  admit,
  admitTransfers,
  type Chain,
  feePool,
  type Genesis,
  gas,
  readReceipt,
  rollback,
  transferLength,
  verifyBlock,
} from '@banyan/ledger'
import { describe, expect, test } from 'vitest'
import * as S from './small-chain.js'

/**
 * Seven accounts and five balances, row 0 included, and three assets: with tables of eight rows there is no room for an
 * account (the last one is for the pool of fees), for three balances, seven storage rows, seven UTXOs, and five assets.
 */
const tight = (changes: Partial<Genesis> = {}): Chain => S.newChain(undefined, { maxRows: 8, ...changes })

const outcomesOf = (chain: Chain, envelopes: readonly Uint8Array[]) =>
  S.receiptsOf(S.addBlock(chain, envelopes)).map(({ status, error }) => `${status} ${error ?? ''}`.trim())

function refusalOf(run: () => unknown): BanyanError | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof BanyanError) return error
    throw error
  }
  return undefined
}

describe('LED-14: a transaction that needs a row where none is left fails, and the block goes on', () => {
  test('transfers of FIG', () => {
    const chain = tight()
    const fresh = S.transfer(chain, { payee: S.filled(1) })
    expect(refusalOf(() => admit(chain, fresh))).toMatchObject({
      kind: 'TableFull',
      details: { table: 'accounts' },
    })
    expect([...admitTransfers(chain, S.batchesOf(chain, [fresh, S.transfer(chain)])[0]!)]).toEqual([0, 1])
    const before = S.accountOf(chain, S.addressOf(S.alice)).balance
    const block = S.addBlock(chain, [fresh, S.transfer(chain)])
    expect(S.receiptsOf(block)).toMatchObject([
      { status: 'failed', error: 'TableFull', gasUsed: gas.transfer + gas.perByte * transferLength },
      { status: 'success' },
    ])
    const paid = S.receiptsOf(block).reduce((sum, { baseFee, tip }) => sum + baseFee + tip, 0n)
    expect(before - S.accountOf(chain, S.addressOf(S.alice)).balance).toBe(paid + 7n)
    expect(outcomesOf(chain, [fresh])).toEqual(['skipped TransactionReplayed'])
  })

  test('transfers of another asset', () => {
    const chain = tight()
    const to = (payee: number) => S.transfer(chain, { asset: S.usable, payee: S.filled(payee), amount: 0n })
    expect(outcomesOf(chain, [to(1), to(2), to(3), to(4), to(1)])).toEqual([
      'success',
      'success',
      'success',
      'failed TableFull',
      'success',
    ])
    expect(chain.state.balances.rows.length).toBe(8)
    expect(refusalOf(() => admit(chain, to(5)))).toMatchObject({ details: { table: 'balances' } })
    expect([...admitTransfers(chain, S.batchesOf(chain, [to(5)])[0]!)]).toEqual([0])
  })

  test('packages, as a whole and item by item', () => {
    const chain = tight()
    const items = [2, 4, 5, 6, 2].map((payee) => ({ payer: 1, payee, amount: 1n }))
    const block = S.addBlock(chain, [
      S.pack(chain, { asset: S.usable, mode: 'atomic', items }),
      S.pack(chain, { asset: S.usable, mode: 'perItem', items }),
    ])
    expect(S.receiptsOf(block)).toMatchObject([
      { status: 'failed', error: 'ItemFailed' },
      { status: 'success', error: undefined },
    ])
    const unapplied = 'f'.repeat(32)
    const full = `${unapplied}7e05${'0'.repeat(28)}`
    const chunks = (index: number) =>
      Array.from({ length: 5 }, (_, i) =>
        toHex(block.itemResults.get(index)!.slice(i * 32, i * 32 + 32)).slice(2),
      )
    expect(chunks(0)[3]).toBe(full)
    expect(chunks(1).map((chunk) => chunk.startsWith(unapplied))).toEqual([false, false, false, true, false])
    expect(chunks(1)[3]).toBe(full)
    expect(chain.state.balances.rows.length).toBe(8)
  })

  test('Ethereum payments, alone and behind a call', () => {
    const stranger = (chain: Chain) => S.ethereum(chain, { to: S.filled(1) })
    const alone = tight()
    expect(outcomesOf(alone, [stranger(alone)])).toEqual(['failed TableFull'])
    expect(S.accountOf(alone, S.ethereumAddress(S.wallet)).nonce).toBe(1n)
    const behind = tight()
    const call = S.nativeCall(behind, { calls: [S.callRules('say', { count: 1 })] })
    expect(outcomesOf(behind, [call, stranger(behind)])).toEqual(['success', 'failed TableFull'])
  })

  test.each([
    { table: 'storage', rows: 7, call: (i: number) => S.callRules('store', { key: i, value: 1n }) },
    { table: 'utxos', rows: 7, call: () => S.callRules('mint', { amount: 1n }) },
    { table: 'assets', rows: 5, call: () => S.callRules('issue') },
  ])('calls that make rows of $table', ({ rows, call }) => {
    const chain = tight()
    const making = (count: number, first = 0) =>
      S.nativeCall(chain, {
        gasLimit: 1_000_000n,
        calls: Array.from({ length: count }, (_, i) => call(first + i)),
      })
    expect(outcomesOf(chain, [making(rows + 1), making(rows - 1), making(1, rows - 1)])).toEqual([
      'failed TableFull',
      'success',
      'success',
    ])
    expect(outcomesOf(chain, [making(1, rows)])).toEqual(['failed TableFull'])
    expect(outcomesOf(chain, [S.nativeCall(chain)])).toEqual(['success'])
  })

  test('a row that a transaction frees is there for the next one, not for itself', () => {
    const chain = tight()
    const store = (key: number) => S.callRules('store', { key, value: 1n })
    const drop = S.callRules('drop', { key: 0 })
    const calls = [0, 1, 2, 3, 4, 5, 6].map(store)
    expect(outcomesOf(chain, [S.nativeCall(chain, { gasLimit: 1_000_000n, calls })])).toEqual(['success'])
    const swap = [drop, store(7)]
    expect(
      outcomesOf(chain, [
        S.nativeCall(chain, { calls: swap }),
        S.nativeCall(chain, { calls: [drop] }),
        S.nativeCall(chain, { calls: [store(7)] }),
      ]),
    ).toEqual(['failed TableFull', 'success', 'success'])
    expect(chain.state.storage.rows.length).toBe(8)
  })
})

describe('LED-14: the rules around full tables', () => {
  test('a sender that would get its account by sending is skipped', () => {
    const none = { compute: 0n, bytes: 0n, state: 0n }
    const chain = tight({ fees: { start: none, floor: none, limit: S.genesis.fees.limit } })
    const free = { key: S.stranger, value: 0n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
    const envelope = S.ethereum(chain, free)
    expect(refusalOf(() => admit(chain, envelope))).toMatchObject({
      kind: 'TableFull',
      details: { table: 'accounts' },
    })
    expect(outcomesOf(chain, [envelope])).toEqual(['skipped TableFull'])
  })

  test('the last account is kept for the pool of fees, which also gets tips that find no account', () => {
    const chain = tight()
    const block = S.addBlock(chain, [S.transfer(chain, { tip: 5 })])
    const { baseFee, tip } = readReceipt(block.receipts, 0)
    expect(tip).toBe(5n * 10n ** 9n)
    expect(S.accountOf(chain, feePool).balance).toBe(baseFee + tip)
    expect(chain.state.accounts.rows.length).toBe(8)
    const roomy = tight({ maxRows: 10 })
    S.addBlock(roomy, [S.transfer(roomy, { tip: 5 })])
    expect(S.accountOf(roomy, S.proposer).balance).toBe(tip)
    expect(outcomesOf(roomy, [S.transfer(roomy, { payee: S.filled(1) })])).toEqual(['failed TableFull'])
  })

  test('others agree, and a block that is taken back gives its rows back', () => {
    const [chain, other] = [tight(), tight()]
    const to = (payee: number) => S.transfer(chain, { asset: S.usable, payee: S.filled(payee) })
    const envelopes = [to(1), to(2), to(3), to(4), S.ethereum(chain, { to: S.filled(5) })]
    const batches = S.batchesOf(chain, envelopes)
    const block = S.addBlock(chain, envelopes, batches)
    expect(verifyBlock(other, block.header, batches).stateRoot).toEqual(block.stateRoot)
    rollback(chain)
    expect(S.addBlock(chain, envelopes, batches).stateRoot).toEqual(block.stateRoot)
  })

  test('a genesis with more rows than there is room for is refused', () => {
    const kindOf = (changes: Partial<Genesis>) => refusalOf(() => tight(changes))?.kind
    expect(kindOf({ maxRows: 8 })).toBeUndefined()
    expect(kindOf({ maxRows: 7 })).toBe('GenesisInvalid')
    expect(kindOf({ maxRows: 4, accounts: [] })).toBe('GenesisInvalid')
    expect(kindOf({ maxRows: 2, accounts: [], assets: [] })).toBeUndefined()
    expect(kindOf({ maxRows: 1, accounts: [], assets: [] })).toBe('GenesisInvalid')
    const holders: Genesis['assets'][number]['holders'] = []
    const unheld = S.genesis.assets.map((asset) => ({ ...asset, holders }))
    const accounts = [{ address: asAddress(new Uint8Array(20).fill(1)), balance: 1n }]
    expect(kindOf({ maxRows: 3, accounts, assets: unheld })).toBeUndefined()
    expect(kindOf({ maxRows: 3, accounts, assets: [...unheld, unheld[0]!] })).toBe('GenesisInvalid')
  })
})
