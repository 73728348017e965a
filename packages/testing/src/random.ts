/** A repeatable stream of random values: the same seed gives the same values on every machine. Not for keys. */
export type Random = {
  /** Unsigned 32-bit integer. */
  readonly u32: () => number
  /** Integer from 0 to `limit` - 1, without bias; `limit` from 1 to 2^32. */
  readonly below: (limit: number) => number
  readonly bytes: (length: number) => Uint8Array
  /** Integer from 0 to `limit` - 1, without bias; `limit` from 1. */
  readonly bigint: (limit: bigint) => bigint
}

/** sfc32, the small fast counting generator of PractRand, with its usual warm-up of 12 rounds. */
export function createRandom(seed: number): Random {
  let a = 0
  let b = 0
  let c = seed >>> 0
  let counter = 1

  function u32(): number {
    const sum = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0
    return sum
  }

  function below(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) {
      throw new RangeError(`below(${limit}): the limit must be an integer from 1 to 2^32`)
    }
    // Values past the last whole multiple of the limit would favour small results.
    const end = 2 ** 32 - (2 ** 32 % limit)
    let value = u32()
    while (value >= end) value = u32()
    return value % limit
  }

  function bytes(length: number): Uint8Array {
    const out = new Uint8Array(length)
    for (let i = 0; i < length; i += 4) {
      const word = u32()
      for (let j = i; j < length && j < i + 4; j++) out[j] = word >>> (8 * (j - i))
    }
    return out
  }

  function bigint(limit: bigint): bigint {
    if (limit < 1n) throw new RangeError(`bigint(${limit}): the limit must be at least 1`)
    const bits = (limit - 1n).toString(2).length
    for (;;) {
      let value = 0n
      for (let i = 0; i < bits; i += 32) value = (value << 32n) | BigInt(u32())
      value = BigInt.asUintN(bits, value)
      if (value < limit) return value
    }
  }

  for (let i = 0; i < 12; i++) u32()
  return { u32, below, bytes, bigint }
}
