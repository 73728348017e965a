import { type CampaignName, runSeeds, twoViewScenarios } from '@banyan/sim'
import { testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'

/** Seeds of a push are the same on every machine; other tiers start elsewhere, with BANYAN_SEED. */
function explore(campaign: CampaignName, push: number) {
  const count = tierCount({ push, full: 100 * push, fuzz: 10 * push })
  return runSeeds(campaign, testSeed(`sim ${campaign}`) % 1_000_000, count)
}

const week = 3_600_000

test('CON-1: honest nodes agree, go on and never sign what convicts them, whatever network, disks and power do', {
  timeout: week,
}, async () => {
  const { failures, views } = await explore('random', 2_500)
  expect(failures).toEqual([])
  expect(views).toBeGreaterThan(2_500)
})

test('CON-1: two instances with one key in changing partitions break nothing', {
  timeout: week,
}, async () => {
  expect((await explore('twins', 1_000)).failures).toEqual([])
})

test('CON-1: no partition of two views with one twin of four breaks anything', {
  timeout: week,
}, async () => {
  const part = Math.floor(twoViewScenarios / 4)
  const count = tierCount({ push: part, full: twoViewScenarios + 20_000, fuzz: twoViewScenarios })
  expect((await runSeeds('twins-all', 0, count)).failures).toEqual([])
})

test('CON-16: a Byzantine minority that knows twelve tricks neither splits nor stops nor frames anybody', {
  timeout: week,
}, async () => {
  expect((await explore('adversary', 1_200)).failures).toEqual([])
})

test('CON-16: where half of the weight lies, every fork convicts a third of it and nobody honest', {
  timeout: week,
}, async () => {
  const { failures, forks } = await explore('control', 200)
  expect(failures).toEqual([])
  expect(forks).toBeGreaterThan(5)
})
