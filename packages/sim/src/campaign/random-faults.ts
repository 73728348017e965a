import { createRandom, type Random } from '@banyan/testing'
import { type Cluster, createCluster, mockCommittee } from '../core/cluster.js'
import type { Quality } from '../world/network.js'
import { type Outcome, runScenario, type ScenarioOptions } from './outcome.js'
import { chance, drawClock, drawLeaders, drawPace, drawTiming, drawWeights, goodQuality, pick } from './setting.js'

/** How bad things are; all from 0 to 100, `crash` to `pause` as shares of the faults that happen. */
type Mix = {
  readonly name: string
  readonly lossPercent: number
  readonly slowPercent: number
  readonly crash: number
  readonly partition: number
  readonly clog: number
  readonly pause: number
  /** Longest sync of a disk, in network delays. */
  readonly slowDisk: number
  readonly skewed: boolean
}

const mixes: readonly Mix[] = [
  { name: 'loss', lossPercent: 30, slowPercent: 10, crash: 0, partition: 0, clog: 0, pause: 10, slowDisk: 0, skewed: false },
  { name: 'crashes', lossPercent: 5, slowPercent: 0, crash: 90, partition: 5, clog: 0, pause: 0, slowDisk: 1, skewed: false },
  { name: 'partitions', lossPercent: 5, slowPercent: 5, crash: 5, partition: 60, clog: 35, pause: 0, slowDisk: 0, skewed: true },
  { name: 'pauses', lossPercent: 0, slowPercent: 20, crash: 10, partition: 0, clog: 10, pause: 80, slowDisk: 5, skewed: true },
  { name: 'everything', lossPercent: 15, slowPercent: 10, crash: 40, partition: 20, clog: 20, pause: 20, slowDisk: 2, skewed: true },
]

function badQuality(random: Random, mix: Mix, delta: number): Quality {
  return {
    lossPercent: random.below(mix.lossPercent + 1),
    duplicatePercent: random.below(20),
    minDelay: 1,
    maxDelay: 1 + random.below(2 * delta),
    slowPercent: mix.slowPercent,
    slowDelay: 10 * delta,
  }
}

/** Crashes, partitions, clogged links and pauses at random moments until the healing. */
function planFaults(cluster: Cluster, random: Random, mix: Mix, delta: number, healAt: number): void {
  const { schedule, network, hosts } = cluster
  const later = (delays: number): number => schedule.now() + random.below(delays * delta)

  function partition(): void {
    network.heal()
    const sides = hosts.map(() => random.below(pick(random, [2, 2, 3])))
    for (const [from, side] of sides.entries()) {
      for (const [to, other] of sides.entries()) if (side !== other) network.cut(from, to)
    }
  }

  function strike(): void {
    const victim = random.below(hosts.length)
    const host = hosts[victim]!
    const draw = random.below(100)
    if (draw < mix.crash) {
      host.crash()
      schedule.at(later(20), host.restart)
    } else if (draw < mix.crash + mix.pause) {
      host.pause()
      schedule.at(later(20), host.resume)
    } else if (draw < mix.crash + mix.pause + mix.partition) partition()
    else if (draw < mix.crash + mix.pause + mix.partition + mix.clog) {
      const other = random.below(hosts.length)
      if (chance(random, 50)) network.clog(victim, other)
      else network.cut(victim, other)
    } else network.heal()
  }

  for (let time = random.below(4 * delta); time < healAt; time += 1 + random.below(8 * delta)) {
    schedule.at(time, strike)
  }
}

/** Honest nodes over a bad network, on bad disks and with wrong clocks; any number may be down at once. */
export function runRandomFaults(seed: number, { nodes, print }: ScenarioOptions): Outcome {
  const random = createRandom(seed)
  const mix = pick(random, mixes)
  const weights = drawWeights(random, nodes)
  const size = weights.length
  const leaderOf = drawLeaders(random, size)
  const timing = drawTiming(random)
  const { delta } = timing
  const healAt = delta * (10 + random.below(size > 10 ? 20 : 50))
  let syncLimit = mix.slowDisk * delta
  print?.(`mix ${mix.name}, weights ${weights.join(',')}, delta ${delta}, interval ${timing.interval}, healing at ${healAt}`)
  const cluster = createCluster({
    random,
    committee: mockCommittee(weights),
    leaderOf,
    timing,
    faulty: new Set(),
    twins: [],
    observer: chance(random, 20),
    quality: badQuality(random, mix, delta),
    clock: () => drawClock(random, mix.skewed),
    pace: () => ({ ...drawPace(random, { sync: 0, check: delta >> 3 }), syncDelay: () => random.below(syncLimit + 1) }),
    print,
  })
  planFaults(cluster, random, mix, delta, healAt)
  return runScenario(cluster, {
    healAt,
    delta,
    leaderOf,
    isFaulty: () => false,
    heal() {
      syncLimit = delta >> 3
      cluster.network.setQuality(goodQuality(delta))
      cluster.network.heal()
      for (const host of cluster.hosts) {
        host?.resume()
        host?.restart()
      }
    },
  })
}
