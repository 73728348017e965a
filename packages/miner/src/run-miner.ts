import { fail } from '@banyan/base'
import { releaseName } from '@banyan/dservice'
import type { Isolation } from '@banyan/isolation'
import type { ServiceOffer } from '@banyan/tunnel'
import { connectMiner, type MinerState, type WorkAnswer, type WorkRequest } from '@banyan/tunnel/node'
import { type Conditions, restReason } from './conditions/conditions.js'
import { createObserver } from './conditions/observe.js'
import { checkFitness, type Fitness, testFitness } from './fitness/fitness.js'
import { forward, type Traffic } from './forward.js'
import { type Live, type MinerReport, reportOf, textOf } from './report.js'
import { type Held, openShelf, type ShelfOptions } from './shelf.js'
import { serveStatus } from './status.js'

export type MinerSetting = Omit<ShelfOptions, 'isolation'> & {
  /** Of the region's endpoint for miners: wss:, https:, or ws: and http: on one machine. */
  readonly region: URL
  /** Name of this miner, by which the region knows it. */
  readonly name: string
  /** The token that the region gave. */
  readonly key: string
  /** Certificates in PEM that are trusted besides those of the system. */
  readonly ca: string | undefined
  readonly chosen: readonly { readonly name: string; readonly version: string }[]
  readonly conditions: Conditions
  /** Of the status page; 0 for any. */
  readonly statusPort: number
  readonly isolation: Isolation
  readonly print: (line: string) => void
  /** At each connection. */
  readonly connected?: () => void
}

export type Miner = {
  readonly statusAddress: string
  readonly state: () => MinerReport
  /** Takes no more work, finishes what it has begun within `patienceMs`, and ends everything. */
  readonly stop: (patienceMs: number) => Promise<void>
}

const lookMs = 5_000

/**
 * Contributes this machine to a region: tests it, fetches the chosen DServices, connects, and works while the conditions are met.
 * Errors: MinerUnfit, ListenFailed, and those of packages, their signatures and their starts. The isolation is closed then, too.
 */
export async function runMiner(setting: MinerSetting): Promise<Miner> {
  try {
    const fitness = await testFitness(setting.region)
    const shelf = await openShelf(setting.chosen, setting)
    return await work(setting, fitness, shelf)
  } catch (error) {
    await setting.isolation.close()
    throw error
  }
}

async function work(
  setting: MinerSetting,
  fitness: Fitness,
  shelf: ReadonlyMap<string, Held>,
): Promise<Miner> {
  const held = [...shelf.values()]
  const traffic: Traffic = { requests: 0, failed: 0, bytesIn: 0, bytesOut: 0, cpuMs: 0 }
  const live: Live = { traffic, resting: undefined, isDraining: false, connection: undefined }
  const report = (): MinerReport => reportOf(setting, fitness, held, live)
  const closeAll = async (): Promise<void> => {
    await live.connection?.close()
    await Promise.all(held.map(({ pool }) => pool.close()))
    await setting.isolation.close()
  }
  try {
    const neededBytes = held.reduce((sum, { manifest }) => sum + manifest.memoryMiB * 2 ** 20, 0)
    checkFitness(fitness, neededBytes)
    const status = await serveStatus(setting.statusPort, report)
    const stopLooking = await connectAndLook(setting, shelf, live)
    return {
      statusAddress: status.address,
      state: report,
      stop: async (patienceMs) => {
        live.isDraining = true
        stopLooking()
        await Promise.race([live.connection?.drain(), later(patienceMs)])
        await closeAll()
        await status.close()
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

/** Connects, and keeps the region told of what is offered while conditions change. Gives what ends the looking. */
async function connectAndLook(
  { region, name, key, ca, instances, conditions, print, connected }: MinerSetting,
  shelf: ReadonlyMap<string, Held>,
  live: Live,
): Promise<() => void> {
  const held = [...shelf.values()]
  const observe = createObserver(() => ownCpuMs() + live.traffic.cpuMs)
  const offers = (): readonly ServiceOffer[] =>
    live.resting === undefined ? held.map((one) => offerOf(one, instances)) : []
  live.resting = restReason(conditions, await observe())
  const options = {
    url: region.href.replace(/^http/, 'ws'),
    miner: name,
    key,
    services: offers(),
    maxRequests: held.reduce((sum, { manifest }) => sum + manifest.concurrency * instances, 1),
    changed: (state: MinerState) => {
      print(textOf(state))
      if (state.kind === 'connected') connected?.()
    },
    ...(ca === undefined ? {} : { ca }),
  }
  live.connection = connectMiner(options, (request) => answer(request, shelf, live))
  let offered = JSON.stringify(offers())
  const look = setInterval(async () => {
    const reason = restReason(conditions, await observe())
    if (reason !== live.resting) print(reason === undefined ? 'working again' : `resting: ${reason}`)
    live.resting = reason
    const next = offers()
    // Instances become warm, and conditions change.
    if (!live.isDraining && JSON.stringify(next) !== offered) live.connection?.offer(next)
    offered = JSON.stringify(next)
  }, lookMs)
  return () => clearInterval(look)
}

/** What a region is told of a DService. */
function offerOf({ manifest, pool }: Held, instances: number): ServiceOffer {
  return {
    name: manifest.name,
    version: manifest.version,
    concurrency: manifest.concurrency * instances,
    warm: pool.state().instances > 0,
  }
}

async function answer(
  request: WorkRequest,
  shelf: ReadonlyMap<string, Held>,
  { resting, isDraining, traffic }: Live,
): Promise<WorkAnswer> {
  const release = releaseName({ name: request.service, version: request.version })
  const found = shelf.get(release)
  if (found === undefined) return fail('DServiceNotOffered', { release })
  if (isDraining) return fail('MinerDraining')
  if (resting !== undefined) return fail('MinerResting', { reason: resting })
  return forward(request, found.pool, request.service, found.manifest.concurrency === 1, traffic)
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}
