import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { type Manifest, releaseName } from '@banyan/dservice'
import { install, type RegistryReader } from '@banyan/dservice/node'
import { createPool, type Isolation, type Pool, type Workload } from '@banyan/isolation'

/** A DService that this miner holds. */
export type Held = { readonly manifest: Manifest; readonly content: string; readonly pool: Pool }

export type ShelfOptions = {
  readonly registry: RegistryReader
  /** Public keys whose certificates are trusted. */
  readonly authorities: readonly Uint8Array[]
  /** Where packages are unpacked. */
  readonly folder: string
  readonly isolation: Isolation
  /** Instances of each DService at most. */
  readonly instances: number
  /** Requests after which an instance is replaced. */
  readonly recycleAfter: number
}

/** Longest time until a new instance answers its health path. */
const startMs = 30_000

/** What an isolation is told about a DService. */
export function workloadOf(manifest: Manifest, folder: string): Workload {
  return {
    name: releaseName(manifest),
    folder,
    command: manifest.command,
    environment: {},
    health: manifest.health,
    startMs,
    limits: {
      memoryBytes: manifest.memoryMiB * 2 ** 20,
      cpuMillis: manifest.cpuMillis,
      processes: manifest.processes,
      diskBytes: manifest.diskMiB * 2 ** 20,
    },
    egress: manifest.egress,
  }
}

/**
 * Fetches the chosen releases, which must be signed, and keeps instances of each warm.
 * Errors: those of `install`; MinerUnfit for a DService of another platform; those of an instance that does not start.
 */
export async function openShelf(
  chosen: readonly { readonly name: string; readonly version: string }[],
  options: ShelfOptions,
): Promise<ReadonlyMap<string, Held>> {
  const store = join(options.folder, 'packages')
  await mkdir(store, { recursive: true })
  const held = new Map<string, Held>()
  try {
    for (const named of chosen) {
      const one = await hold(named, store, options)
      held.set(releaseName(one.manifest), one)
      // One that does not start here is told to the owner now, not to every request.
      const lease = await one.pool.take()
      lease.end(false)
    }
    return held
  } catch (error) {
    await Promise.all([...held.values()].map(({ pool }) => pool.close()))
    throw error
  }
}

async function hold(
  named: { readonly name: string; readonly version: string },
  store: string,
  options: ShelfOptions,
): Promise<Held> {
  const { registry, authorities, isolation, instances, recycleAfter } = options
  const { manifest, folder, content } = await install(native, registry, store, named, authorities)
  const own = `${process.platform}-${process.arch}`
  if (manifest.platform !== 'any' && manifest.platform !== own)
    fail('MinerUnfit', {
      reason: `${releaseName(manifest)} is made for ${manifest.platform}, and this is ${own}`,
    })
  const pool = createPool({
    isolation,
    workload: workloadOf(manifest, folder),
    concurrency: manifest.concurrency,
    warm: 1,
    most: instances,
    recycleAfter,
  })
  return { manifest, content, pool }
}
