import type { IncomingMessage, ServerResponse } from 'node:http'
import { BanyanError, banyanError, fail, registryError } from '@banyan/base'
import type { Guesses } from '../accounts/guesses.js'
import type { ClientAccount } from '../accounts/port.js'
import type { Services } from '../accounts/services.js'
import type { Sessions } from '../accounts/session.js'
import type { Charging } from '../charges/charging.js'
import type { ServiceTerms } from '../charges/terms.js'
import { type ChargeWish, readWish } from '../charges/wish.js'
import type { Tier, WorkOrder } from '../core/index.js'
import type { JobDesk, JobTicket } from '../jobs/desk.js'
import type { Region } from '../region.js'
import { sendError, sendJson } from './answer.js'
import { createClientSink } from './client-sink.js'
import { createExchange, type Exchange } from './exchange.js'
import { forwardWork } from './forward.js'
import { headerOf, type SplitHeaders, splitHeaders } from './headers.js'
import type { Once } from './once.js'
import { readOrder, type Target, targetOf } from './order.js'
import { createReplay, noReplay, type ReplayBudget } from './replay.js'
import type { Sink } from './sink.js'
import type { Spool } from './spool.js'
import { startUpload, type Upload, type UploadLimits } from './upload.js'

/** Where clients send work. */
export type WorkParts = {
  readonly region: Region
  readonly sessions: Sessions
  readonly services: Services
  /** Missing where nothing is charged. */
  readonly charging: Pick<Charging, 'admit'> | undefined
  /** Answers about work that is over, and its cost; `false` for other paths. */
  readonly desk: (request: IncomingMessage, response: ServerResponse, client: ClientAccount) => boolean
  readonly guesses: Guesses
  readonly jobs: JobDesk
  /** Where the journal ends. */
  readonly position: () => number
  readonly once: Once
  readonly limits: UploadLimits
  readonly budget: ReplayBudget
  readonly spool: Spool
  /** Services may be addressed by a name below this one. */
  readonly domain: string | undefined
}

/** Bodies up to this are read whole before a miner is chosen: a slow sender then keeps no miner waiting. */
const smallBody = 2 ** 16

export type WorkHandler = (request: IncomingMessage, response: ServerResponse) => void

export function createWorkHandler(parts: WorkParts): WorkHandler {
  const { sessions, guesses } = parts
  const proceed = (
    request: IncomingMessage,
    response: ServerResponse,
    headers: SplitHeaders,
    client: ClientAccount | undefined,
  ): void => {
    try {
      if (client === undefined) {
        guesses.refused(request.socket.remoteAddress ?? '')
        fail('KeyRefused')
      }
      if (request.url?.startsWith('/_banyan/') === true) handleOwn(parts, request, response, headers, client)
      else takeWork(parts, request, response, headers, client)
    } catch (error) {
      sendError(response, error)
    }
  }
  return (request, response) => {
    response.on('error', () => response.destroy())
    if (guesses.isBarred(request.socket.remoteAddress ?? '')) {
      sendError(response, banyanError('GuessingBarred'), 60_000)
      return
    }
    const headers = splitHeaders(request.rawHeaders)
    const found = headers.bearer === undefined ? undefined : sessions.check(headers.bearer)
    if (!(found instanceof Promise)) proceed(request, response, headers, found)
    else {
      found.then(
        (client) => proceed(request, response, headers, client),
        () => sendError(response, banyanError('RegionBusy'), 1_000),
      )
    }
  }
}

/** Paths of the region itself. */
function handleOwn(
  { sessions, jobs, desk }: WorkParts,
  request: IncomingMessage,
  response: ServerResponse,
  headers: SplitHeaders,
  client: ClientAccount,
): void {
  const { method, url } = request
  if (method === 'POST' && url === '/_banyan/session') {
    sessions.open(headers.bearer!).then(
      (session) => {
        if (session === undefined) sendError(response, banyanError('KeyRefused'))
        else sendJson(response, 200, session)
      },
      () => sendError(response, banyanError('RegionBusy'), 1_000),
    )
  } else if (!desk(request, response, client)) jobs.handle(request, response, client.account)
}

function takeWork(
  parts: WorkParts,
  request: IncomingMessage,
  response: ServerResponse,
  headers: SplitHeaders,
  client: ClientAccount,
): void {
  if (!client.scopes.includes('work')) fail('ScopeRefused', { scope: 'work' })
  const target = targetOf(request.headers.host, request.url ?? '/', parts.domain)
  const terms = parts.services.find(target.service)
  const go = (found: ServiceTerms | undefined): void =>
    takeOrder(parts, { request, response, headers, client, target, terms: found })
  if (!(terms instanceof Promise)) {
    go(terms)
    return
  }
  terms
    // Whoever keeps the accounts cannot be asked.
    .then(go, () => sendError(response, banyanError('RegionBusy'), 1_000))
    .catch((error: unknown) => sendError(response, error))
}

type Incoming = Pick<Work, 'request' | 'response' | 'headers' | 'target' | 'terms' | 'client'>

