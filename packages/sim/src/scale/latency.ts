import type { Random } from '@banyan/testing'

/** Time of a message between two validators besides the time for its bytes, µs; drawn anew for each message. */
export type Latency = (from: number, to: number) => number

/** Every message takes so many µs. */
export function constantLatency(micros: number): Latency {
  return () => micros
}

/** Every message takes between `least` and `most` µs, each time as likely as any other. */
export function uniformLatency(random: Random, least: number, most: number): Latency {
  const span = most - least + 1
  return () => least + random.below(span)
}

/**
 * One-way times in ms within and between five regions: east and west of North America, Europe, South-East Asia and
 * South America. Halves of round trips that operators of public clouds show, rounded.
 */
const regions: readonly (readonly number[])[] = [
  [0.5, 32, 42, 110, 58],
  [32, 0.5, 68, 85, 88],
  [42, 68, 0.5, 80, 95],
  [110, 85, 80, 0.5, 160],
  [58, 88, 95, 160, 0.5],
]

/** Validators are spread over the five regions in turn; each message takes up to a tenth more, and up to 1 ms. */
export function worldLatency(random: Random): Latency {
  return (from, to) => {
    const base = 1000 * regions[from % regions.length]![to % regions.length]!
    return base + random.below(Math.ceil(base / 10) + 1001)
  }
}
