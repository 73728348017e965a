import { createConnection } from 'node:net'
import { availableParallelism, freemem } from 'node:os'
import { banyanError, fail } from '@banyan/base'
import { measureMemory, measureMflops, measureMips } from './arithmetic.js'

/** What a machine can do, as the fitness test found. */
export type Fitness = {
  readonly cores: number
  /** Of one core. */
  readonly mips: number
  readonly mflops: number
  /** Bytes a second. */
  readonly memoryBandwidth: number
  readonly freeBytes: number
  /** Time to open a connection to the region, in milliseconds. */
  readonly regionMs: number
}

/** Below these a request would take many times as long as elsewhere. */
const least = { mips: 100, mflops: 20, memoryBandwidth: 200e6 } as const

/** CPU time of this process, so that what else runs does not make the machine look slow: conditions look at that. */
function now(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Measures this machine: a third of a second of work on one core. Error: MinerUnfit where the region cannot be reached. */
export async function testFitness(region: URL): Promise<Fitness> {
  return {
    cores: availableParallelism(),
    mips: measureMips(now),
    mflops: measureMflops(now),
    memoryBandwidth: measureMemory(now),
    freeBytes: freemem(),
    regionMs: await connectTime(region),
  }
}

/** Refuses a machine that is too slow, or lacks the memory that `neededBytes` says. Error: MinerUnfit. */
export function checkFitness(fitness: Fitness, neededBytes: number): void {
  for (const key of ['mips', 'mflops', 'memoryBandwidth'] as const) {
    if (fitness[key] < least[key])
      fail('MinerUnfit', { reason: `${key} is ${Math.round(fitness[key])}, and ${least[key]} is the least` })
  }
  if (fitness.freeBytes < neededBytes) {
    const mib = (bytes: number): number => Math.round(bytes / 2 ** 20)
    fail('MinerUnfit', {
      reason: `${mib(fitness.freeBytes)} MiB of memory are free, and one instance of each chosen DService takes ${mib(neededBytes)} MiB`,
    })
  }
}

function connectTime({ hostname, port, protocol }: URL): Promise<number> {
  const begun = performance.now()
  const number = port === '' ? (protocol === 'wss:' || protocol === 'https:' ? 443 : 80) : Number(port)
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname.replace(/^\[|\]$/g, ''), port: number, timeout: 10_000 })
    const refuse = (why: string): void => {
      socket.destroy()
      reject(
        banyanError('MinerUnfit', {
          reason: `the region at ${hostname}:${number} cannot be reached (${why})`,
        }),
      )
    }
    socket.once('connect', () => {
      socket.destroy()
      resolve(performance.now() - begun)
    })
    socket.once('timeout', () => refuse('no answer within 10 s'))
    socket.once('error', (error) => refuse(error.message))
  })
}
