import { createRandom } from '@banyan/testing'
import { createCluster, mockCommittee } from '../core/cluster.js'
import { badQuality, healAll, mixes, planFaults } from './faults.js'
import { type Outcome, runScenario, type ScenarioOptions } from './outcome.js'
import { chance, drawClock, drawLeaders, drawPace, drawTiming, drawWeights, pick } from './setting.js'

/** Honest nodes over a bad network, on slow disks and with wrong clocks; any number may be down at once. */
export function runRandomFaults(seed: number, { nodes, print }: ScenarioOptions): Outcome {
  const random = createRandom(seed)
  const mix = pick(random, mixes)
  const weights = drawWeights(random, nodes)
  const leaderOf = drawLeaders(random, weights.length)
  const timing = drawTiming(random)
  const { delta } = timing
  const healAt = delta * (10 + random.below(weights.length > 10 ? 15 : 40))
  const pace = drawPace(random, delta >> 3)
  let syncLimit = mix.slowDisk * delta
  print?.(
    `${mix.name}; weights ${weights.join()}, delta ${delta}, interval ${timing.interval}, healing at ${healAt}`,
  )
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
    pace: () => ({ ...pace, syncDelay: () => random.below(syncLimit + 1) }),
    print,
  })
  planFaults(cluster, random, mix, { delta, healAt, gap: 8 })
  return runScenario(cluster, {
    healAt,
    delta,
    leaderOf,
    isFaulty: () => false,
    heal() {
      syncLimit = delta >> 3
      healAll(cluster, delta)
    },
  })
}
