import { createRandom, testSeed } from '@banyan/testing'
import { describe, expect, test } from 'vitest'

describe('QLT-2: the seeded generator', () => {
  test('gives the same values for the same seed, and others for another', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed)
      return [random.u32(), random.below(10), random.bytes(5), random.bigint(1n << 70n)]
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  test('stays below its limits and reaches every small value about equally often', () => {
    const random = createRandom(testSeed('random limits'))
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++
    for (const count of counts) {
      expect(count).toBeGreaterThan(9_500)
      expect(count).toBeLessThan(10_500)
    }
    for (let i = 0; i < 1_000; i++) expect(random.bigint(1000n)).toBeLessThan(1000n)
    expect(random.bigint(1n)).toBe(0n)
    expect(() => random.below(0)).toThrow(RangeError)
    expect(() => random.bigint(0n)).toThrow(RangeError)
  })

  test('sets about half of all bits', () => {
    const bytes = createRandom(3).bytes(20_001)
    let ones = 0
    for (const byte of bytes) for (let bit = 0; bit < 8; bit++) ones += (byte >>> bit) & 1
    expect(Math.abs(ones / (8 * bytes.length) - 0.5)).toBeLessThan(0.01)
  })
})
