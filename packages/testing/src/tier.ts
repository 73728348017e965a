/**
 * How much a test does: `push` on every change (minutes for everything), `full` before a release (an hour or more),
 * `fuzz` in rounds until the time given is over.
 */
export type Tier = 'push' | 'full' | 'fuzz'

/** The tier of this run, from BANYAN_TEST_TIER; `push` if it is not set. */
export function testTier(): Tier {
  const tier = process.env['BANYAN_TEST_TIER'] ?? 'push'
  if (tier !== 'push' && tier !== 'full' && tier !== 'fuzz') {
    throw new Error(`BANYAN_TEST_TIER is "${tier}"; it must be push, full or fuzz`)
  }
  return tier
}

/** The count that belongs to the tier of this run, such as a number of random cases. */
export function tierCount(counts: Readonly<Record<Tier, number>>): number {
  return counts[testTier()]
}
