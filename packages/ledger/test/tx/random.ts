/** Repeatable random values and counts by tier, until a shared package offers them. */
export type Random = {
  readonly below: (limit: number) => number
  readonly bytes: (length: number) => Uint8Array
}

export function runSeed(): number {
  return Number(process.env['BANYAN_SEED'] ?? '1')
}

export function tierCount(counts: Readonly<Record<'push' | 'full' | 'fuzz', number>>): number {
  const tier = process.env['BANYAN_TEST_TIER'] ?? 'push'
  if (tier !== 'push' && tier !== 'full' && tier !== 'fuzz') throw new Error(`unknown tier ${tier}`)
  return counts[tier]
}

/** The mulberry32 generator, seeded by the run's seed and a name. */
export function createRandom(name: string): Random {
  let state = runSeed()
  for (const character of name) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193)
  console.log(`${name}: BANYAN_SEED=${runSeed()}`)
  function u32(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => u32() % limit
  const bytes = (length: number): Uint8Array => {
    const out = new Uint8Array(length)
    for (let i = 0; i < length; i++) out[i] = u32()
    return out
  }
  return { below, bytes }
}
