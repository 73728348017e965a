import { equalBytes, toHex } from '@banyan/base'
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
import { testSeed, tierCount } from '@banyan/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { expectSameBlock } from './differential/compare.js'
import { totalsOf, trusting } from './differential/ledger.js'
import { differingRows } from './differential/rows.js'
import { scenes } from './differential/scenes.js'
import { createTwin, nextBlock, proposalOf, type Scene } from './differential/twin.js'

/**
 * The ledger against the naive model, which shares no code with it. A push runs about 120,000 transactions, the full
 * tier about 5 million; the fast path alone is compared over many more in fast-path.test.ts.
 */
const histories = tierCount({ push: 2, full: 80, fuzz: 2 })
const provider = trusting(native)
const outcomes = new Map<string, number>()

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
    for (const { status, error } of result.receipts) count(`${status} ${error ?? ''}`)
    if (exact && !equalBytes(chain.stateRoot, model.stateRoot())) {
      expect(differingRows(chain, model), `state after ${height}`).toBe([])
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

function count(outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
}

afterAll(() => {
  const sum = [...outcomes.values()].reduce((total, some) => total + some, 0)
  console.log(`${sum} transactions:`, Object.fromEntries(outcomes))
})
