import { type ErrorName, maxAmount } from '@banyan/base'
import {
  createModel,
  decodeBatch,
  encodeBatch,
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

const limits = [400_000n, 500_000n, 250_000n] as const
const blockOptions = { transactions: 150, packages: 0.1, spoiled: 0.15, maxItems: 30, maxBatch: 60 }
const free = { startPrice: 0n, floorPrice: 0n }
const paid = { startPrice: 1_000_000n, floorPrice: 400_000n }

/** Sum of all balances of an asset. */
function total(model: Model, asset: number): bigint {
  const fig = [...model.state.accounts.values()].reduce((sum, account) => sum + account.balance, 0n)
  const rows = [...model.state.balances.values()].filter((row) => row.asset === asset)
  return asset === 0 ? fig : rows.reduce((sum, row) => sum + row.amount, 0n)
}

const totals = (model: Model) => model.state.assets.map((_, asset) => total(model, asset))

describe.each([11, 12])('random blocks of seed %d', (seed) => {
  const random = seededRandom(seed)
  const options = { accounts: 60, maxRows: 2 ** 20, limits, ...(seed === 11 ? paid : free) }
  const world = generateWorld(random, options)
  const model = createModel(world.genesis)
  const supplies = totals(model)
  const seen = new Set<string>()
  let blocks = 0

  test('LED-10: every block keeps the sum of the balances of each asset', { timeout: 60_000 }, () => {
    for (; blocks < 70; blocks++) {
      const { receipts } = generateBlock(model, world, random, blockOptions).result
      for (const { status, error, items } of receipts) {
        seen.add(error === undefined ? status : `${status}: ${error}`)
        for (const item of items ?? []) if (!item.applied && item.error) seen.add(`item: ${item.error}`)
      }
      expect(totals(model)).toEqual(supplies)
    }
    const amounts = [...model.state.accounts.values()].map((account) => account.balance)
    expect(amounts.every((amount) => amount >= 0n && amount <= maxAmount)).toBe(true)
  })

  test('LED-4, LED-14: the blocks reach every outcome of transactions and items', () => {
    const failed: ErrorName[] = ['AssetUnknown', 'AssetPaused', 'FundsInsufficient', 'ItemFailed']
    const items: ErrorName[] = ['AccountUnknown', 'DelegationMissing', 'FundsInsufficient']
    const ofTimes: ErrorName[] = [
      'MarkUnknown',
      'TransactionExpired',
      'ValidityTooLong',
      'TransactionReplayed',
    ]
    const ofFees: ErrorName[] = [
      'FeeFundsInsufficient',
      'AccountUnauthorized',
      'TipAboveFee',
      'BlockTooLarge',
    ]
    const byPrice: ErrorName[] = seed === 11 ? ['FeeLimitTooLow'] : []
    expect([...seen].sort()).toEqual(
      [
        'success',
        ...failed.map((error) => `failed: ${error}`),
        ...items.map((error) => `item: ${error}`),
        ...[...ofTimes, ...ofFees, ...byPrice].map((error) => `skipped: ${error}`),
      ].sort(),
    )
  })

  test('LED-7: the state root is the container of the seven table roots', () => {
    const roots = tableNames.map((name) => tableRoot(tableRows(model.state, name)))
    const type = new VectorCompositeType(new ByteVectorType(32), 7)
    expect(model.stateRoot()).toEqual(type.hashTreeRoot(roots))
  })

  test('LED-12: a block that was generated can be executed as it is, batch by batch', () => {
    const again = seededRandom(seed)
    const other = generateWorld(again, options)
    const generating = createModel(other.genesis)
    const replica = createModel(world.genesis)
    for (let height = 0; height < 5; height++) {
      const { block, result } = generateBlock(generating, other, again, blockOptions)
      const batches = block.batches.map((batch) => decodeBatch(encodeBatch(batch)))
      expect(replica.execute({ ...block, batches }).id).toEqual(result.id)
    }
    expect(replica.state.blockIds).toEqual(model.state.blockIds.slice(0, 6))
  })
})
