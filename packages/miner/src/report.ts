import type { Isolation } from '@banyan/isolation'
import type { MinerConnection, MinerState } from '@banyan/tunnel/node'
import type { Fitness } from './fitness/fitness.js'
import type { Traffic } from './forward.js'
import type { Held } from './shelf.js'

/** What changes while a miner runs. */
export type Live = {
  readonly traffic: Traffic
  /** Why it rests, if it does. */
  resting: string | undefined
  isDraining: boolean
  connection: MinerConnection | undefined
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

export function reportOf(
  { name, region, isolation }: { readonly name: string; readonly region: URL; readonly isolation: Isolation },
  fitness: Fitness,
  held: readonly Held[],
  { traffic, resting, isDraining, connection }: Live,
): MinerReport {
  const { driver, level, probes } = isolation
  return {
    miner: name,
    region: region.href,
    connection: textOf(connection?.state()),
    resting,
    isDraining,
    isolation: { driver, level, probes },
    fitness,
    traffic: { ...traffic },
    dservices: held.map(({ manifest, content, pool }) => ({
      name: manifest.name,
      version: manifest.version,
      content,
      pool: pool.state(),
    })),
  }
}

/** The state of a connection in words. */
export function textOf(state: MinerState | undefined): string {
  if (state === undefined) return 'not connected'
  return state.kind === 'waiting' ? `${state.error.message} Again in ${state.retryMs} ms.` : state.kind
}
