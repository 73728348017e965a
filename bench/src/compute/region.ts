import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accountsOf, digestOf, openRegion } from '@banyan/region'
import { clientKey, minerKey, minerNames } from './keys.js'

/** A region in a process of its own, so that its CPU time and memory can be told from those of clients and miners. */

const folder = mkdtempSync(join(tmpdir(), 'banyan-bench-region-'))
const any = { host: '127.0.0.1', port: 0 }
const open = await openRegion({
  region: 'bench',
  folder,
  accounts: accountsOf(
    {
      clients: [{ account: 'bench', key: digestOf(clientKey), tiers: [1] }],
      miners: minerNames.map((miner) => ({ miner, key: digestOf(minerKey), tier: 1 as const })),
    },
    'bench',
  ),
  work: any,
  miners: any,
  status: any,
  maxBody: 2 ** 32,
  failed: (error) => {
    throw error
  },
})

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMicros: user + system, rss: process.memoryUsage.rss() })
})
process.on('disconnect', () => {
  rmSync(folder, { recursive: true })
  process.exit(0)
})
process.send?.(open.ports)
