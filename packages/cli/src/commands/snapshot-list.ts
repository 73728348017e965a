import { resolve } from 'node:path'
import { listSnapshots } from '@banyan/local/state'
import type { Context } from '../command-spec.js'
import { table } from '../table.js'

export async function run({ settings, output }: Context): Promise<undefined> {
  const snapshots = await listSnapshots(resolve(settings.folder))
  const rows = snapshots.map(({ name, chainId, savedAt }) => [
    name,
    String(chainId ?? 'damaged'),
    new Date(savedAt).toISOString(),
  ])
  const lines =
    rows.length === 0
      ? ['None yet. Keep one with `banyan snapshot save <name>`.']
      : table(['name', 'chain', 'saved'], rows, output.paint)
  output.result({ snapshots }, lines)
}
