/** Small programs that measure what one core of this machine does. Times come from the caller's clock, in milliseconds. */

type Clock = () => number

const stretchMs = 100

/**
 * Millions of integer operations a second: rounds of xorshift32 (Marsaglia, 2003), which are six operations and an addition each.
 */
export function measureMips(now: Clock): number {
  const rounds = 1_000_000
  let state = 2_463_534_242
  let sum = 0
  const rate = perSecond(now, () => {
    for (let i = 0; i < rounds; i++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      sum = (sum + state) | 0
    }
    return 7 * rounds
  })
  // The sum is used, or a compiler would leave the loop out.
  return sum === 0.5 ? 0 : rate / 1e6
}

/** Millions of floating-point operations a second: products of two 96 × 96 matrices, 2·n³ operations each. */
export function measureMflops(now: Clock): number {
  const size = 96
  const a = Float64Array.from({ length: size * size }, (_, i) => (i % 7) + 0.5)
  const b = Float64Array.from({ length: size * size }, (_, i) => (i % 5) + 0.25)
  const product = new Float64Array(size * size)
  const rate = perSecond(now, () => {
    product.fill(0)
    for (let row = 0; row < size; row++) {
      for (let inner = 0; inner < size; inner++) {
        const factor = a[row * size + inner]!
        for (let column = 0; column < size; column++)
          product[row * size + column]! += factor * b[inner * size + column]!
      }
    }
    return 2 * size ** 3
  })
  return product[0] === 0 ? 0 : rate / 1e6
}

/** Bytes that memory copies a second, in a block larger than caches. */
export function measureMemory(now: Clock): number {
  const block = new Uint8Array(32 * 1_048_576).fill(1)
  return perSecond(now, () => {
    block.copyWithin(0, block.length / 2)
    return block.length / 2
  })
}

/** Runs `work`, which tells how much it did, for a stretch of time after one run that is not counted. */
function perSecond(now: Clock, work: () => number): number {
  work()
  const begun = now()
  let done = 0
  let elapsed = 0
  while (elapsed < stretchMs) {
    done += work()
    elapsed = now() - begun
  }
  return (done / elapsed) * 1_000
}
