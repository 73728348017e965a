import type { PeerId } from '@banyan/network'
import type { EngineState, Job } from './state.js'

/** Most jobs under way: far more than peers and threads can have at once. */
const maxJobs = 65_536

/** Gives a job its number. */
export function startJob(engine: EngineState, job: Job): number {
  const number = engine.nextJob++
  engine.jobs.set(number, job)
  return number
}

/** Takes a job that is done; `undefined` if it is unknown, or another kind of job. */
export function endJob<Kind extends Job['kind']>(
  engine: EngineState,
  number: number,
  kind: Kind,
): Extract<Job, { kind: Kind }> | undefined {
  const job = engine.jobs.get(number)
  if (job?.kind !== kind) return undefined
  engine.jobs.delete(number)
  return job as Extract<Job, { kind: Kind }>
}

/** Asks a peer; `done` gets the parts of its answer, or nothing. */
export function ask(
  engine: EngineState,
  peer: PeerId,
  bytes: Uint8Array,
  limits: { readonly maxBytes: number; readonly timeoutMs: number },
  done: (parts: readonly Uint8Array[] | undefined) => void,
): void {
  if (engine.jobs.size >= maxJobs) {
    done(undefined)
    return
  }
  const job = startJob(engine, { kind: 'request', done })
  engine.effects.push({ kind: 'request', job, peer, bytes, ...limits })
}
