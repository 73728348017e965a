import { parseArgs } from 'node:util'
import {
  type Cluster,
  checkCluster,
  createLoad,
  fundedAccounts,
  grow,
  type MemorySample,
  memoryGrowth,
  metricsOf,
  startCluster,
} from '../cluster/index.js'
import { createRandom, type Random } from '../random.js'
import { anyFault } from './faults.js'

/**
 * Hours of load on a network of processes, with faults: `npm run soak -- --minutes 60 --nodes 4 --seed 1`. Says what
 * happened, how the memory of every process grew, and ends with a verdict.
 */

const sampleMs = 10_000
const quietMs = 10_000

type Options = {
  readonly minutes: number
  readonly nodes: number
  readonly seed: number
  readonly perSecond: number
}

function readOptions(): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { minutes: text, nodes: text, seed: text, 'per-second': text } })
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed)
  const nodes = Number(values.nodes ?? 4)
  if (nodes < 4) throw new Error('a network survives faults from four nodes on')
  return { minutes: Number(values.minutes ?? 60), nodes, seed, perSecond: Number(values['per-second'] ?? 40) }
}

/** Samples the memory of every process until it is stopped; by node and process id. */
function watchMemory(cluster: Cluster) {
  const samples = new Map<string, MemorySample[]>()
  const timer = setInterval(() => {
    for (const { index, admin, process } of cluster.running()) {
      const name = `node ${index}, process ${process.pid}`
      metricsOf(admin).then(
        (metrics) => {
          const list = samples.get(name) ?? []
          list.push({ at: Date.now(), bytes: metrics.get('process_resident_memory_bytes') ?? 0 })
          samples.set(name, list)
        },
        // It was ended meanwhile.
        () => undefined,
      )
    }
  }, sampleMs)
  return { samples, stop: () => clearInterval(timer) }
}

function printMemory(samples: ReadonlyMap<string, readonly MemorySample[]>): void {
  for (const [name, list] of samples) {
    const growth = memoryGrowth(list)
    const mib = (list.at(-1)!.bytes / 2 ** 20).toFixed(0)
    const minutes = ((list.at(-1)!.at - list[0]!.at) / 60_000).toFixed(0)
    const told =
      growth === undefined ? 'too short to tell its growth' : `${(growth * 100).toFixed(2)} % per hour`
    console.log(`memory of ${name}: ${mib} MiB after ${minutes} minutes, ${told}`)
  }
}

async function disturb(cluster: Cluster, random: Random, end: number): Promise<void> {
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, random.below(quietMs)))
    console.log(`${new Date().toISOString()} ${await anyFault(cluster, random)}`)
    await grow(cluster.running(), 2)
  }
}

async function soak({ minutes, nodes, seed, perSecond }: Options): Promise<readonly string[]> {
  console.log(`soak: ${minutes} minutes, ${nodes} nodes, ${perSecond} transfers a second, seed ${seed}`)
  const random = createRandom(seed)
  const cluster = await startCluster({
    validators: nodes,
    accounts: fundedAccounts,
    faults: () => random.below(2 ** 32) / 2 ** 32,
  })
  console.log(`folder: ${cluster.folder}`)
  let isKept = true
  try {
    const memory = watchMemory(cluster)
    const load = createLoad({ cluster, random: createRandom(seed ^ 1), perSecond })
    load.start()
    const end = Date.now() + minutes * 60_000
    const standstill = await disturb(cluster, random, end).then(
      () => [],
      (error: unknown) => [String(error)],
    )
    await load.stop()
    memory.stop()
    printMemory(memory.samples)
    if (standstill.length > 0) return standstill
    const { problems, ...counts } = await checkCluster(cluster, load)
    console.log(
      `${cluster.disturbances.length} disturbances; ${JSON.stringify(counts)}; refused ${JSON.stringify([...load.refused])}`,
    )
    isKept = problems.length > 0
    return problems
  } finally {
    await cluster.close(isKept)
  }
}

const problems = await soak(readOptions())
for (const problem of problems.slice(0, 100)) console.log(`problem: ${problem}`)
console.log(problems.length === 0 ? 'soak: passed' : `soak: FAILED, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
