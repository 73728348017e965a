const usedNames = new Set<string>()

/** The seed of this run: BANYAN_SEED, or 1, so that a plain run is the same everywhere. */
export function runSeed(): number {
  const text = process.env['BANYAN_SEED'] ?? '1'
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32) {
    throw new Error(`BANYAN_SEED is "${text}"; it must be an integer below 2^32`)
  }
  return Number(text)
}

/**
 * The seed of one test, an unsigned 32-bit integer: a mix of the run's seed and `name`, so that tests draw from
 * streams of their own. If the test fails, the run's seed is printed. FNV-1a over the characters.
 */
export function testSeed(name: string): number {
  usedNames.add(name)
  let hash = 0x811c9dc5
  for (const character of `${runSeed()}/${name}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
  }
  return hash >>> 0
}

/** Names given to `testSeed` since the last call. */
export function takeSeedNames(): readonly string[] {
  const names = [...usedNames]
  usedNames.clear()
  return names
}
