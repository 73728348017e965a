import { type ErrorName, errorCode, maxAmount } from '@banyan/base'
import {
  createModel,
  generateBlock,
  generateWorld,
  type Model,
  seededRandom,
  tableNames,
  tableRoot,
  tableRows,
} from '@banyan/model'
import { ByteVectorType, VectorCompositeType } from '@chainsafe/ssz'
import { describe, expect, test } from 'vitest'

const limits = [3_000_000n, 4_000_000n, 3_000_000n] as const
const blockOptions = { transactions: 150, packages: 0.1, maxItems: 30, maxBatch: 60, invalid: 30 }

/** Sum of all balances of an asset. */
function total(model: Model, asset: number): bigint {
  const fig = [...model.state.accounts.values()].reduce((sum, account) => sum + account.balance, 0n)
  const rows = [...model.state.balances.values()].filter((row) => row.asset === asset)
  return asset === 0 ? fig : rows.reduce((sum, row) => sum + row.amount, 0n)
}

const totals = (model: Model) => model.state.assets.map((_, asset) => total(model, asset))

describe.each([11, 12, 13])('random blocks of seed %d', (seed) => {
  const random = seededRandom(seed)
  const options = { accounts: 60, limits, free: seed === 13, overflow: seed !== 12 }
  const world = generateWorld(random, options)
  const model = createModel(world.genesis)
  const supplies = totals(model)
  const seen = new Set<ErrorName | 'success'>()
  const refusals = new Set<ErrorName>()
  let blocks = 0

  test('LED-10: every block keeps the sum of the balances of each asset', { timeout: 60_000 }, () => {
    for (; blocks < 70; blocks++) {
      const { block, refused } = generateBlock(model, world, random, blockOptions)
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
    const expected: ErrorName[] = ['AssetUnknown', 'AssetPaused', 'FundsInsufficient', 'ItemFailed']
    const ofItems: ErrorName[] = ['AccountUnknown', 'DelegationMissing']
    const byFee: ErrorName[] = seed === 13 ? [] : ['FeeLimitTooLow']
    expect(seen.has('PostBalanceOverflow')).toBe(options.overflow)
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

  test('LED-7: the state root is the container of the seven table roots', () => {
    const roots = tableNames.map((name) => tableRoot(tableRows(model.state, name)))
    const type = new VectorCompositeType(new ByteVectorType(32), 7)
    expect(model.stateRoot()).toEqual(type.hashTreeRoot(roots))
  })

  test('LED-12: the same seed gives the same blocks and the same state', () => {
    const again = seededRandom(seed)
    const other = generateWorld(again, options)
    const replica = createModel(other.genesis)
    for (let height = 0; height < 5; height++) {
      replica.execute(generateBlock(replica, other, again, blockOptions).block)
    }
    expect(replica.state.blockIds).toEqual(model.state.blockIds.slice(0, 6))
  })
})
