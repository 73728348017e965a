import { type ErrorName, equalBytes, toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import {
  buildBlock,
  type Chain,
  type ExecutedBlock,
  finalize,
  type Proposal,
  rollback,
  verifyBlock,
} from '@banyan/ledger'
import type { BlockResult } from '@banyan/model'
import { testSeed, tierCount } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { expectSameBlock } from './differential/compare.js'
import { totalsOf, trusting } from './differential/ledger.js'
import { differingRows } from './differential/rows.js'
import { scenes } from './differential/scenes.js'
import { createTwin, nextBlock, proposalOf, type Scene } from './differential/twin.js'

/**
 * The ledger against the naive model, which shares no code with it. A push runs about 190,000 transactions, the full
 * tier about 5.6 million; the fast path alone is compared over many more in fast-path.test.ts.
 */
const histories = tierCount({ push: 4, full: 120, fuzz: 2 })
const provider = trusting(native)
const outcomes = new Map<string, number>()
let transactions = 0

type Step = { readonly proposal: Proposal; readonly block: ExecutedBlock }

describe.each(scenes)('$name', (scene) => {
  test.each(Array.from({ length: histories }, (_, i) => i))(
    'LED-10, LED-12, LED-14, QLT-4: history %d gives the blocks and states of the model',
    { timeout: 600_000 },
    (number) => runHistory(scene, testSeed(`${scene.name} ${number}`)),
  )
})

function runHistory(scene: Scene, seed: number): void {
  const twin = createTwin(seed, scene.world)
  const { model } = twin
  const chain = twin.openLedger({ provider, memory: 'shared' })
  const other = twin.openLedger({ provider, memory: 'private' })
  const supplies = totalsOf(chain)
  const steps: Step[] = []
  expect(toHex(chain.stateRoot)).toBe(toHex(model.stateRoot()))
  for (let height = 1; height <= scene.blocks; height++) {
    const exact = height % scene.rootEvery === 0
    const { block, result } = nextBlock(twin, scene, exact ? undefined : chain.stateRoot)
    const proposal = proposalOf(provider, chain, block)
    const step = { proposal, block: buildBlock(chain, proposal) }
    expectSameBlock(chain, step.block, result)
    countOutcomes(result)
    if (exact && !equalBytes(chain.stateRoot, model.stateRoot())) {
      expect(differingRows(chain, model), `state after ${height}`).toEqual([])
    }
    expect(totalsOf(chain)).toEqual(supplies)
    expect(verifyBlock(other, step.block.header, proposal.batches).id).toEqual(step.block.id)
    expect(other.stateRoot).toEqual(chain.stateRoot)
    steps.push(step)
    if (height % 5 === 0) takeBackAndRepeat(chain, steps.slice(-1 - (height % 3)))
    finalize(chain, height - 4)
    finalize(other, height - 1)
  }
  const replica = twin.openLedger({ provider, memory: 'private' })
  for (const { block, proposal } of steps) {
    expect(verifyBlock(replica, block.header, proposal.batches).stateRoot).toEqual(block.stateRoot)
    finalize(replica, block.header.height)
  }
}

/** Takes the last blocks back, puts another one in their place, takes that back too, and repeats them. */
function takeBackAndRepeat(chain: Chain, steps: readonly Step[]): void {
  for (const _ of steps) rollback(chain)
  const { proposal } = steps[0]!
  const before = chain.stateRoot
  buildBlock(chain, { ...proposal, batches: proposal.batches.toReversed(), view: proposal.view + 1 })
  rollback(chain)
  expect(chain.stateRoot).toEqual(before)
  for (const { block, proposal } of steps) verifyBlock(chain, block.header, proposal.batches)
  expect(chain.stateRoot).toEqual(steps.at(-1)!.block.stateRoot)
}

function countOutcomes({ receipts }: BlockResult): void {
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  transactions += receipts.length
  for (const { status, error, items } of receipts) {
    count(error === undefined ? status : `${status} ${error}`)
    for (const item of items ?? []) if (!item.applied && item.error) count(`item ${item.error}`)
  }
}

test('LED-14: the histories reach every outcome of transactions and items', () => {
  const failed: ErrorName[] = ['AssetUnknown', 'AssetPaused', 'FundsInsufficient', 'ItemFailed', 'TableFull']
  const skipped: ErrorName[] = ['MarkUnknown', 'TransactionExpired', 'ValidityTooLong', 'TransactionReplayed']
  skipped.push(
    'FeeFundsInsufficient',
    'AccountUnauthorized',
    'TipAboveFee',
    'FeeLimitTooLow',
    'BlockTooLarge',
  )
  const items: ErrorName[] = ['AccountUnknown', 'DelegationMissing', 'FundsInsufficient', 'TableFull']
  for (const error of failed) expect(outcomes.get(`failed ${error}`), error).toBeGreaterThan(100)
  for (const error of skipped) expect(outcomes.get(`skipped ${error}`), error).toBeGreaterThan(100)
  for (const error of items) expect(outcomes.get(`item ${error}`), error).toBeGreaterThan(100)
  expect(outcomes.get('success')).toBeGreaterThan(10_000)
  console.log(`${transactions} transactions:`, Object.fromEntries(outcomes))
})
