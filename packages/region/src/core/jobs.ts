import type { ErrorName } from '@banyan/base'

/** Jobs: work that nobody waits for at the other end of a connection. Their life, without their bytes. */

export type JobState = 'running' | 'done' | 'failed' | 'cancelled'

export type Job = {
  readonly id: string
  readonly account: string
  readonly service: string
  readonly webhook: string | undefined
  readonly acceptedAt: number
  state: JobState
  /** From 0 to 1, as the miner tells. */
  done: number
  note: string | undefined
  endedAt: number | undefined
  /** HTTP status of the service's answer. */
  status: number | undefined
  error: ErrorName | undefined
  /** Tries to call the webhook; what became of the last. */
  calls: number
  callFailure: string | undefined
  isCalled: boolean
  nextCall: number
}

export type JobsLimits = {
  readonly maxJobs: number
  readonly maxPerAccount: number
  /** How long a job that has ended is kept, ms. */
  readonly keepMs: number
  readonly maxCalls: number
  /** Until the second call of a webhook; four times as long for each further one. */
  readonly callAgainMs: number
}

export const defaultJobsLimits: JobsLimits = {
  maxJobs: 20_000,
  maxPerAccount: 2_000,
  keepMs: 3_600_000,
  maxCalls: 6,
  callAgainMs: 1_000,
}

export type Jobs = {
  readonly limits: JobsLimits
  readonly jobs: Map<string, Job>
  readonly perAccount: Map<string, number>
}

export type JobsEvent =
  | {
      readonly kind: 'accepted'
      readonly id: string
      readonly account: string
      readonly service: string
      readonly webhook: string | undefined
    }
  | {
      readonly kind: 'progress'
      readonly id: string
      readonly done: number
      readonly note: string | undefined
    }
  | { readonly kind: 'answered'; readonly id: string; readonly status: number }
  | { readonly kind: 'failed'; readonly id: string; readonly error: ErrorName }
  | { readonly kind: 'called'; readonly id: string; readonly failure: string | undefined }
  | { readonly kind: 'tick' }

export type JobsEffect =
  /** No room for it. */
  | { readonly kind: 'refuse'; readonly id: string }
  /** Whoever watches a job is to be told. */
  | { readonly kind: 'changed'; readonly job: Job }
  | { readonly kind: 'call'; readonly job: Job; readonly url: string }
  /** What is kept of it can go. */
  | { readonly kind: 'forget'; readonly id: string }

export function createJobs(limits: JobsLimits): Jobs {
  return { limits, jobs: new Map(), perAccount: new Map() }
}

/** A job that was accepted before a restart, as it was then. One whose webhook was not called is called at the next tick. */
export function restoreJob(
  all: Jobs,
  job: Pick<Job, 'id' | 'account' | 'service' | 'webhook' | 'acceptedAt' | 'isCalled'> &
    Pick<Job, 'state' | 'endedAt' | 'status' | 'error'>,
): void {
  all.perAccount.set(job.account, (all.perAccount.get(job.account) ?? 0) + 1)
  const isDue = job.state !== 'running' && job.webhook !== undefined && !job.isCalled
  all.jobs.set(job.id, {
    ...job,
    done: job.state === 'done' ? 1 : 0,
    note: undefined,
    calls: 0,
    callFailure: undefined,
    nextCall: isDue ? 0 : Number.POSITIVE_INFINITY,
  })
}

/** One step of the jobs. Events about jobs that are forgotten do nothing. */
export function stepJobs(all: Jobs, event: JobsEvent, now: number): JobsEffect[] {
  if (event.kind === 'accepted') return accept(all, event, now)
  if (event.kind === 'tick') return tick(all, now)
  const job = all.jobs.get(event.id)
  if (job === undefined) return []
  if (event.kind === 'called') return takeCall(all, job, event.failure, now)
  if (job.state !== 'running') return []
  if (event.kind === 'progress') {
    job.done = event.done
    job.note = event.note
    return [{ kind: 'changed', job }]
  }
  job.endedAt = now
  if (event.kind === 'answered') {
    job.state = 'done'
    job.done = 1
    job.status = event.status
  } else {
    job.state = event.error === 'ClientGone' ? 'cancelled' : 'failed'
    job.error = event.error
  }
  return [{ kind: 'changed', job }, ...call(job)]
}

/** Failed work, and work whose webhook could not be called. */
export function isDeadLetter(all: Jobs, job: Job): boolean {
  if (job.state === 'failed') return true
  return job.webhook !== undefined && !job.isCalled && job.calls >= all.limits.maxCalls
}

function accept(all: Jobs, event: Extract<JobsEvent, { kind: 'accepted' }>, now: number): JobsEffect[] {
  const { id, account, service, webhook } = event
  const own = all.perAccount.get(account) ?? 0
  if (all.jobs.size >= all.limits.maxJobs || own >= all.limits.maxPerAccount) return [{ kind: 'refuse', id }]
  all.perAccount.set(account, own + 1)
  all.jobs.set(id, {
    id,
    account,
    service,
    webhook,
    acceptedAt: now,
    state: 'running',
    done: 0,
    note: undefined,
    endedAt: undefined,
    status: undefined,
    error: undefined,
    calls: 0,
    callFailure: undefined,
    isCalled: false,
    nextCall: Number.POSITIVE_INFINITY,
  })
  return []
}

function call(job: Job): JobsEffect[] {
  if (job.webhook === undefined) return []
  job.calls++
  job.nextCall = Number.POSITIVE_INFINITY
  return [{ kind: 'call', job, url: job.webhook }]
}

function takeCall(all: Jobs, job: Job, failure: string | undefined, now: number): JobsEffect[] {
  job.callFailure = failure
  if (failure === undefined) job.isCalled = true
  else if (job.calls < all.limits.maxCalls) job.nextCall = now + all.limits.callAgainMs * 4 ** (job.calls - 1)
  return []
}

function tick(all: Jobs, now: number): JobsEffect[] {
  const effects: JobsEffect[] = []
  for (const job of all.jobs.values()) {
    if (job.nextCall <= now) effects.push(...call(job))
    if (job.endedAt !== undefined && now - job.endedAt > all.limits.keepMs) {
      all.jobs.delete(job.id)
      const left = all.perAccount.get(job.account)! - 1
      if (left === 0) all.perAccount.delete(job.account)
      else all.perAccount.set(job.account, left)
      effects.push({ kind: 'forget', id: job.id })
    }
  }
  return effects
}
