import { testSeed, testTier, tierCount } from '@banyan/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('QLT-2: tiers and seeds of a run', () => {
  test('a count follows the tier, and an unknown tier is refused', () => {
    const counts = { push: 1, full: 2, fuzz: 3 }
    vi.stubEnv('BANYAN_TEST_TIER', 'full')
    expect(tierCount(counts)).toBe(2)
    vi.stubEnv('BANYAN_TEST_TIER', undefined)
    expect(testTier()).toBe('push')
    vi.stubEnv('BANYAN_TEST_TIER', 'everything')
    expect(() => tierCount(counts)).toThrow('must be push, full or fuzz')
  })

  test('a seed depends on the run and on the name, and on nothing else', () => {
    vi.stubEnv('BANYAN_SEED', '5')
    const seed = testSeed('a')
    expect(testSeed('a')).toBe(seed)
    expect(testSeed('b')).not.toBe(seed)
    vi.stubEnv('BANYAN_SEED', '6')
    expect(testSeed('a')).not.toBe(seed)
    vi.stubEnv('BANYAN_SEED', 'five')
    expect(() => testSeed('a')).toThrow('must be an integer')
  })
})
