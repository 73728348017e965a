import { randomBytes } from 'node:crypto'
import { BanyanError, decodeJson, type ErrorName, registryError } from '@banyan/base'
import type { AccountDeal, ServiceTerms } from '../charges/terms.js'
import { isExpected } from '../core/fleet.js'
import type { Outcome } from '../core/index.js'
import type { FoundJob, JobStore, StoredJob } from '../jobs/store.js'
import type { Journal } from '../journal.js'
import type { WorkParts } from './endpoint.js'
import { createExchange } from './exchange.js'
import { createReplay } from './replay.js'
import type { Sink } from './sink.js'

export type ResumeParts = Pick<
  WorkParts,
  'region' | 'services' | 'charging' | 'jobs' | 'once' | 'budget' | 'spool'
> & {
  readonly journal: Pick<Journal, 'read'>
  readonly store: Pick<JobStore, 'request'>
}

/** Between two tries to give a job to the broker: miners join after their region. */
const againMs = 500

const errors: Readonly<Record<Exclude<Outcome, 'done'>, ErrorName>> = {
  cancelled: 'ClientGone',
  deadline: 'DeadlinePassed',
  failed: 'MinersFailed',
}

/**
 * Goes on with jobs that were under way when the region ended. One whose work was recorded is not charged again: if it was done, it is done
 * once more for its answer; if it was not, it has ended as its record says. Errors: LogDamaged, DiskFailed.
 */
export async function resumeJobs(parts: ResumeParts, found: readonly FoundJob[]): Promise<void> {
  const { jobs, once, journal } = parts
  const open = found.flatMap(({ job, end }) => (end === undefined ? [job] : []))
  const outcomes = await outcomesOf(journal, open)
  for (const job of open) {
    const { id, account, idempotencyKey: key } = job.order
    const outcome = outcomes.get(id)
    const run = outcome === 'done' ? id.slice(0, 12) + randomBytes(10).toString('hex') : id
    const ticket = jobs.resume(job, run)
    if (outcome !== undefined && outcome !== 'done') {
      ticket.sink.abort(registryError(errors[outcome], {}))
      continue
    }
    const sink = key === undefined ? ticket.sink : once.resume(account, key, run)(ticket.sink)
    const repeats = outcome === 'done' ? id : undefined
    startJob(parts, { job, run, repeats, sink, progress: ticket.progress })
  }
}

type ResumedJob = {
  readonly job: StoredJob
  /** Id of its work. */
  readonly run: string
  readonly repeats: string | undefined
  readonly sink: Sink
  readonly progress: (done: number, note: string | undefined) => void
}

/** Gives a job to the broker, again and again until it is taken or its time is over. */
function startJob(parts: ResumeParts, resumed: ResumedJob): void {
  const { region, services, jobs, budget } = parts
  const { order, acceptedAt } = resumed.job
  const again = (): void => {
    setTimeout(attempt, againMs).unref()
  }
  const attempt = (): void => {
    const now = region.now()
    const totalMs = Math.floor(acceptedAt + order.totalMs - now)
    if (!jobs.isRunning(order.id)) resumed.sink.abort(registryError('ClientGone', {}))
    else if (totalMs <= 0) resumed.sink.abort(registryError('DeadlinePassed', {}))
    // Miners join after their region, and memory for requests is bounded.
    else if (!isExpected(region.broker, order.service, now) || budget.used > budget.total / 2) again()
    else {
      Promise.resolve(services.find(order.service))
        .then((terms) => submit(parts, resumed, totalMs, terms, again))
        // Whoever keeps the accounts may not be there yet.
        .catch(again)
    }
  }
  attempt()
}

async function submit(
  { region, charging, budget, spool, store }: ResumeParts,
  { job, run, repeats, sink, progress }: ResumedJob,
  totalMs: number,
  terms: ServiceTerms | undefined,
  again: () => void,
): Promise<void> {
  const { order, payer, method, path, headers } = job
  const body = await store.request(order.id)
  const replay = createReplay({
    ...{ budget, spool },
    lost: () => region.step({ kind: 'unrepeatable', id: run }),
    ready: () => exchange.received(),
  })
  if (body !== undefined && body.length > 0) replay.add(body)
  replay.end()
  const exchange = createExchange({
    ...{ id: run, service: order.service, method, path, headers, replay, sink, progress },
    step: region.step,
    sent: () => undefined,
  })
  const wanted = { ...order, id: run, repeats, totalMs }
  const refused = (): void => {
    replay.drop()
    again()
  }
  try {
    const payerNow = { ...payer, deal: decodeJson(payer.deal) as AccountDeal }
    const tiers = charging?.admit(wanted, payerNow, terms, replay.size()) ?? order.tiers
    region.submit({ ...wanted, tiers }, exchange, refused)
  } catch (error) {
    if (!(error instanceof BanyanError)) throw error
    if (error.kind === 'RegionBusy') refused()
    else exchange.abandon(error.kind)
  }
}

/** What the journal says of jobs. */
async function outcomesOf(
  journal: Pick<Journal, 'read'>,
  jobs: readonly StoredJob[],
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  if (jobs.length === 0) return outcomes
  const ids = new Set(jobs.map(({ order }) => order.id))
  const from = Math.min(...jobs.map(({ position }) => position))
  for await (const { records } of journal.read(from + 1)) {
    for (const { id, outcome } of records) if (ids.has(id)) outcomes.set(id, outcome)
  }
  return outcomes
}
