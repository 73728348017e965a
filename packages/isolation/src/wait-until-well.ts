import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { fail } from '@banyan/base'
import type { Ending, Target } from './isolation.js'
import type { Workload } from './workload.js'

/** Resolves once a workload answers its health path with 200. Errors: WorkloadEnded, WorkloadSilent. */
export async function waitUntilWell(
  { name, health, startMs }: Workload,
  target: Target,
  ended: Promise<Ending>,
): Promise<void> {
  let ending: Ending | undefined
  void ended.then((found) => {
    ending = found
  })
  const deadline = performance.now() + startMs
  for (let wait = 5; performance.now() < deadline; wait = Math.min(wait * 1.5, 100)) {
    if (ending !== undefined) return fail('WorkloadEnded', { name, outcome: ending.outcome })
    if ((await statusOf(target, health)) === 200) return
    await pause(wait)
  }
  return fail('WorkloadSilent', { name, path: health, milliseconds: startMs })
}

/** Status of a GET; 0 where there is no answer. */
function statusOf(target: Target, path: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request({ ...target, path, agent: false, timeout: 2_000 }, (answer) => {
      answer.resume()
      answer.once('close', () => resolve(answer.statusCode ?? 0))
    })
    asked.once('error', () => resolve(0))
    asked.once('timeout', () => asked.destroy())
    asked.end()
  })
}
