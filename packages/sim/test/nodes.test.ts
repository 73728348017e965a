import { type CampaignName, runSeeds } from '@banyan/sim'
import { testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'

/** Seeds of a push are the same on every machine; other tiers start elsewhere, with BANYAN_SEED. */
function explore(campaign: CampaignName, push: number) {
  const count = tierCount({ push, full: 100 * push, fuzz: 10 * push })
  return runSeeds(campaign, testSeed(`sim ${campaign}`) % 1_000_000, count)
}

const week = { timeout: 3_600_000 }

test(
  'CON-16/LED-9: whole nodes keep one chain and every promise, whatever network, disks and power do',
  week,
  async () => {
    const { failures, views } = await explore('node', 8)
    expect(failures).toEqual([])
    expect(views).toBeGreaterThan(40)
  },
)

test(
  'CON-10/CON-16: nodes of two programs keep one chain over a change of the rules, while the newer one is installed',
  week,
  async () => {
    expect((await explore('node-versions', 4)).failures).toEqual([])
  },
)

test(
  'CON-16: faulty hosts neither split nor stop whole nodes, nor make them hold honest ones for liars',
  week,
  async () => {
    expect((await explore('node-byzantine', 8)).failures).toEqual([])
  },
)
