import { createRandom, type Random } from '@banyan/testing'
import { type Attack, createAttack, type Trick, tricks } from '../adversary/attack.js'
import { enter, judge, stir } from '../adversary/moves.js'
import { type Cluster, createCluster, mockCommittee } from '../core/cluster.js'
import { badQuality, healAll, type Mix, mixes, planFaults } from './faults.js'
import { type Outcome, runScenario, type ScenarioOptions } from './outcome.js'
import {
  chance,
  drawClock,
  drawLeaders,
  drawPace,
  drawTiming,
  drawWeights,
  pick,
  shuffled,
} from './setting.js'

/** Faults beside the adversary's: none for some, a bad network, crashes now and then. */
const milder: readonly Mix[] = [
  { ...mixes[0]!, name: 'calm', lossPercent: 0, slowPercent: 0, pause: 0 },
  { ...mixes[0]!, lossPercent: 10 },
  mixes[1]!,
  mixes[2]!,
]

/** Members drawn until one more would weigh more than `most`. */
function drawFaulty(random: Random, weights: readonly number[], most: number): number[] {
  const faulty: number[] = []
  let weight = 0
  for (const index of shuffled(random, [...weights.keys()])) {
    if (weight + weights[index]! > most) continue
    weight += weights[index]!
    faulty.push(index)
  }
  return faulty.sort((a, b) => a - b)
}

function drawSides(random: Random, honest: readonly number[]): number[][] {
  const mixed = shuffled(random, honest)
  const cut = 1 + random.below(Math.max(1, mixed.length - 1))
  return [mixed.slice(0, cut), mixed.slice(cut)]
}

/** Lets the adversary react to what it hears, and act by itself until the scenario ends. */
function drive(attack: Attack, { schedule }: Cluster, delta: number): { readonly notice: () => void } {
  let entered = 0
  let judged = 0
  function notice(): void {
    while (judged < attack.knowledge.blocks.length) judge(attack, attack.knowledge.blocks[judged++]!)
    const view = attack.knowledge.view()
    if (view > entered) {
      entered = view
      enter(attack, view)
    }
  }
  function act(): void {
    stir(attack)
    notice()
    schedule.at(schedule.now() + 1 + attack.random.below(2 * delta), act)
  }
  schedule.at(attack.random.below(delta), act)
  return { notice }
}

type Plan = {
  readonly most: (total: number) => number
  readonly chosen: (random: Random) => ReadonlySet<Trick>
  readonly mixes: readonly Mix[]
  /** Cuts the honest sides off from each other until the healing. */
  readonly divided: boolean
  readonly forksAllowed: boolean
}

function runPlan(plan: Plan, seed: number, { nodes, print }: ScenarioOptions): Outcome {
  const random = createRandom(seed)
  const mix = pick(random, plan.mixes)
  const weights = drawWeights(random, nodes)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const faulty = drawFaulty(random, weights, plan.most(total))
  const honest = [...weights.keys()].filter((index) => !faulty.includes(index))
  const sides = drawSides(random, honest)
  const chosen = plan.chosen(random)
  const leaderOf = drawLeaders(random, weights.length)
  const timing = drawTiming(random)
  const { delta } = timing
  const healAt = delta * (8 + random.below(weights.length > 10 ? 10 : 25))
  const pace = drawPace(random, delta >> 3)
  print?.(`${mix.name}; weights ${weights.join()}, faulty ${faulty.join()}, sides ${sides.join(' | ')}`)
  print?.(
    `tricks: ${[...chosen].join(', ')}; delta ${delta}, interval ${timing.interval}, healing at ${healAt}`,
  )

  const committee = mockCommittee(weights)
  let notice = (): void => undefined
  const cluster = createCluster({
    random,
    committee,
    leaderOf,
    timing,
    faulty: new Set(faulty),
    receiveFaulty(_, message) {
      if (attack?.knowledge.learn(message) === true) notice()
    },
    twins: [],
    observer: chance(random, 20),
    quality: badQuality(random, mix, delta),
    clock: () => drawClock(random, mix.skewed),
    pace: () => pace,
    forksAllowed: plan.forksAllowed,
    print,
  })
  const { mock, blocks, schedule, network } = cluster
  const attack =
    faulty.length === 0
      ? undefined
      : createAttack({
          random,
          committee,
          mock,
          blocks,
          leaderOf,
          members: faulty,
          sides,
          chosen,
          timing,
          schedule,
          send: cluster.sendFaulty,
        })
  if (attack !== undefined) notice = drive(attack, cluster, delta).notice
  if (plan.divided) {
    for (const a of sides[0]!) {
      for (const b of sides[1]!) {
        network.cut(a, b)
        network.cut(b, a)
      }
    }
  } else planFaults(cluster, random, mix, { delta, healAt, gap: 12 })
  return runScenario(cluster, {
    healAt,
    delta,
    leaderOf,
    isFaulty: (index) => faulty.includes(index),
    forksAllowed: plan.forksAllowed,
    heal: () => healAll(cluster, delta),
  })
}

/** Each trick with an even chance. */
function someTricks(random: Random): ReadonlySet<Trick> {
  return new Set(tricks.filter(() => chance(random, 50)))
}

/** Less than a third of the weight is faulty and does its worst; the rest must agree and go on. */
export function runAdversary(seed: number, options: ScenarioOptions): Outcome {
  const plan: Plan = {
    most: (total) => Math.ceil(total / 3) - 1,
    chosen: someTricks,
    mixes: milder,
    divided: false,
    forksAllowed: false,
  }
  return runPlan(plan, seed, options)
}

/**
 * The control: half of the weight is faulty, which is too much. Forks happen; each must convict at least a third of the
 * weight, and never an honest member.
 */
export function runOverBudget(seed: number, options: ScenarioOptions): Outcome {
  const plan: Plan = {
    most: (total) => Math.floor(total / 2),
    chosen: (random) => new Set<Trick>([...someTricks(random), 'equivocate', 'vote for everything']),
    mixes: milder.slice(0, 2),
    divided: true,
    forksAllowed: true,
  }
  return runPlan(plan, seed, options)
}
