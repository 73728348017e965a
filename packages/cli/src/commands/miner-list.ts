import type { ComputeStatus } from '@banyan/local/api'
import type { RegionOperations } from '@banyan/region/api'
import { getJson } from '../ask.js'
import type { Context } from '../command-spec.js'
import { askRegion } from '../region-api.js'
import { networkUrl } from '../running.js'
import { table } from '../table.js'

/** Miners that are connected to the region, as its operator sees them. */
export async function run(context: Context): Promise<undefined> {
  const { settings, output, signal } = context
  const { miners } = await askRegion<RegionOperations>(context, 'operations', 'operator')
  const url = `${await networkUrl(settings)}/local/compute`
  const { miners: known } = await getJson<ComputeStatus>(url, settings.timeout, signal)
  const nameOf = (id: string): string => known.find(({ account }) => account === id)?.name ?? ''
  const heads = ['miner', 'whose', 'tier', 'state', 'way', 'requests', 'failures', 'services']
  const rows = miners.map((miner) => [
    miner.miner,
    nameOf(miner.miner),
    String(miner.tier),
    miner.aside !== null ? 'aside' : miner.draining ? 'leaving' : 'working',
    `${miner.rttMs} ms`,
    String(miner.requests),
    String(miner.failures),
    miner.services
      .map(({ name, version, active, concurrency }) => `${name}@${version} ${active}/${concurrency}`)
      .join(', '),
  ])
  const lines = rows.length === 0 ? ['No miner is connected.'] : table(heads, rows, output.paint)
  output.rows({ miners }, heads, rows, lines)
}
