import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { runWorld, type World, type WorldPlan } from './broker-world.js'

const rounds = tierCount({ push: 6, full: 200, fuzz: 50 })

function judge(world: World): void {
  const { broker, records, accepted, refused, cancelled, released, abandoned, problems } = world
  expect(problems).toEqual([])
  for (const id of accepted) {
    const made = records.get(id) ?? []
    expect([id, made.length]).toEqual([id, 1])
    const { outcome } = made[0]!
    expect([id, outcome === 'done' || cancelled.has(id)]).toEqual([id, true])
    expect([id, released.get(id) ?? 0]).toEqual([id, outcome === 'done' ? 1 : 0])
  }
  for (const id of refused) expect(records.has(id)).toBe(false)
  expect([...abandoned]).toEqual([])
  expect([broker.requests.size, broker.attempts.size, broker.perAccount.size]).toEqual([0, 0, 0])
  for (const tier of broker.tiers.values()) expect([tier.active, tier.queue.depth]).toEqual([0, 0])
}

function run(name: string, plan: WorldPlan): void {
  for (let round = 0; round < rounds; round++) {
    judge(runWorld(createRandom(testSeed(`${name} ${round}`)), plan))
  }
}

describe('CMP-3: clients see no failure of a miner while a good one is there', () => {
  test('CMP-3: some good miners among many bad ones', () => {
    run('few good', { requests: 150, goodMiners: 4, badMiners: 10, gapMs: 8 })
  })

  test('CMP-3: a burst on one good miner and one bad', () => {
    run('one good', { requests: 80, goodMiners: 1, badMiners: 1, gapMs: 1 })
  })
})
