import type { Ending, Instance, Target, Usage } from './isolation.js'
import type { LogLines } from './log-lines.js'
import { waitUntilWell } from './wait-until-well.js'
import type { Workload } from './workload.js'

/** A workload that a driver has started, not well yet. */
export type Launched = {
  readonly target: Target
  readonly usage: () => Usage
  readonly resetPeak: () => void
  readonly log: LogLines
  readonly ended: Promise<Ending>
  /** Ends all of it and removes what was made for it. */
  readonly remove: () => Promise<void>
}

/** Waits until what was launched is well; removes it where it is not. Errors: WorkloadEnded, WorkloadSilent. */
export async function bringUp(workload: Workload, begun: number, launched: Launched): Promise<Instance> {
  const { target, usage, resetPeak, log, ended, remove } = launched
  let removal: Promise<void> | undefined
  const stop = (): Promise<void> => {
    removal ??= remove()
    return removal
  }
  try {
    await waitUntilWell(workload, target, ended)
  } catch (error) {
    await stop()
    throw error
  }
  // One that ends by itself leaves nothing behind either.
  void ended.then(stop)
  return { target, coldStartMs: performance.now() - begun, usage, resetPeak, logs: log.lines, ended, stop }
}

/** How a process ended, in words. */
export function outcomeOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`
}
