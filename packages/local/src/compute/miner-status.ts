import type { MinerReport } from '@banyan/miner'
import type { MinerPart } from './programs.js'

/** How workloads are kept apart from a machine. */
export type WorkloadIsolation = Pick<MinerReport['isolation'], 'driver' | 'level'>

const timeoutMs = 1_000

/** What a miner tells on its status page (docs/miner.md); nothing while it does not answer. */
export async function minerStatus({ statusPort }: MinerPart): Promise<MinerReport | undefined> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(`http://127.0.0.1:${statusPort}/status`, { signal })
    return (await answer.json()) as MinerReport
  } catch {
    return undefined
  }
}

/** How these miners keep workloads apart: all choose alike, since they are on one machine. */
export async function isolationOf(miners: readonly MinerPart[]): Promise<WorkloadIsolation> {
  for (const miner of miners) {
    const { isolation } = (await minerStatus(miner)) ?? {}
    if (isolation !== undefined) return { driver: isolation.driver, level: isolation.level }
  }
  return { driver: 'process', level: 'none' }
}
