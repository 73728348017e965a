import { readFile } from 'node:fs/promises'
import { fail } from '@banyan/base'
import { type Log, type Running, runProgram } from '@banyan/program/run'
import { readSettlementFile } from '../charges/settlement-file.js'
import { openRegion } from '../open-region.js'
import { openAccounts } from './open-accounts.js'
import type { RunOptions } from './options.js'
import { followPeers, readPeers } from './peers.js'

/** The life of a region's process. Resolves to its exit code. What is not the user's to remove is thrown. */
export function runRegion(options: RunOptions): Promise<number> {
  return runProgram('the region', options, (log, giveUp) => startRegion(options, log, giveUp))
}

async function startRegion(
  options: RunOptions,
  log: Log['write'],
  giveUp: (error: unknown) => void,
): Promise<Running> {
  const tls = await readTls(options)
  const { accounts, link } = await openAccounts(options, (state, error) =>
    log.info({ error }, `central ${state}`),
  )
  const settlement = options.settlement && (await readSettlementFile(options.settlement))
  const region = await openRegion({
    region: options.region,
    folder: options.folder,
    accounts,
    ...(settlement && { settlement }),
    settled: (outcome) => {
      if ('error' in outcome)
        log.error({ error: outcome.error }, 'a settlement or a day of subscriptions did not come to an end')
      else log.info({ period: outcome.report.plan.period, ms: outcome.report.totalMs }, 'settled')
    },
    keepMonths: options.keepMonths,
    retired: (outcome) => {
      if ('error' in outcome) log.error({ error: outcome.error }, 'old rows could not be archived')
      else if (outcome.retired !== undefined && outcome.retired.files > 0)
        log.info(outcome.retired, 'old rows were archived')
    },
    ...(link === undefined
      ? {}
      : { central: { link, endpoint: { host: options.centralHost, port: options.centralPort } } }),
    work: { host: options.host, port: options.workPort },
    miners: { host: options.host, port: options.minersPort },
    status: { host: options.statusHost, port: options.statusPort },
    ...(tls === undefined ? {} : { tls }),
    ...(options.domain === undefined ? {} : { domain: options.domain }),
    ...(options.location === undefined ? {} : { location: options.location }),
    limits: { ackMs: options.ackMs, maxQueue: options.maxQueue },
    minerChanged: (what, miner, reason) => log.info({ miner, reason }, `a miner ${what}`),
    failed: giveUp,
  })
  const unfollow = followPeers(readPeers(options.peers), (peers) =>
    region.region.step({ kind: 'peers', peers }),
  )
  return {
    ready: { ...region.ports, region: options.region, pid: process.pid },
    drain: async () => unfollow(),
    stop: (failed) => region.stop(failed ? 0 : options.drainMs),
  }
}

async function readTls({ tlsCert, tlsKey }: RunOptions): Promise<{ cert: string; key: string } | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    return fail('OptionInvalid', { option: 'tlsKey', reason: 'a certificate and its key belong together' })
  }
  const read = (path: string): Promise<string> =>
    readFile(path, 'utf8').catch((error: Error) =>
      fail('FileUnreadable', { path, reason: error.message }, error),
    )
  return { cert: await read(tlsCert), key: await read(tlsKey) }
}
