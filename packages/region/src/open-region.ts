import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import type { RegionLink } from '@banyan/central-link/node'
import { closeServer, listenOn } from '@banyan/http-api/server'
import { answerProbe } from '@banyan/program'
import { reportOf } from './accounts/central.js'
import { createGuesses } from './accounts/guesses.js'
import type { Accounts } from './accounts/port.js'
import { createServices } from './accounts/services.js'
import { createSessions } from './accounts/session.js'
import type { Charges, ChargesOptions } from './charges/open-charges.js'
import type { SettlementSettings } from './charges/settlement-file.js'
import { type BrokerLimits, defaultLimits, type WorkRecord } from './core/index.js'
import { answerAtDesk } from './desk/desk.js'
import { createHistory, type History } from './desk/history.js'
import { operationRoutes } from './desk/operation-routes.js'
import { workRoutes } from './desk/work-routes.js'
import { createJobDesk } from './jobs/desk.js'
import { openJobStore } from './jobs/store.js'
import { type Journal, openJournal } from './journal.js'
import { createMetrics } from './metrics.js'
import { serveMiners } from './miners/endpoint.js'
import { answerMiner } from './miners/redeem.js'
import { createRegion, type Kept, type Region } from './region.js'
import { type Retention, type RetentionParts, startRetention } from './retention.js'
import { statusOf } from './status.js'
import { sendJson } from './work/answer.js'
import { createWorkHandler } from './work/endpoint.js'
import { createOnce } from './work/once.js'
import { resumeJobs } from './work/resume-jobs.js'
import { openSpool } from './work/spool.js'

export type Endpoint = { readonly host: string; readonly port: number }

export type RegionOptions = {
  readonly region: string
  readonly folder: string
  readonly accounts: Accounts
  readonly work: Endpoint
  readonly miners: Endpoint
  readonly status: Endpoint
  /** Where central dials in, and the link that takes it. */
  readonly central?: { readonly endpoint: Endpoint; readonly link: RegionLink }
  /** Certificate and key in PEM; without them work and miners are served without TLS. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly domain?: string
  readonly location?: string
  readonly limits?: Partial<BrokerLimits>
  readonly maxBody?: number
  readonly clientIdleMs?: number
  readonly pingMs?: number
  /** Webhooks may go to private networks: for one machine only. */
  readonly privateWebhooks?: boolean
  /** How work is charged and settled; without it, nothing is. */
  readonly settlement?: SettlementSettings
  /** A settlement by schedule came to an end. */
  readonly settled?: ChargesOptions['settled']
  /** Months for which records are kept, and rows of charges that are settled. */
  readonly keepMonths?: number
  /** What was too old was dropped, or could not be. */
  readonly retired?: RetentionParts['told']
  /** Each record once, when it is made; the journal has it when the answer ends. */
  readonly completed?: (record: WorkRecord) => void
  /** A miner joined or left. */
  readonly minerChanged?: (what: string, miner: string, reason: string) => void
  /** The region cannot go on: its journal failed. */
  readonly failed: (error: unknown) => void
}

export type OpenRegion = {
  readonly region: Region
  readonly journal: Journal
  readonly charges: Charges | undefined
  readonly retention: Pick<Retention, 'retire'>
  readonly ports: {
    readonly work: number
    readonly miners: number
    readonly status: number
    readonly central?: number
  }
  /** Refuses new work, waits for what was accepted, and ends. */
  readonly stop: (drainMs: number) => Promise<void>
}

const serverOptions = {
  maxHeaderSize: 32_768,
  headersTimeout: 10_000,
  // Bodies have a timer of their own, which a slow line does not trip.
  requestTimeout: 0,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  noDelay: true,
} as const
const maxConnections = 20_000
/** Batches of the journal in which idempotency keys are looked for at the start. */
const rememberedBatches = 20_000
const maxMiners = 10_000
const maxWallets = 100_000
/** Bodies of requests: in memory, and beyond that in files. */
const replayBudget = { total: 2 ** 28, each: 2 ** 22 } as const
const spoolLimits = { each: 2 ** 29, total: 2 ** 33, free: 2 ** 33 } as const

