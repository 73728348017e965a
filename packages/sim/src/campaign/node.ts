import { type ConsensusRules, programVersions } from '@banyan/node'
import { createRandom, type Random } from '@banyan/testing'
import { createClients } from '../node/clients.js'
import { createNodes } from '../node/nodes.js'
import { createClock } from '../world/clock.js'
import { nodeMixes, nodeQuality, planNodeFaults } from './node-faults.js'
import { runNodeScenario } from './node-scenario.js'
import type { Outcome, ScenarioOptions } from './outcome.js'
import { chance, drawClock, pick } from './setting.js'

/** Whole nodes, all honest, over a bad network, on bad disks and machines, with people who use them. */
export async function runNode(seed: number, { nodes: members, print }: ScenarioOptions): Promise<Outcome> {
  const random = createRandom(seed)
  const mix = pick(random, nodeMixes)
  const size = members ?? pick(random, [4, 4, 4, 4, 5, 7])
  const candidates = size + (chance(random, 40) ? 1 : 0)
  const rules = drawRules(random, mix.skewed)
  const { delta } = rules.timing
  const healAt = delta * (40 + random.below(120))
  const victim = random.below(candidates)
  const inOrder = chance(random, 70)
  let slowDisk = mix.slowDisk
  print?.(
    `${mix.name}; ${size} of ${candidates} candidates, delta ${delta}, epochs of ${rules.epochBlocks}, healing at ${healAt}`,
  )
  const isCoarse = chance(random, 70)
  const nodes = createNodes({
    random,
    rules,
    versions: () => programVersions,
    weights: Array.from({ length: candidates }, () => 1),
    members: size,
    followers: random.below(2),
    faulty: new Map(),
    quality: nodeQuality(random, mix, delta, inOrder),
    inOrder,
    clock: () =>
      isCoarse && mix.skewed ? drawClock(random, true) : createClock(86_400_000 + random.below(100), 1),
    diskDelay: (_, operation) => (operation === 'sync' ? random.below(slowDisk + 1) : 0),
    snapshotEvery: pick(random, [3, 8, 30]),
    snapshotLag: pick(random, [2, 5, 20, 1_000]),
    history: () => pick(random, ['all', 'recent'] as const),
    print,
  })
  const faults = planNodeFaults(nodes, random, { mix, delta, healAt, victim })
  const clients = createClients(random, nodes)
  clients.start(healAt, pick(random, [50, 150, 400]))
  return runNodeScenario(nodes, {
    lateAt: chance(random, 40) ? random.below(healAt) : 0,
    healAt,
    delta,
    clients,
    missing: mix.damage ? 1 : 0,
    term: rules.schedule.kind === 'stableLeader' ? rules.schedule.term : 1,
    faults: {
      heal() {
        slowDisk = 10
        faults.heal()
      },
    },
  })
}

/** Short delays and epochs, so that a scenario sees several of them. */
export function drawRules(random: Random, skewed: boolean): Omit<ConsensusRules, 'validators'> {
  const delta = pick(random, [100, 200])
  return {
    quorumRule: 'byzantine',
    schedule: pick(random, [
      { kind: 'roundRobin' },
      { kind: 'shuffled' },
      { kind: 'stableLeader', term: 3 },
    ] as const),
    timing: { delta, interval: pick(random, [50, 150]), heartbeat: pick(random, [400, 1_000]) },
    epochBlocks: pick(random, [4, 10, 25]),
    maxClockSkew: skewed ? 60_000 : 500,
    upgrades: [],
  }
}
