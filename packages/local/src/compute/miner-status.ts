import type { MinerPart } from './programs.js'

/** What a miner tells on its status page (docs/miner.md). Only what is read here is named. */
export type MinerStatus = { readonly isolation: WorkloadIsolation } & Readonly<Record<string, unknown>>

export type WorkloadIsolation = {
  readonly driver: 'bubblewrap' | 'podman' | 'process'
  readonly level: 'container' | 'sandbox' | 'sandbox-watched' | 'none'
}

const timeoutMs = 1_000

/** Nothing while it does not answer. */
export async function minerStatus({ statusPort }: MinerPart): Promise<MinerStatus | undefined> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(`http://127.0.0.1:${statusPort}/status`, { signal })
    return (await answer.json()) as MinerStatus
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
