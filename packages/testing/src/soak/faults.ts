import type { Cluster } from '../cluster/cluster.js'
import type { Random } from '../random.js'

/** What can happen to a network, chosen at random: at most f of 3f + 1 nodes at a time, or a partition. */

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

type Fault = (cluster: Cluster, random: Random) => Promise<string>

/** Different nodes, at most f. Node 0 always stays, so that the memory of one process can be watched for the whole time. */
function victimsOf({ size }: Cluster, random: Random): readonly number[] {
  const most = Math.floor((size - 1) / 3)
  const count = 1 + random.below(most)
  const victims = new Set<number>()
  while (victims.size < count) victims.add(1 + random.below(size - 1))
  return [...victims]
}

const crash: Fault = async (cluster, random) => {
  const victims = victimsOf(cluster, random)
  for (const victim of victims) {
    await pause(random.below(1_000))
    await cluster.kill(victim)
  }
  await pause(random.below(10_000))
  await Promise.all(victims.map((victim) => cluster.start(victim)))
  return `killed ${victims.join(', ')}`
}

const restart: Fault = async (cluster, random) => {
  const [victim] = victimsOf(cluster, random)
  const { code } = await cluster.stop(victim!)
  if (code !== 0) throw new Error(`node ${victim} ended with ${code} when it was asked to stop`)
  await cluster.start(victim!)
  return `restarted ${victim}`
}

const partition: Fault = async (cluster, random) => {
  const groups: number[][] = [[], []]
  for (let node = 0; node < cluster.size; node++) groups[random.below(2)]!.push(node)
  cluster.partition(groups)
  await pause(random.below(20_000))
  cluster.heal()
  return `cut ${groups.map((group) => group.join(' ')).join(' | ')}`
}

const faults: readonly Fault[] = [crash, crash, restart, partition]

/** Lets one fault happen and end. Resolves to what it was. */
export function anyFault(cluster: Cluster, random: Random): Promise<string> {
  return faults[random.below(faults.length)]!(cluster, random)
}