/** Opens a region: journal, broker and endpoints. Errors: those of the journal, and ListenFailed. */
export async function openRegion(options: RegionOptions): Promise<OpenRegion> {
  const journal = await openJournal(options.folder, options.failed)
  const charges = await openChargesOf(options, journal)
  const metrics = createMetrics()
  const history = createHistory()
  /** Wallets of miners that were here: a record may come after its miner has left. */
  const wallets = new Map<string, string | undefined>()
  const region = createRegion({
    limits: { ...defaultLimits, region: options.region, ...options.limits },
    journal,
    completed: (record) => {
      metrics.completed(record)
      options.completed?.(record)
      return keep(record, wallets.get(record.miner), charges, history)
    },
    refused: (id) => charges?.charging.drop(id),
    disconnected: (_link, reason) => metrics.disconnected(reason),
  })
  metrics.follow(region)
  const guesses = createGuesses(region.now)
  const spool = await openSpool(join(options.folder, 'spool'), spoolLimits)
  const { store, found } = await openJobStore(join(options.folder, 'jobs')).catch(async (error: unknown) => {
    await charges?.stop()
    await journal.close()
    await charges?.close()
    throw error
  })
  const allowPrivateWebhooks = options.privateWebhooks ?? false
  const jobs = createJobDesk({ region, store, found, allowPrivateWebhooks })
  const once = createOnce(region.now)
  for await (const { records } of journal.read(journal.last() - rememberedBatches)) {
    for (const record of records) {
      once.remember(record)
      history.add(record)
    }
  }
  const retention = startRetention({
    journal,
    charges,
    keepMonths: options.keepMonths ?? 12,
    now: () => Date.now(),
    told: options.retired ?? (() => undefined),
  })
  const services = createServices({
    accounts: options.accounts,
    now: region.now,
    read: (service, terms) => region.step({ kind: 'rollout', service, splits: terms?.splits ?? [] }),
  })
  // What keeps books is loaded where books are kept.
  const ofCharges = charges === undefined ? [] : (await import('./desk/charge-routes.js')).chargeRoutes
  const routes = [...workRoutes, ...operationRoutes, ...ofCharges]
  const desk = { region, history, services, charges, routes }
  const budget = { ...replayBudget, used: 0 }
  await resumeJobs(
    { region, services, charging: charges?.charging, jobs, once, budget, spool, journal, store },
    found,
  )
  const work = makeServer(
    options.tls,
    createWorkHandler({
      region,
      sessions: createSessions(options.accounts, region.now),
      services,
      charging: charges?.charging,
      desk: (request, response, client) => answerAtDesk(desk, request, response, client),
      guesses,
      jobs,
      position: journal.last,
      once,
      limits: { maxBody: options.maxBody ?? 2 ** 31, idleMs: options.clientIdleMs ?? 30_000 },
      budget,
      spool,
      domain: options.domain,
    }),
  )
  const minersServer = makeServer(options.tls, (request, response) =>
    answerMiner(request, response, options.accounts, guesses),
  )
  const miners = serveMiners(minersServer, {
    region,
    accounts: options.accounts,
    guesses,
    maxMiners,
    pingMs: options.pingMs ?? 5_000,
    changed: options.minerChanged ?? (() => undefined),
    admitted: ({ miner, wallet }) => {
      if (wallets.size >= maxWallets) wallets.delete(wallets.keys().next().value!)
      wallets.set(miner, wallet)
    },
  })
  const status = makeServer(undefined, (request, response) => {
    answerStatus(request, response, region, options.location, metrics)
  })
  const central = options.central && serveCentral(options.central.link, region, options.tls)
  const servers = [work, minersServer, status, ...(central === undefined ? [] : [central.server])]
  const close = async (): Promise<void> => {
    jobs.stop()
    region.close(jobs.isKept)
    miners.close()
    history.close()
    central?.close()
    await Promise.all(servers.map(closeServer))
    metrics.close()
    await charges?.stop()
    await retention.stop()
    await journal.close()
    await store.close()
    await charges?.close()
  }
  try {
    const [workPort, minersPort, statusPort] = [
      await listen(work, options.work),
      await listen(minersServer, options.miners),
      await listen(status, options.status),
    ]
    return {
      region,
      journal,
      charges,
      retention,
      ports: {
        work: workPort,
        miners: minersPort,
        status: statusPort,
        ...(central === undefined
          ? {}
          : { central: await listen(central.server, options.central!.endpoint) }),
      },
      stop: async (drainMs) => {
        await region.drain(drainMs)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openChargesOf(options: RegionOptions, journal: Journal): Promise<Charges | undefined> {
  const { settlement: settings, folder, region, failed } = options
  if (settings === undefined) return undefined
  try {
    const { openCharges } = await import('./charges/open-charges.js')
    const settled = options.settled ?? (() => undefined)
    return await openCharges({
      ...{ folder, region, journal, settings, failed, settled },
      subscribers: options.accounts.subscribers,
      now: () => Date.now(),
    })
  } catch (error) {
    await journal.close()
    throw error
  }
}

/** What is kept of a record, and where it goes once it is durable. */
function keep(
  record: WorkRecord,
  wallet: string | undefined,
  charges: Charges | undefined,
  history: History,
): Kept {
  const made = charges?.chargeFor(record, wallet)
  const entry = made === undefined ? record : { ...record, charge: made.packed }
  return {
    entry,
    durable: () => {
      history.add(entry)
      made?.durable()
    },
  }
}

const reportMs = 10_000

/** The endpoint that central dials, which nobody else has a use for. */
function serveCentral(link: RegionLink, region: Region, tls: RegionOptions['tls']) {
  const server = makeServer(tls, (_request, response) => response.writeHead(426).end())
  server.on('upgrade', link.accept)
  const timer = setInterval(() => link.report(reportOf(region)), reportMs)
  return {
    server,
    close: () => {
      clearInterval(timer)
      link.close()
    },
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

function makeServer(tls: RegionOptions['tls'], handler: Handler): Server {
  const server =
    tls === undefined
      ? createServer(serverOptions, handler)
      : createTlsServer({ ...serverOptions, ...tls }, handler)
  server.maxConnections = maxConnections
  server.maxHeadersCount = 200
  return server
}

/** /status for everybody, /health and /ready for machines, /metrics for those who run the region. */
function answerStatus(
  { url, method }: IncomingMessage,
  response: ServerResponse,
  region: Region,
  location: string | undefined,
  metrics: ReturnType<typeof createMetrics>,
): void {
  const path = (url ?? '').split('?')[0]!
  const isReady = (): boolean => !region.broker.draining
  if (method !== 'GET') response.writeHead(405).end()
  else if (path === '/status') sendJson(response, 200, statusOf(region, location))
  else if (!answerProbe(path, response, { isReady, metrics })) response.writeHead(404).end()
}

/** Resolves to the port. Error: ListenFailed. */
function listen(server: Server, { host, port }: Endpoint): Promise<number> {
  return listenOn(server, port, host).catch((error: unknown) =>
    fail('ListenFailed', { addresses: `${host}:${port}` }, error),
  )
}
