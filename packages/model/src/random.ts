/** Reproducible random choices: the same seed gives the same sequence on every machine. */
export type Random = {
  /** Integer from 0 up to, not including, `bound`, which is at most 2^32. */
  readonly below: (bound: number) => number
  /** True with this probability. */
  readonly chance: (probability: number) => boolean
  readonly bytes: (length: number) => Uint8Array
  /** Unsigned integer with up to this many bits. */
  readonly uint: (bits: number) => bigint
  readonly pick: <Value>(values: readonly Value[]) => Value
}

/** Generator of 32-bit numbers after "splitmix32": a counter, and a mix of its bits (constants of MurmurHash3). */
export function seededRandom(seed: number): Random {
  let counter = seed >>> 0
  const next = (): number => {
    counter = (counter + 0x9e3779b9) >>> 0
    let mixed = counter ^ (counter >>> 16)
    mixed = Math.imul(mixed, 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound)
  return {
    below,
    chance: (probability) => next() < probability * 2 ** 32,
    bytes: (length) => {
      const words = new Uint32Array(Math.ceil(length / 4))
      for (let i = 0; i < words.length; i++) words[i] = next()
      return new Uint8Array(words.buffer, 0, length)
    },
    uint: (bits) => {
      let value = 0n
      for (let at = 0; at < bits; at += 32) value = (value << 32n) | BigInt(next())
      return BigInt.asUintN(bits, value)
    },
    pick: (values) => values[below(values.length)]!,
  }
}
