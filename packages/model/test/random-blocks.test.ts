import { type ErrorName, errorCode, maxAmount } from '@banyan/base'
import {
  createModel,
  generateBlock,
  generateWorld,
  listRoot,
  type Model,
  seededRandom,
  stateRoot,
  tableNames,
  tableRoot,
  tableRows,
} from '@banyan/model'
import { describe, expect, test } from 'vitest'

const limits = [3_000_000n, 4_000_000n, 3_000_000n] as const
const options = { transactions: 300, packages: 0.1, maxItems: 40, maxBatch: 100, invalid: 40 }

/** Sum of all balances of an asset. */
function total(model: Model, asset: number): bigint {
  const fig = [...model.state.accounts.values()].reduce((sum, account) => sum + account.balance, 0n)
  const rows = [...model.state.balances.values()].filter((row) => row.asset === asset)
  return asset === 0 ? fig : rows.reduce((sum, row) => sum + row.amount, 0n)
}

const totals = (model: Model) => model.state.assets.map((_, asset) => total(model, asset))

describe.each([11, 12, 13])('random blocks of seed %d', (seed) => {
  const random = seededRandom(seed)
  const world = generateWorld(random, { accounts: 60, limits, free: seed === 13 })
  const model = createModel(world.genesis)
  const supplies = totals(model)
  const seen = new Set<ErrorName | 'success'>()
  const refusals = new Set<ErrorName>()
  let blocks = 0

  test('LED-10: every block keeps the sum of the balances of each asset', () => {
    for (; blocks < 80; blocks++) {
      const { block, refused } = generateBlock(model, world, random, options)
      for (const { transaction, error } of refused) {
        expect(model.check(transaction)).toBe(error)
        refusals.add(error)
      }
      const { receipts } = model.execute(block)
      expect(receipts.length).toBeGreaterThan(0)
      for (const receipt of receipts) {
        seen.add(receipt.error ?? 'success')
        for (const item of receipt.items ?? []) if (!item.applied && item.error) seen.add(item.error)
      }
      expect(totals(model)).toEqual(supplies)
    }
    const amounts = [...model.state.accounts.values()].map((account) => account.balance)
    expect(amounts.every((amount) => amount >= 0n && amount <= maxAmount)).toBe(true)
  })

  test('LED-14: the blocks reach every outcome of an included transaction', () => {
    const expected: ErrorName[] = ['AssetUnknown', 'AssetPaused', 'FundsInsufficient', 'PostBalanceOverflow']
    const ofItems: ErrorName[] = ['AccountUnknown', 'DelegationMissing', 'ItemFailed']
    const byFee: ErrorName[] = seed === 13 ? [] : ['FeeLimitTooLow']
    for (const error of [...expected, ...ofItems, ...byFee, 'success' as const]) expect(seen).toContain(error)
  })

  test('LED-4: the invalid transactions reach every reason for refusal', () => {
    const expected: ErrorName[] = [
      'MarkUnknown',
      'TransactionExpired',
      'ValidityTooLong',
      'TransactionReplayed',
    ]
    const ofFees: ErrorName[] = ['FeeFundsInsufficient', 'AccountUnauthorized', 'TipAboveFee']
    const byFee: ErrorName[] = seed === 13 ? [] : ['FeeLimitTooLow']
    for (const error of [...expected, ...ofFees, ...byFee]) {
      expect(refusals).toContain(error)
      expect(errorCode(error)).toBeGreaterThanOrEqual(1200)
    }
  })

  test('LED-7: the state root is the tree of the seven table roots', () => {
    const roots = tableNames.map((name) => tableRoot(tableRows(model.state, name)))
    // Eight leaves, the last one zero: the same as a list of depth 3 before its length is mixed in.
    const container = stateRoot(model.state)
    expect(container).toEqual(model.stateRoot())
    expect(listRoot(roots, 3)).not.toEqual(container)
  })

  test('LED-12: the same seed gives the same blocks and the same state', () => {
    const again = seededRandom(seed)
    const other = generateWorld(again, { accounts: 60, limits, free: seed === 13 })
    const replica = createModel(other.genesis)
    for (let height = 0; height < 5; height++) {
      replica.execute(generateBlock(replica, other, again, options).block)
    }
    expect(replica.state.blockIds).toEqual(model.state.blockIds.slice(0, 6))
  })
})
