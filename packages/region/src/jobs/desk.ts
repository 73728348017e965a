import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ErrorName, encodeJson, fail, registryError } from '@banyan/base'
import type { Payer } from '../charges/charging.js'
import {
  createJobs,
  defaultJobsLimits,
  isDeadLetter,
  type Job,
  type JobsEffect,
  type JobsEvent,
  restoreJob,
  stepJobs,
  type WorkOrder,
} from '../core/index.js'
import type { Region } from '../region.js'
import { sendError, sendJson } from '../work/answer.js'
import { answerHeaders } from '../work/headers.js'
import type { Sink } from '../work/sink.js'
import { type Answer, createResults } from './results.js'
import type { FoundJob, JobStore, StoredJob } from './store.js'
import { viewOf } from './view.js'
import { callWebhook, checkWebhook, signWebhook } from './webhook.js'

/** Takes jobs in, keeps their answers, tells how they are, and calls webhooks. */
export type JobDesk = {
  /** Begins a job. `position`: where the journal ends. Errors: WebhookRefused, WorkMalformed, AccountBusy. */
  readonly open: (order: WorkOrder, own: ReadonlyMap<string, string>, position: number) => JobTicket
  /** Goes on with a job that was under way before a restart; `run`: the id of its work now. */
  readonly resume: (job: StoredJob, run: string) => JobTicket
  readonly isRunning: (id: string) => boolean
  /** Whether work with this id goes on after a restart. */
  readonly isKept: (run: string) => boolean
  /** Answers a request below /_banyan/jobs or /_banyan/dead-letters. Errors: JobUnknown, WorkMalformed. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, account: string) => void
  /** Begins nothing more: what ends from now on, ends after the next start. */
  readonly stop: () => void
}

export type JobTicket = {
  readonly sink: Sink
  readonly progress: (done: number, note: string | undefined) => void
  readonly view: () => object
  /** Resolves when the job is durable; one that is over, or whose body is not kept, is not. Errors: DiskFull, DiskFailed. */
  readonly accepted: (request: JobRequest, body: readonly Uint8Array[] | undefined) => Promise<void>
}

export type JobRequest = Pick<StoredJob, 'method' | 'path' | 'headers'> & { readonly payer: Payer }

const tickMs = 500
const maxWatchers = 1_000
const leastSecret = 16

export type JobDeskParts = {
  readonly region: Region
  readonly store: JobStore
  /** Jobs that the store had at the start. */
  readonly found: readonly FoundJob[]
  readonly allowPrivateWebhooks: boolean
}

