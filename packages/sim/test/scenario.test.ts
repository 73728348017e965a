import { readFileSync } from 'node:fs'
import { type CampaignName, campaigns, isCampaign, runCampaign } from '@banyan/sim'
import { describe, expect, test } from 'vitest'

const names = Object.keys(campaigns).filter(isCampaign)

describe('CON-1: a scenario is the same every time', () => {
  test.each(names)('%s', (name) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { hash, ...first } = runCampaign(name, seed)
      expect(hash).toMatch(/^[0-9a-f]{16}$/)
      expect(runCampaign(name, seed)).toEqual({ hash, ...first })
    }
  })

  test('and another one for another seed', () => {
    const hashes = Array.from({ length: 50 }, (_, seed) => runCampaign('random', seed).hash)
    expect(new Set(hashes).size).toBe(50)
  })

  test('and it can be watched without changing it', () => {
    const lines: string[] = []
    const watched = runCampaign('adversary', 7, { print: (line) => lines.push(line) })
    expect(watched).toEqual(runCampaign('adversary', 7))
    expect(lines.length).toBeGreaterThan(100)
  })
})

test('CON-16: every size of committee can be asked for', () => {
  for (const nodes of [4, 5, 7, 10, 21]) {
    expect(runCampaign('random', 3, { nodes }).failures).toEqual([])
    expect(runCampaign('adversary', 3, { nodes }).failures).toEqual([])
  }
})

type Regression = { readonly campaign: CampaignName; readonly seed: number; readonly nodes?: number }

describe('CON-16: what failed once', () => {
  const file = new URL('../regressions.json', import.meta.url)
  const regressions: readonly Regression[] = JSON.parse(readFileSync(file, 'utf8'))
  test.each(regressions)('does not fail again: $campaign, seed $seed', ({ campaign, seed, nodes }) => {
    expect(runCampaign(campaign, seed, { nodes }).failures).toEqual([])
  })
})
