import { createRandom } from '@banyan/testing'
import { createCluster, mockCommittee } from '../core/cluster.js'
import { createClock } from '../world/clock.js'

/** What a network without any fault does. */
export type HappyPath = {
  /** For every block and node: time from its making until it is final there, ms. */
  readonly finalAfter: readonly number[]
  readonly views: number
}

/**
 * `nodes` of equal weight for so many virtual milliseconds, every message `delay` ms under way, all work free. `delta`
 * is the bound of the delay that the nodes believe in; four times the delay if absent.
 */
export function runHappyPath(options: {
  readonly nodes: number
  readonly delay: number
  readonly milliseconds: number
  readonly delta?: number
}): HappyPath {
  const { nodes, delay, milliseconds, delta = 4 * options.delay } = options
  const free = (): number => 0
  const none = { lossPercent: 0, duplicatePercent: 0, slowPercent: 0, slowDelay: 0 }
  const made = new Map<number, number>()
  const finalAfter: number[] = []
  const cluster = createCluster({
    random: createRandom(1),
    committee: mockCommittee(Array<number>(nodes).fill(1)),
    leaderOf: (view) => view % nodes,
    timing: { delta, interval: 0, heartbeat: 10 * delay },
    faulty: new Set(),
    twins: [],
    observer: false,
    quality: { ...none, minDelay: delay, maxDelay: delay },
    clock: () => createClock(0, 1),
    pace: () => ({ syncDelay: free, checkDelay: free, buildDelay: free }),
    onSent: (_, message) => {
      if (message.kind === 'proposal') made.set(message.block.view, cluster.schedule.now())
    },
    onFinal: (_, view) => {
      finalAfter.push(cluster.schedule.now() - made.get(view)!)
    },
  })
  cluster.start()
  cluster.schedule.run(milliseconds, Number.MAX_SAFE_INTEGER, () => cluster.verdict.failures.length > 0)
  if (cluster.verdict.failures.length > 0) throw new Error(cluster.verdict.failures[0])
  return { finalAfter, views: cluster.verdict.highestView() }
}
