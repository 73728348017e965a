import { fail } from '@banyan/base'
import { releaseName } from '@banyan/dservice'
import type { Isolation } from '@banyan/isolation'
import type { ServiceOffer } from '@banyan/tunnel'
import {
  connectMiner,
  type MinerConnection,
  type MinerState,
  type WorkAnswer,
  type WorkRequest,
} from '@banyan/tunnel/node'
import { type Conditions, restReason } from './conditions/conditions.js'
import { createObserver } from './conditions/observe.js'
import { checkFitness, type Fitness, testFitness } from './fitness/fitness.js'
import { forward, type Traffic } from './forward.js'
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
}

export type Miner = {
  readonly statusAddress: string
  readonly state: () => MinerReport
  /** Takes no more work, finishes what it has begun within `patienceMs`, and ends everything. */
  readonly stop: (patienceMs: number) => Promise<void>
}

/** What the status page tells. */
export type MinerReport = {
  readonly miner: string
  readonly region: string
  readonly connection: string
  /** Why it rests, if it does. */
  readonly resting: string | undefined
  readonly isDraining: boolean
  readonly isolation: Pick<Isolation, 'driver' | 'level' | 'probes'>
  readonly fitness: Fitness
  readonly traffic: Traffic
  readonly dservices: readonly {
    readonly name: string
    readonly version: string
    readonly content: string
    readonly pool: ReturnType<Held['pool']['state']>
  }[]
}

const lookMs = 5_000

/**
 * Contributes this machine to a region: tests it, fetches the chosen DServices, connects, and works while the conditions are met.
 * Errors: MinerUnfit, ListenFailed, and those of packages and their signatures.
 */
export async function runMiner(setting: MinerSetting): Promise<Miner> {
  const { region, name, isolation, conditions, print } = setting
  const fitness = await testFitness(region)
  const shelf = await openShelf(setting.chosen, setting)
  const held = [...shelf.values()]
  const traffic: Traffic = { requests: 0, failed: 0, bytesIn: 0, bytesOut: 0, cpuMs: 0 }
  let resting: string | undefined
  let isDraining = false
  let connection: MinerConnection | undefined

  const report = (): MinerReport => ({
    miner: name,
    region: region.href,
    connection: textOf(connection?.state()),
    resting,
    isDraining,
    isolation: { driver: isolation.driver, level: isolation.level, probes: isolation.probes },
    fitness,
    traffic: { ...traffic },
    dservices: held.map(({ manifest, content, pool }) => ({
      name: manifest.name,
      version: manifest.version,
      content,
      pool: pool.state(),
    })),
  })
  const closeAll = async (): Promise<void> => {
    await connection?.close()
    await Promise.all(held.map(({ pool }) => pool.close()))
    await isolation.close()
  }
  try {
    checkFitness(
      fitness,
      held.reduce((sum, { manifest }) => sum + manifest.memoryMiB * 2 ** 20, 0),
    )
    const status = await serveStatus(setting.statusPort, report)
    const observe = createObserver(() => ownCpuMs() + traffic.cpuMs)
    const offers = (): readonly ServiceOffer[] =>
      resting === undefined ? held.map((one) => offerOf(one, setting.instances)) : []
    resting = restReason(conditions, await observe())

    const options = {
      url: region.href.replace(/^http/, 'ws'),
      miner: name,
      key: setting.key,
      services: offers(),
      maxRequests: held.reduce((sum, { manifest }) => sum + manifest.concurrency * setting.instances, 1),
      changed: (state: MinerState) => print(textOf(state)),
      ...(setting.ca === undefined ? {} : { ca: setting.ca }),
    }
    connection = connectMiner(options, (work) => answer(work, shelf, traffic, resting, isDraining))
    let offered = JSON.stringify(offers())
    const look = setInterval(async () => {
      const reason = restReason(conditions, await observe())
      if (reason !== resting) print(reason === undefined ? 'working again' : `resting: ${reason}`)
      resting = reason
      const next = offers()
      // Instances become warm, and conditions change: the region hears of it.
      if (!isDraining && JSON.stringify(next) !== offered) connection?.offer(next)
      offered = JSON.stringify(next)
    }, lookMs)
    return {
      statusAddress: status.address,
      state: report,
      stop: async (patienceMs) => {
        isDraining = true
        clearInterval(look)
        await Promise.race([connection?.drain(), later(patienceMs)])
        await closeAll()
        await status.close()
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
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
  work: WorkRequest,
  shelf: ReadonlyMap<string, Held>,
  traffic: Traffic,
  resting: string | undefined,
  isDraining: boolean,
): Promise<WorkAnswer> {
  const release = releaseName({ name: work.service, version: work.version })
  const found = shelf.get(release)
  if (found === undefined) return fail('DServiceNotOffered', { release })
  if (isDraining) return fail('MinerDraining')
  if (resting !== undefined) return fail('MinerResting', { reason: resting })
  return forward(work, found.pool, work.service, found.manifest.concurrency === 1, traffic)
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}

function textOf(state: MinerState | undefined): string {
  if (state === undefined) return 'not connected'
  return state.kind === 'waiting' ? `${state.error.message} Again in ${state.retryMs} ms.` : state.kind
}
