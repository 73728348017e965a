import { programVersions } from '@banyan/node'
import { createRandom } from '@banyan/testing'
import { createClients } from '../node/clients.js'
import { createLiar, type Liar, nodeTricks } from '../node/liar.js'
import { createNodes, type Nodes } from '../node/nodes.js'
import { createClock } from '../world/clock.js'
import { drawRules } from './node.js'
import { calm, nodeMixes, nodeQuality, planNodeFaults } from './node-faults.js'
import { runNodeScenario } from './node-scenario.js'
import type { Outcome, ScenarioOptions } from './outcome.js'
import { chance, pick, shuffled } from './setting.js'

/** Faults beside those of faulty hosts: none for some, and nothing that takes a vote from an honest node for long. */
const milder = [calm, calm, nodeMixes[0]!, nodeMixes[1]!, nodeMixes[3]!]

/** Whole nodes of which less than a third break rules, each with a random half of all tricks. */
export async function runNodeByzantine(
  seed: number,
  { nodes: members, print }: ScenarioOptions,
): Promise<Outcome> {
  const random = createRandom(seed)
  const mix = pick(random, milder)
  const size = members ?? pick(random, [4, 4, 4, 4, 5, 7])
  const candidates = size + (chance(random, 30) ? 1 : 0)
  const rules = drawRules(random, false)
  const { delta } = rules.timing
  const healAt = delta * (40 + random.below(80))
  const inOrder = chance(random, 70)
  const numbers = Array.from({ length: candidates }, (_, number) => number)
  const faulty = shuffled(random, numbers.slice(0, size)).slice(0, Math.floor((size - 1) / 3))
  const tricks = new Set(shuffled(random, nodeTricks).slice(0, nodeTricks.length >> 1))
  const favoured = new Set(shuffled(random, numbers).slice(0, 1 + random.below(size - 1)))
  print?.(`${mix.name}; ${faulty.join()} of ${candidates} candidates are faulty: ${[...tricks].join(', ')}`)

  const liars = new Map<number, Liar>()
  const liarOf = (nodes: Nodes, number: number): Liar => {
    const liar = liars.get(number) ?? createLiar({ random, nodes, number, tricks, favoured })
    liars.set(number, liar)
    return liar
  }
  const nodes = createNodes({
    random,
    rules,
    versions: () => programVersions,
    weights: numbers.map(() => 1),
    members: size,
    followers: random.below(2),
    faulty: new Map(faulty.map((number) => [number, (own: Nodes) => liarOf(own, number).disguise])),
    quality: nodeQuality(random, mix, delta, inOrder),
    inOrder,
    clock: () => createClock(86_400_000 + random.below(100), 1),
    diskDelay: (_, operation) => (operation === 'sync' ? random.below(11) : 0),
    snapshotEvery: pick(random, [3, 8, 30]),
    snapshotLag: pick(random, [2, 5, 20, 1_000]),
    history: () => pick(random, ['all', 'recent'] as const),
    print,
  })
  const stir = (): void => {
    for (const number of faulty) liarOf(nodes, number).stir()
    nodes.schedule.at(nodes.schedule.now() + 1 + random.below(2 * delta), stir)
  }
  stir()
  const clients = createClients(random, nodes)
  clients.start(healAt, pick(random, [50, 150, 400]))
  return runNodeScenario(nodes, {
    lateAt: chance(random, 40) ? random.below(healAt) : 0,
    healAt,
    delta,
    clients,
    missing: faulty.length,
    term: rules.schedule.kind === 'stableLeader' ? rules.schedule.term : 1,
    faults: planNodeFaults(nodes, random, { mix, delta, healAt, victim: 0 }),
  })
}