export function createJobDesk({ region, store, found, allowPrivateWebhooks }: JobDeskParts): JobDesk {
  const jobs = createJobs(defaultJobsLimits)
  /** Jobs by the ids of their work, and the other way round. */
  const runs = new Map<string, { readonly run: string; readonly sink: Sink }>()
  const jobsOfRuns = new Map<string, string>()
  let isStopped = false
  const results = createResults({ each: 2 ** 24, total: 2 ** 28 })
  const secrets = new Map<string, string>()
  const watchers = new Map<ServerResponse, string>()
  const timer = setInterval(() => step({ kind: 'tick' }), tickMs)

  function step(event: JobsEvent): JobsEffect[] {
    const effects = stepJobs(jobs, event, region.now())
    for (const effect of effects) {
      if (effect.kind === 'changed') tell(effect.job)
      else if (effect.kind === 'call') call(effect.job, effect.url)
      else if (effect.kind === 'forget') {
        results.drop(effect.id)
        secrets.delete(effect.id)
        void store.forget(effect.id)
      }
    }
    return effects
  }

  function tell(job: Job): void {
    for (const [response, id] of watchers) if (id === job.id) sendEvent(response, job)
  }

  function sendEvent(response: ServerResponse, job: Job): void {
    response.write(`data: ${JSON.stringify(viewOf(job))}\n\n`)
    if (job.state !== 'running') response.end()
  }

  function call(job: Job, url: string): void {
    const body = JSON.stringify(viewOf(job))
    const signature = signWebhook(secrets.get(job.id) ?? '', Math.floor(region.now()), body)
    void callWebhook(url, body, signature, allowPrivateWebhooks).then((failure) => {
      step({ kind: 'called', id: job.id, failure })
      // At worst it is called once more after a restart.
      if (failure === undefined && !isStopped) store.called(job.id).catch(() => undefined)
    })
  }

  /** Keeps the answer. Without room for it the job fails, and its work is recalled. */
  function sinkOf(id: string, run: string): Sink & { readonly isOver: () => boolean } {
    let status = 0
    let headers: readonly string[] = []
    let isOver = false
    const over = (event: JobsEvent): void => {
      runs.delete(id)
      jobsOfRuns.delete(run)
      step(event)
    }
    /** Its record is in the journal: should this not become durable, the next start tells the same from there. */
    const giveUp = (error: ErrorName): void => {
      if (isOver || isStopped) return
      isOver = true
      results.drop(id)
      over({ kind: 'failed', id, error })
      const state = error === 'ClientGone' ? 'cancelled' : 'failed'
      const end = { state, status: undefined, headers: [], error, endedAt: region.now() } as const
      store.end(id, end, []).catch(() => undefined)
    }
    const finish = (): void => {
      if (isOver) return
      isOver = true
      const end = { state: 'done', status, headers, error: undefined, endedAt: region.now() } as const
      store
        .end(id, end, results.get(id)!.pieces)
        .then(() => {
          if (store.has(id)) results.drop(id)
        })
        // The answer stays in memory then.
        .catch(() => undefined)
        .then(() => over({ kind: 'answered', id, status }))
    }
    const add = (bytes: Uint8Array): boolean => {
      if (results.add(id, bytes)) return true
      giveUp('JobResultTooLarge')
      region.cancel(run)
      return false
    }
    return {
      head: (code, given) => {
        status = code
        headers = answerHeaders(given)
        results.head(id, code, headers)
      },
      write: add,
      end: (last) => {
        if (add(last)) finish()
      },
      abort: (error) => giveUp(error.kind),
      isOver: () => isOver,
    }
  }

  function ticketOf(id: string, run: string, account: string, keep: JobTicket['accepted']): JobTicket {
    const sink = sinkOf(id, run)
    results.begin(id)
    runs.set(id, { run, sink })
    jobsOfRuns.set(run, id)
    return {
      sink,
      progress: (done, note) => step({ kind: 'progress', id, done, note }),
      view: () => viewOf(jobOf(id, account)),
      accepted: async (request, body) => {
        if (!sink.isOver()) await keep(request, body)
      },
    }
  }

  function jobOf(id: string, account: string): Job {
    const job = jobs.jobs.get(id)
    return job !== undefined && job.account === account ? job : fail('JobUnknown', { id: id.slice(0, 64) })
  }

  function cancel({ id }: Job): void {
    const work = runs.get(id)
    if (work === undefined) return
    if (region.broker.requests.has(work.run)) region.cancel(work.run)
    // It waits to go on after a restart.
    else work.sink.abort(registryError('ClientGone', {}))
  }

  function watch(response: ServerResponse, job: Job): void {
    if (watchers.size >= maxWatchers) fail('AccountBusy')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    watchers.set(response, job.id)
    response.on('close', () => watchers.delete(response))
    sendEvent(response, job)
  }

  async function sendResult(response: ServerResponse, job: Job): Promise<void> {
    const answer = results.get(job.id) ?? (await storedAnswer(job.id))
    if (job.state !== 'done' || answer === undefined) {
      sendJson(response, job.state === 'running' ? 202 : 409, viewOf(job))
      return
    }
    response.writeHead(answer.status, [...answer.headers])
    for (const piece of answer.pieces) response.write(piece)
    response.end()
  }

  /** Errors: DiskFailed. */
  async function storedAnswer(
    id: string,
  ): Promise<Pick<Answer, 'status' | 'headers' | 'pieces'> | undefined> {
    const { head, body } = (await store.answer(id)) ?? {}
    return head?.status === undefined
      ? undefined
      : { status: head.status, headers: head.headers, pieces: [body!] }
  }

  for (const { job, end, isCalled } of found) {
    const { id, account, service } = job.order
    const { webhook, acceptedAt } = job
    const { state, status, error, endedAt } = end ?? { state: 'running' }
    restoreJob(jobs, { id, account, service, webhook, acceptedAt, isCalled, state, status, error, endedAt })
    secrets.set(id, job.secret)
  }

  return {
    open: (order, own, position) => {
      const { id, account, service } = order
      const given = own.get('webhook')
      const webhook = given === undefined ? undefined : checkWebhook(given, allowPrivateWebhooks)
      const secret = own.get('webhook-secret') ?? ''
      if (webhook !== undefined && secret.length < leastSecret) {
        fail('WorkMalformed', { reason: `banyan-webhook-secret has fewer than ${leastSecret} characters` })
      }
      const refused = step({ kind: 'accepted', id, account, service, webhook }).length > 0
      if (refused) fail('AccountBusy')
      secrets.set(id, secret)
      const acceptedAt = region.now()
      return ticketOf(id, id, account, async ({ payer, ...request }, body) => {
        if (body === undefined) return
        const stored = { ...payer, deal: encodeJson(payer.deal) }
        await store.begin({ ...request, order, payer: stored, webhook, secret, acceptedAt, position }, body)
      })
    },
    resume: ({ order: { id, account } }, run) => ticketOf(id, run, account, async () => undefined),
    isRunning: (id) => jobs.jobs.get(id)?.state === 'running',
    isKept: (run) => store.has(jobsOfRuns.get(run) ?? ''),
    handle: (request, response, account) => {
      const [, , list, id = '', part] = (request.url ?? '').split('?')[0]!.split('/')
      if (list === 'dead-letters' && request.method === 'GET') {
        const dead = [...jobs.jobs.values()].filter(
          (job) => job.account === account && isDeadLetter(jobs, job),
        )
        sendJson(response, 200, { jobs: dead.map(viewOf) })
        return
      }
      if (list !== 'jobs') fail('WorkMalformed', { reason: 'the region has no such path' })
      const job = jobOf(id, account)
      if (request.method === 'DELETE') {
        cancel(job)
        sendJson(response, 200, viewOf(job))
      } else if (part === 'result') {
        sendResult(response, job).catch((error: unknown) => sendError(response, error))
      } else if (part === 'events') watch(response, job)
      else sendJson(response, 200, viewOf(job))
    },
    stop: () => {
      isStopped = true
      clearInterval(timer)
      for (const response of watchers.keys()) response.end()
    },
  }
}
