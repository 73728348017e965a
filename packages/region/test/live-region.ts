import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  accountsOf,
  makeKey,
  type OpenRegion,
  openRegion,
  type RegionOptions,
  type WorkRecord,
} from '@banyan/region'
import { connectMiner, type MinerConnection, type WorkHandler } from '@banyan/tunnel/node'

/** Regions of one test know the same keys, as those of one network do. */
const client = makeKey()
const other = makeKey()
const miner = makeKey()

/** A region on real sockets, and miners that a test brings. */
export async function startLiveRegion(options: Partial<RegionOptions> = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'banyan-region-')))
  const names = ['m1', 'm2', 'm3', 'm4']
  const accounts = accountsOf(
    {
      clients: [
        { account: 'alice', key: client.digest, tiers: [1, 2] },
        { account: 'bob', key: other.digest, tiers: [1] },
      ],
      miners: names.map((name) => ({ miner: name, key: miner.digest, tier: 1 as const })),
    },
    'here',
  )
  const records: WorkRecord[] = []
  const any = { host: '127.0.0.1', port: 0 }
  const open: OpenRegion = await openRegion({
    region: 'here',
    folder,
    accounts,
    work: any,
    miners: any,
    status: any,
    completed: (record) => records.push(record),
    failed: (error) => {
      throw error
    },
    // Everything shares one busy process here: an acknowledgement may take its time.
    limits: { ackMs: 10_000, ...options.limits },
    ...options,
  })
  const miners: MinerConnection[] = []
  const addMiner = async (name: string, handler: WorkHandler, concurrency = 16): Promise<MinerConnection> => {
    const connection = connectMiner(
      {
        url: `ws://127.0.0.1:${open.ports.miners}`,
        miner: name,
        key: miner.key,
        services: [{ name: 'echo', version: '1', concurrency, warm: true }],
        maxRequests: concurrency,
      },
      handler,
    )
    miners.push(connection)
    while (!open.region.broker.minersById.has(name)) await new Promise((resolve) => setTimeout(resolve, 5))
    return connection
  }
  const base = `http://127.0.0.1:${open.ports.work}`
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${base}/echo${path}`, {
      ...init,
      headers: { authorization: `Bearer ${client.key}`, ...(init.headers as Record<string, string>) },
    })
  return {
    ...open,
    base,
    folder,
    clientKey: client.key,
    otherKey: other.key,
    minerKey: miner.key,
    records,
    addMiner,
    ask,
    end: async (keepFolder = false) => {
      await Promise.all(miners.map((connection) => connection.close()))
      await open.stop(0)
      if (!keepFolder) await rm(folder, { recursive: true })
    },
  }
}

export type LiveRegion = Awaited<ReturnType<typeof startLiveRegion>>

export const usage = { cpuMs: 3, peakMemoryBytes: 1_000 }

/** Tells what it was asked, as JSON. */
export const tell: WorkHandler = async (request) => {
  const parts: Uint8Array[] = []
  for await (const part of request.body) parts.push(part)
  const { method, path, headers } = request
  const body = Buffer.from(
    JSON.stringify({ method, path, headers, body: Buffer.concat(parts).toString('utf8') }),
  )
  return { status: 200, headers: ['content-type', 'application/json'], body, usage: () => usage }
}