function takeOrder(parts: WorkParts, { request, response, headers, client, target, terms }: Incoming): void {
  const announced = Number(request.headers['content-length'] ?? Number.NaN)
  const { maxBody } = parts.limits
  if (announced > maxBody) fail('BodyTooLarge', { limit: maxBody })
  const hasBody = announced > 0 || request.headers['transfer-encoding'] !== undefined
  const isSmall = !hasBody || announced <= smallBody
  const isJob = headerOf(headers.passed, 'prefer')?.includes('respond-async') === true
  const key = headerOf(headers.passed, 'idempotency-key')
  const first = readOrder(target, headers.own, client, { isSmall, isJob, key })
  const begun = key === undefined ? undefined : parts.once.begin(client.account, key, first.id, response)
  if (key !== undefined && begun === undefined) return
  const order = begun === undefined ? first : { ...first, repeats: begun.repeats }
  const wrap = begun?.wrap ?? ((sink: Sink) => sink)
  try {
    const job = isJob ? parts.jobs.open(order, headers.own, parts.position()) : undefined
    const wish = readWish(headers.own)
    start(parts, {
      request,
      response,
      headers,
      client,
      terms,
      wish,
      order,
      target,
      hasBody,
      isSmall,
      job,
      wrap,
    })
  } catch (error) {
    if (error instanceof BanyanError) wrap(noSink).abort(error)
    throw error
  }
}

type Work = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly headers: SplitHeaders
  readonly client: ClientAccount
  readonly terms: ServiceTerms | undefined
  readonly wish: ChargeWish
  readonly order: WorkOrder
  readonly target: Target
  readonly hasBody: boolean
  readonly isSmall: boolean
  readonly job: JobTicket | undefined
  /** What an idempotency key adds. */
  readonly wrap: (sink: Sink) => Sink
}

/** Where there is nobody to tell yet. */
const noSink: Sink = {
  head: () => undefined,
  write: () => true,
  end: () => undefined,
  abort: () => undefined,
}

/** Tiers that may do the work for what its account pays. What it may cost is held back from now on. */
function admitted({ charging }: WorkParts, { request, client, order, terms, wish }: Work): readonly Tier[] {
  const announced = Number(request.headers['content-length'] ?? 0)
  return charging?.admit(order, { ...client, ...wish }, terms, announced) ?? order.tiers
}

function start(parts: WorkParts, work: Work): void {
  const { region } = parts
  const { request, response, order, hasBody, isSmall, job } = work
  const replay = hasBody
    ? createReplay({
        budget: parts.budget,
        spool: parts.spool,
        lost: () => region.step({ kind: 'unrepeatable', id: order.id }),
        ready: () => exchange.received(),
      })
    : noReplay
  let upload: Upload | undefined
  const sink = work.wrap(job?.sink ?? createClientSink(response, order.id, () => exchange.drained()))
  const exchange: Exchange = createExchange({
    id: order.id,
    service: order.service,
    method: request.method ?? 'GET',
    path: work.target.path,
    headers: work.headers.passed,
    replay,
    sink,
    step: region.step,
    sent: (bytes) => upload?.sent(bytes),
    progress: job?.progress ?? (() => undefined),
  })
  let isRefused = false
  let isAccepted = false
  const accept = (): void => {
    if (job === undefined || isRefused || isAccepted || response.headersSent) return
    isAccepted = true
    const { client, wish, target, headers } = work
    const { account, wallet, deal, tiers } = client
    const payer = { account, wallet, deal, tiers, ...wish }
    const method = request.method ?? 'GET'
    job.accepted({ payer, method, path: target.path, headers: headers.passed }, replay.all()).then(
      () => sendJson(response, 202, job.view()),
      (error: unknown) => {
        region.cancel(order.id)
        sendError(response, error)
      },
    )
  }
  const refuse = (refusal: BanyanError, retryMs?: number): void => {
    sendError(response, refusal, retryMs)
    sink.abort(refusal)
  }
  const submit = (): void => {
    let tiers: readonly Tier[]
    try {
      tiers = admitted(parts, work)
    } catch (error) {
      upload?.stop()
      isRefused = true
      if (!(error instanceof BanyanError)) throw error
      refuse(error)
      return
    }
    region.submit(
      tiers === order.tiers ? order : { ...order, tiers },
      exchange,
      (error, retryMs, forward) => {
        upload?.stop()
        isRefused = true
        const refusal = registryError(error, {})
        if (forward !== undefined && job === undefined) {
          work.wrap(noSink).abort(refusal)
          forwardWork(forward, region.broker.limits.region, order.visited, request, response, replay)
        } else refuse(refusal, retryMs)
      },
    )
  }
  let isWaiting = hasBody && isSmall
  response.on('close', () => {
    upload?.stop()
    if (!response.writableFinished) region.cancel(order.id)
    if (job === undefined) replay.drop()
  })
  if (hasBody) {
    const more = (): void => {
      if (!isWaiting) exchange.received()
      else if (replay.isWhole()) {
        isWaiting = false
        submit()
      }
      if (replay.isWhole()) accept()
    }
    upload = startUpload(request, replay, parts.limits, more, (error) => {
      if (error !== undefined) sendError(response, error)
      region.cancel(order.id)
    })
  } else request.resume()
  if (!isWaiting) submit()
  if (!hasBody) accept()
}
