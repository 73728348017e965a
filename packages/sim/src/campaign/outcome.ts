import type { Cluster } from '../core/cluster.js'
import type { Host } from '../core/host.js'

/** What came of one scenario. */
export type Outcome = {
  /** Everything that went wrong; empty for a scenario that passed. */
  readonly failures: readonly string[]
  /** Two blocks became final at one height. A failure unless the faulty were over budget. */
  readonly forked: boolean
  /** Equal for two runs that went the same way. */
  readonly hash: string
  readonly views: number
  /** Virtual time that passed. */
  readonly milliseconds: number
  readonly steps: number
}

/** What every campaign can be told. */
export type ScenarioOptions = {
  /** Members of the committee; the campaign chooses if absent. */
  readonly nodes?: number | undefined
  /** Gets a line for every event. */
  readonly print?: ((line: string) => void) | undefined
}

/** Runs the scenario of a seed. */
export type Campaign = (seed: number, options: ScenarioOptions) => Outcome | Promise<Outcome>

/** More actions than this in one scenario mean that the core goes round in circles. */
const stepLimit = 400_000
/** Views led by honest members that may fail after the network is whole again and everybody was heard (CON-16). */
const viewsToRecover = 3
/** Time allowed to become final again, in network delays: the longest time-out is some fifty. */
const recoveryDelays = 1_500
/** Time after the healing in which the two sides of a fork meet. */
const forkDelays = 20

export type Recovery = {
  /** When all faults of the network, the disks and the clocks end. */
  readonly healAt: number
  readonly heal: () => void
  readonly delta: number
  readonly leaderOf: (view: number) => number
  readonly isFaulty: (index: number) => boolean
  /** Too many are faulty: forks are to convict, and nobody recovers. */
  readonly forksAllowed?: boolean
}

/**
 * The last view in which a new block must become final, if the views up to `before` had begun when the network was whole. Views
 * that one leader has in a row count once: a leader who was silent is not waited for (L5), and a term of views may be
 * over before it is heard again.
 */
function lastUsefulView(before: number, { leaderOf, isFaulty }: Recovery): number {
  let view = before
  for (let left = viewsToRecover; left > 0; ) {
    const leader = leaderOf(++view)
    if (!isFaulty(leader) && leaderOf(view + 1) !== leader) left--
  }
  return view
}

const isBehind = (view: number) => (host: Host) => host.finalView() <= view

/** Runs a scenario whose faults are planned: to the end of the faults, and on until every honest node is live again. */
export function runScenario(cluster: Cluster, recovery: Recovery): Outcome {
  const { schedule, verdict, honest } = cluster
  const hasFailed = (): boolean => verdict.failures.length > 0
  cluster.start()
  let end = schedule.run(recovery.healAt, stepLimit, hasFailed)
  if (!hasFailed()) {
    recovery.heal()
    // Leaders who were cut off are silent for others (L5) until something of theirs arrives, which takes up to Δ.
    if (end === 'end') end = schedule.run(recovery.healAt + recovery.delta, stepLimit, hasFailed)
    const before = Math.max(verdict.highestView(), ...honest.map((host) => host.core().view))
    const wait = recovery.forksAllowed === true ? forkDelays : recoveryDelays
    const deadline = recovery.healAt + wait * recovery.delta
    const recovered = (): boolean =>
      hasFailed() || (recovery.forksAllowed !== true && !honest.some(isBehind(before)))
    if (end === 'end') end = schedule.run(deadline, stepLimit, recovered)
    if (end === 'limit') verdict.fail(`more than ${stepLimit} steps`)
    else if (recovery.forksAllowed === true) judgeForks(cluster)
    else if (end === 'end') {
      const stuck = honest.filter(isBehind(before)).length
      verdict.fail(`stall: ${stuck} honest nodes have nothing final above view ${before} after the healing`)
    } else if (!hasFailed()) judgeSpeed(cluster, before, lastUsefulView(before, recovery))
  }
  return {
    failures: verdict.failures,
    forked: verdict.forked(),
    hash: cluster.trace.hash(),
    views: verdict.highestView(),
    milliseconds: schedule.now(),
    steps: schedule.steps(),
  }
}

function judgeSpeed({ verdict }: Cluster, before: number, last: number): void {
  for (let view = before + 1; view <= last; view++) if (verdict.finalViews.has(view)) return
  verdict.fail(`slow: nothing of the views ${before + 1} to ${last} became final after the healing`)
}

/** Accountability: whoever made a fork possible has left proof of it on the wire. */
function judgeForks({ verdict }: Cluster): void {
  const { forked, convictedWeight, totalWeight, fail } = verdict
  if (forked() && 3 * convictedWeight() < totalWeight) {
    fail(`a fork convicts only ${convictedWeight()} of ${totalWeight} by weight`)
  }
}
