import type { Random } from '@banyan/testing'
import type { Cluster } from '../core/cluster.js'
import type { Host } from '../core/host.js'
import type { Quality } from '../world/network.js'
import { chance, goodQuality, pick } from './setting.js'

/** How bad things are; all from 0 to 100, `crash` to `pause` as shares of the faults that happen. */
export type Mix = {
  readonly name: string
  readonly lossPercent: number
  readonly slowPercent: number
  readonly crash: number
  /** Everybody loses power at once. */
  readonly blackout: number
  readonly partition: number
  readonly clog: number
  readonly pause: number
  /** Longest sync of a disk, in network delays. */
  readonly slowDisk: number
  readonly skewed: boolean
}

const none = {
  lossPercent: 0,
  slowPercent: 0,
  crash: 0,
  blackout: 0,
  partition: 0,
  clog: 0,
  pause: 0,
  slowDisk: 0,
  skewed: false,
}

export const mixes: readonly Mix[] = [
  { ...none, name: 'loss', lossPercent: 30, slowPercent: 10, pause: 10 },
  { ...none, name: 'crashes', lossPercent: 5, crash: 75, blackout: 15, partition: 5, slowDisk: 1 },
  {
    ...none,
    name: 'partitions',
    lossPercent: 5,
    slowPercent: 5,
    crash: 5,
    partition: 60,
    clog: 35,
    skewed: true,
  },
  { ...none, name: 'pauses', slowPercent: 20, crash: 10, clog: 10, pause: 80, slowDisk: 5, skewed: true },
  {
    name: 'everything',
    lossPercent: 15,
    slowPercent: 10,
    crash: 35,
    blackout: 5,
    partition: 20,
    clog: 20,
    pause: 20,
    slowDisk: 2,
    skewed: true,
  },
]

export function badQuality(random: Random, mix: Mix, delta: number): Quality {
  return {
    lossPercent: random.below(mix.lossPercent + 1),
    duplicatePercent: random.below(20),
    minDelay: 1,
    maxDelay: 1 + random.below(2 * delta),
    slowPercent: mix.slowPercent,
    slowDelay: 10 * delta,
  }
}

/** Crashes, partitions, clogged links and pauses at random moments until the healing, `gap` delays apart at most. */
export function planFaults(
  cluster: Cluster,
  random: Random,
  mix: Mix,
  { delta, healAt, gap }: { readonly delta: number; readonly healAt: number; readonly gap: number },
): void {
  const { schedule, network, hosts } = cluster
  const soon = (): number => schedule.now() + random.below(20 * delta)

  function partition(): void {
    network.heal()
    const count = pick(random, [2, 2, 3])
    const sides = hosts.map(() => random.below(count))
    for (const [from, side] of sides.entries()) {
      for (const [to, other] of sides.entries()) if (side !== other) network.cut(from, to)
    }
  }

  function clog(from: number): void {
    const to = random.below(hosts.length)
    if (chance(random, 50)) network.clog(from, to)
    else network.cut(from, to)
  }

  function crash(host: Host | undefined): void {
    host?.crash()
    if (host !== undefined) schedule.at(soon(), host.restart)
  }

  function pause(host: Host | undefined): void {
    host?.pause()
    if (host !== undefined) schedule.at(soon(), host.resume)
  }

  function strike(): void {
    const victim = random.below(hosts.length)
    let draw = random.below(100)
    const isIn = (share: number): boolean => {
      draw -= share
      return draw < 0
    }
    if (isIn(mix.crash)) crash(hosts[victim])
    else if (isIn(mix.blackout)) for (const host of hosts) crash(host)
    else if (isIn(mix.pause)) pause(hosts[victim])
    else if (isIn(mix.partition)) partition()
    else if (isIn(mix.clog)) clog(victim)
    else network.heal()
  }

  for (let time = random.below(gap * delta); time < healAt; time += 1 + random.below(gap * delta)) {
    schedule.at(time, strike)
  }
}

/** Ends all faults of the network and of nodes. */
export function healAll({ network, hosts }: Cluster, delta: number): void {
  network.setQuality(goodQuality(delta))
  network.heal()
  for (const host of hosts) {
    host?.resume()
    host?.restart()
  }
}
