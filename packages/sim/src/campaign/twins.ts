import type { ConsensusMessage } from '@banyan/consensus'
import { createRandom, type Random } from '@banyan/testing'
import { type Cluster, createCluster, mockCommittee } from '../core/cluster.js'
import { type Outcome, runScenario, type ScenarioOptions } from './outcome.js'
import { chance, drawClock, drawPace, drawTiming, goodQuality } from './setting.js'

/** One view of a twins scenario: who leads, and in which part of the network each participant is. */
export type TwinsRound = { readonly leader: number; readonly parts: readonly number[] }

export type TwinsScenario = {
  readonly members: number
  /** Members 0 to `twins` - 1 run twice: the second instances are the participants after the last member. */
  readonly twins: number
  /** Views 1, 2, ...; all that follow have a whole network and leaders in turn. */
  readonly rounds: readonly TwinsRound[]
}

function viewOf(message: ConsensusMessage): number {
  if (message.kind === 'proposal') return message.block.view
  if (message.kind === 'vote') return message.vote.vote.view
  return message.kind === 'certificate' ? message.certificate.vote.view : message.fromView
}

/**
 * Two honest instances with one key each, in networks whose partitions change from view to view: together they do
 * what a malicious member might, without a line of malicious code (the Twins method of testing).
 */
export function runTwinsScenario(
  { members, twins, rounds }: TwinsScenario,
  random: Random,
  print: ScenarioOptions['print'],
): Outcome {
  const timing = drawTiming(random)
  const { delta } = timing
  const leaderOf = (view: number): number => rounds[view - 1]?.leader ?? view % members
  const healAt = 5 * delta * rounds.length
  print?.(`${members} members, ${twins} twice, delta ${delta}: ${JSON.stringify(rounds)}`)

  let isHealed = false
  const cluster: Cluster = createCluster({
    random,
    committee: mockCommittee(Array<number>(members).fill(1)),
    leaderOf,
    timing,
    faulty: new Set(),
    twins: Array.from({ length: twins }, (_, index) => index),
    observer: false,
    quality: goodQuality(delta),
    clock: () => drawClock(random, false),
    pace: () => drawPace(random, delta >> 4),
    passes(from, to, message) {
      const parts = isHealed ? undefined : rounds[viewOf(message) - 1]?.parts
      return parts === undefined || parts[from] === parts[to]
    },
    print,
  })
  return runScenario(cluster, {
    healAt,
    delta,
    leaderOf,
    isFaulty: (index) => index < twins,
    heal() {
      isHealed = true
    },
  })
}

/** As many twins as the committee tolerates. */
const shapes = [
  { members: 4, twins: 1 },
  { members: 4, twins: 1 },
  { members: 4, twins: 1 },
  { members: 7, twins: 2 },
  { members: 7, twins: 2 },
  { members: 10, twins: 3 },
] as const

/** Scenarios drawn at random: up to seven views, up to three parts, twins leading half of the time. */
export function runTwins(seed: number, { nodes, print }: ScenarioOptions): Outcome {
  const random = createRandom(seed)
  const shape =
    nodes === undefined
      ? shapes[random.below(shapes.length)]!
      : { members: nodes, twins: Math.floor((nodes - 1) / 3) }
  const { members, twins } = shape
  const rounds = Array.from({ length: 2 + random.below(6) }, () => {
    const parts = 1 + random.below(3)
    return {
      leader: random.below(chance(random, 50) ? twins : members),
      parts: Array.from({ length: members + twins }, () => random.below(parts)),
    }
  })
  return runTwinsScenario({ ...shape, rounds }, random, print)
}
