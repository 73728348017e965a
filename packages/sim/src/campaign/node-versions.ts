import type { ProgramVersions } from '@banyan/node'
import { createRandom, type Random } from '@banyan/testing'
import { createClients } from '../node/clients.js'
import { createNodes, type Nodes } from '../node/nodes.js'
import { createClock } from '../world/clock.js'
import { drawRules } from './node.js'
import { calm, type Faults, nodeMixes, nodeQuality, planNodeFaults } from './node-faults.js'
import { runNodeScenario } from './node-scenario.js'
import type { Outcome, ScenarioOptions } from './outcome.js'
import { chance, pick } from './setting.js'

/** Faults beside the mixed versions: mostly none. */
const milder = [calm, calm, nodeMixes[0]!, nodeMixes[1]!, nodeMixes[3]!]

/** Whole nodes of two programs, whose rules change at a height, while their owners install the newer one. */
export async function runNodeVersions(
  seed: number,
  { nodes: members, print }: ScenarioOptions,
): Promise<Outcome> {
  const random = createRandom(seed)
  const mix = pick(random, milder)
  const size = members ?? pick(random, [4, 4, 4, 5, 7])
  const height = 2 + random.below(30)
  const rules = { ...drawRules(random, mix.skewed), upgrades: [{ version: 2, height }] }
  const { delta } = rules.timing
  const healAt = delta * (40 + random.below(120))
  const inOrder = chance(random, 70)
  /** Whose machine starts the newer program. */
  const newer = new Set(Array.from({ length: size }, (_, node) => node).filter(() => chance(random, 40)))
  print?.(`${mix.name}; ${size} nodes, rules change at block ${height}, newer: ${[...newer].join()}`)
  const nodes = createNodes({
    random,
    rules,
    versions: (node) => programOf(random, newer.has(node)),
    weights: Array.from({ length: size }, () => 1),
    members: size,
    followers: random.below(2),
    faulty: new Map(),
    quality: nodeQuality(random, mix, delta, inOrder),
    inOrder,
    clock: () => createClock(86_400_000 + random.below(100), 1),
    diskDelay: (_, operation) => (operation === 'sync' ? random.below(11) : 0),
    snapshotEvery: pick(random, [3, 8, 30]),
    snapshotLag: pick(random, [2, 5, 20, 1_000]),
    history: () => pick(random, ['all', 'recent'] as const),
    print,
  })
  const faults = planNodeFaults(nodes, random, { mix, delta, healAt, victim: 0 })
  const clients = createClients(random, nodes)
  clients.start(healAt, pick(random, [50, 150, 400]))
  return runNodeScenario(nodes, {
    lateAt: 0,
    healAt,
    delta,
    clients,
    missing: 0,
    term: rules.schedule.kind === 'stableLeader' ? rules.schedule.term : 1,
    faults: planInstallations(nodes, random, { newer, healAt, faults }),
  })
}

/** Newer programs know more rules, and some speak a newer version of messages besides the one that all speak. */
function programOf(random: Random, isNewer: boolean): ProgramVersions {
  return { messages: { least: 1, newest: 1 + random.below(isNewer ? 3 : 2) }, rules: isNewer ? 2 : 1 }
}

/** Each owner installs the newer program some time before the healing, at the latest when the node stops for it. */
function planInstallations(
  nodes: Nodes,
  random: Random,
  {
    newer,
    healAt,
    faults,
  }: { readonly newer: Set<number>; readonly healAt: number; readonly faults: Faults },
): Faults {
  const { onStopped, schedule } = nodes
  nodes.onStopped = (node, error) => {
    if (error.kind === 'UpgradeRequired') newer.add(node)
    onStopped(node, error)
  }
  for (const machine of nodes.machines) {
    schedule.at(random.below(healAt), () => {
      if (newer.has(machine.number)) return
      newer.add(machine.number)
      machine.crash(undefined)
      machine.start()
    })
  }
  return faults
}
