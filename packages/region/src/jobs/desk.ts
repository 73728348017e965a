import type { IncomingMessage, ServerResponse } from 'node:http'
import { fail, registryError } from '@banyan/base'
import {
  createJobs,
  defaultJobsLimits,
  isDeadLetter,
  type Job,
  type JobsEffect,
  type JobsEvent,
  stepJobs,
  type WorkOrder,
} from '../core/index.js'
import type { Region } from '../region.js'
import { sendJson } from '../work/answer.js'
import { answerHeaders } from '../work/headers.js'
import type { Sink } from '../work/sink.js'
import { createResults } from './results.js'
import { callWebhook, checkWebhook, signWebhook } from './webhook.js'

/** Takes jobs in, keeps their answers, tells how they are, and calls webhooks. */
export type JobDesk = {
  /** Begins a job. Errors: WebhookRefused, WorkMalformed, AccountBusy. */
  readonly open: (order: WorkOrder, own: ReadonlyMap<string, string>) => JobTicket
  /** Answers a request below /_banyan/jobs or /_banyan/dead-letters. Errors: JobUnknown, WorkMalformed. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, account: string) => void
  readonly close: () => void
}

export type JobTicket = {
  readonly sink: Sink
  readonly progress: (done: number, note: string | undefined) => void
  readonly view: () => object
}

const tickMs = 500
const maxWatchers = 1_000
const leastSecret = 16

export function createJobDesk(region: Region, allowPrivateWebhooks: boolean): JobDesk {
  const jobs = createJobs(defaultJobsLimits)
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
    void callWebhook(url, body, signature, allowPrivateWebhooks).then((failure) =>
      step({ kind: 'called', id: job.id, failure }),
    )
  }

  /** Keeps the answer. Without room for it the job fails, and its work is recalled. */
  function sinkOf(id: string): Sink {
    let status = 0
    const add = (bytes: Uint8Array): boolean => {
      if (results.add(id, bytes)) return true
      step({ kind: 'failed', id, error: 'JobResultTooLarge' })
      region.cancel(id)
      return false
    }
    return {
      head: (code, headers) => {
        status = code
        results.head(id, code, answerHeaders(headers))
      },
      write: add,
      end: (last) => {
        if (add(last)) step({ kind: 'answered', id, status })
      },
      abort: (error) => {
        results.drop(id)
        step({ kind: 'failed', id, error: error.kind })
      },
    }
  }

  function jobOf(id: string, account: string): Job {
    const job = jobs.jobs.get(id)
    return job !== undefined && job.account === account ? job : fail('JobUnknown', { id: id.slice(0, 64) })
  }

  function watch(response: ServerResponse, job: Job): void {
    if (watchers.size >= maxWatchers) fail('AccountBusy')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    watchers.set(response, job.id)
    response.on('close', () => watchers.delete(response))
    sendEvent(response, job)
  }

  function sendResult(response: ServerResponse, job: Job): void {
    const answer = results.get(job.id)
    if (job.state !== 'done' || answer === undefined) {
      sendJson(response, job.state === 'running' ? 202 : 409, viewOf(job))
      return
    }
    response.writeHead(answer.status, [...answer.headers])
    for (const piece of answer.pieces) response.write(piece)
    response.end()
  }

  return {
    open: (order, own) => {
      const { id, account, service } = order
      const given = own.get('webhook')
      const webhook = given === undefined ? undefined : checkWebhook(given, allowPrivateWebhooks)
      const secret = own.get('webhook-secret') ?? ''
      if (webhook !== undefined && secret.length < leastSecret) {
        fail('WorkMalformed', { reason: `banyan-webhook-secret has fewer than ${leastSecret} characters` })
      }
      const refused = step({ kind: 'accepted', id, account, service, webhook }).length > 0
      if (refused) fail('AccountBusy')
      results.begin(id)
      secrets.set(id, secret)
      return {
        sink: sinkOf(id),
        progress: (done, note) => step({ kind: 'progress', id, done, note }),
        view: () => viewOf(jobOf(id, account)),
      }
    },
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
        region.cancel(id)
        sendJson(response, 200, viewOf(job))
      } else if (part === 'result') sendResult(response, job)
      else if (part === 'events') watch(response, job)
      else sendJson(response, 200, viewOf(job))
    },
    close: () => {
      clearInterval(timer)
      for (const response of watchers.keys()) response.end()
    },
  }
}

function viewOf({
  id,
  service,
  state,
  done,
  note,
  acceptedAt,
  endedAt,
  status,
  error,
  callFailure,
  isCalled,
}: Job) {
  return {
    id,
    service,
    state,
    done,
    note: note ?? null,
    acceptedAt: Math.floor(acceptedAt),
    endedAt: endedAt === undefined ? null : Math.floor(endedAt),
    status: status ?? null,
    error: error === undefined ? null : banyanErrorOf(error),
    webhook: isCalled ? 'called' : (callFailure ?? null),
    result: `/_banyan/jobs/${id}/result`,
    events: `/_banyan/jobs/${id}/events`,
  }
}

function banyanErrorOf(kind: NonNullable<Job['error']>): { readonly code: string; readonly name: string } {
  return { code: registryError(kind, {}).code, name: kind }
}
