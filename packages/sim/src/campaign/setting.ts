import type { Timing } from '@banyan/consensus'
import type { Random } from '@banyan/testing'
import type { HostPace } from '../core/host.js'
import { createClock, type NodeClock } from '../world/clock.js'
import type { Quality } from '../world/network.js'

/** Draws for the parts that all campaigns have in common. */

export function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.below(values.length)]!
}

export function chance(random: Random, percent: number): boolean {
  return random.below(100) < percent
}

/** Fisher and Yates. */
export function shuffled<Value>(random: Random, values: readonly Value[]): Value[] {
  const out = [...values]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const moved = out[i]!
    out[i] = out[j]!
    out[j] = moved
  }
  return out
}

/** Sizes as often as they are worth it: small committees reach the corners sooner. */
const sizes = [...Array<number>(12).fill(4), 5, 5, 5, 7, 7, 7, 7, 10, 10, 21]

export function drawWeights(random: Random, nodes: number | undefined): number[] {
  const size = nodes ?? pick(random, sizes)
  const largest = pick(random, [1, 1, 3, 10])
  return Array.from({ length: size }, () => 1 + random.below(largest))
}

/** Round robin, an order drawn per round, or terms of three views. */
export function drawLeaders(random: Random, size: number): (view: number) => number {
  const members = Array.from({ length: size }, (_, index) => index)
  const kind = random.below(3)
  if (kind === 0) return (view) => view % size
  if (kind === 1) return (view) => Math.floor(view / 3) % size
  const table = [...shuffled(random, members), ...shuffled(random, members), ...shuffled(random, members)]
  return (view) => table[view % table.length]!
}

export function drawTiming(random: Random): Timing {
  const delta = pick(random, [100, 200, 500])
  return { delta, interval: pick(random, [0, delta >> 1, 2 * delta]), heartbeat: 4 * delta }
}

/** A network that keeps its promise: every message within half the bound. */
export function goodQuality(delta: number): Quality {
  const none = { lossPercent: 0, duplicatePercent: 0, slowPercent: 0, slowDelay: 0 }
  return { ...none, minDelay: 1, maxDelay: delta >> 1 }
}

/** Clocks up to ten seconds apart and up to two per cent fast or slow; after day one, so that none is negative. */
export function drawClock(random: Random, skewed: boolean): NodeClock {
  const day = 86_400_000
  if (!skewed) return createClock(day, 1)
  return createClock(day + random.below(20_001) - 10_000, 0.98 + random.below(401) / 10_000)
}

/** Work that takes up to `limit` ms, and of disks half of the time none. */
export function drawPace(random: Random, limit: number): HostPace {
  return {
    syncDelay: () => Math.max(0, random.below(2 * limit + 1) - limit),
    checkDelay: () => random.below(limit + 1),
    buildDelay: () => random.below(limit + 1),
  }
}
