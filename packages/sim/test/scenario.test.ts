import { readFileSync } from 'node:fs'
import { type CampaignName, campaigns, isCampaign, runCampaign } from '@banyan/sim'
import { describe, expect, test } from 'vitest'

const names = Object.keys(campaigns).filter(isCampaign)
const seedsOf = (name: CampaignName): number => (name.startsWith('node') ? 2 : 10)

describe('CON-1: a scenario is the same every time', () => {
  test.each(names)('%s', async (name) => {
    for (let seed = 1; seed <= seedsOf(name); seed++) {
      const { hash, ...first } = await runCampaign(name, seed)
      expect(hash).toMatch(/^[0-9a-f]{16}$/)
      expect(await runCampaign(name, seed)).toEqual({ hash, ...first })
    }
  })

  test('and another one for another seed', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, seed) => runCampaign('random', seed)))
    expect(new Set(outcomes.map(({ hash }) => hash)).size).toBe(50)
  })

  test('and it can be watched without changing it', async () => {
    const lines: string[] = []
    const watched = await runCampaign('adversary', 7, { print: (line) => lines.push(line) })
    expect(watched).toEqual(await runCampaign('adversary', 7))
    expect(lines.length).toBeGreaterThan(100)
  })
})

test('CON-16: every size of committee can be asked for', async () => {
  for (const nodes of [4, 5, 7, 10, 21]) {
    expect((await runCampaign('random', 3, { nodes })).failures).toEqual([])
    expect((await runCampaign('adversary', 3, { nodes })).failures).toEqual([])
  }
})

type Regression = { readonly campaign: CampaignName; readonly seed: number; readonly nodes?: number }

describe('CON-16: what failed once', () => {
  const file = new URL('../regressions.json', import.meta.url)
  const regressions: readonly Regression[] = JSON.parse(readFileSync(file, 'utf8'))
  test.each(regressions)('does not fail again: $campaign, seed $seed', async ({ campaign, seed, nodes }) => {
    expect((await runCampaign(campaign, seed, { nodes })).failures).toEqual([])
  })
})
