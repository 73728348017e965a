import { readFile } from 'node:fs/promises'
import { BanyanError, errorRegistry, fail } from '@banyan/base'
import { destination, pino, stdTimeFunctions } from 'pino'
import { readSettlementFile } from '../charges/settlement-file.js'
import { openRegion } from '../open-region.js'
import { openAccounts } from './open-accounts.js'
import type { RunOptions } from './options.js'
import { followPeers, readPeers } from './peers.js'

export const exitCodes = { done: 0, defect: 1, refused: 2, gaveUp: 3 } as const

/** What a user reads of an error: a sentence, why, and what to do. Anything else than a registry error is thrown again. */
export function explain(error: unknown): string {
  if (!(error instanceof BanyanError) || error.kind === 'InvariantBroken') throw error
  const { code, kind, message, fix, docs } = error
  return `${code}: ${message}\n  why: ${errorRegistry[kind].cause}\n  fix: ${fix}\n  ${docs}`
}

/** Runs a region until it is signalled, its parent ends, or its journal fails. Resolves to the exit code. */
export async function runRegion(options: RunOptions): Promise<number> {
  const out = destination({ dest: 1, sync: false, maxLength: 2 ** 22 })
  const log = pino(
    {
      level: options.logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    out,
  )
  let ask: (reason: Stop) => void = () => undefined
  const asked = new Promise<Stop>((resolve) => {
    ask = resolve
  })
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
      if ('error' in outcome) log.error({ error: outcome.error }, 'a settlement did not come to an end')
      else log.info({ period: outcome.report.plan.period, ms: outcome.report.totalMs }, 'settled')
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
    failed: (error) => ask({ error }),
  })
  const unfollow = followPeers(readPeers(options.peers), (peers) =>
    region.region.step({ kind: 'peers', peers }),
  )
  listenForStop(options.stopWithParent, ask)
  log.info({ ...region.ports, region: options.region, pid: process.pid }, 'ready')
  const stop = await asked
  log.info('stopping')
  unfollow()
  await region.stop('error' in stop ? 0 : options.drainMs).catch((error: unknown) => {
    if (!('error' in stop)) throw error
  })
  out.flushSync()
  if (!('error' in stop)) return exitCodes.done
  console.error(explain(stop.error))
  return exitCodes.gaveUp
}

type Stop = { readonly signal: string } | { readonly error: unknown }

/** A second signal ends the process at once, as shells expect. */
function listenForStop(withParent: boolean, ask: (stop: Stop) => void): void {
  let isAsked = false
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(signal, () => {
      if (isAsked) process.exit(128 + number)
      isAsked = true
      ask({ signal })
    })
  }
  if (!withParent) return
  process.on('disconnect', () => ask({ signal: 'parent' }))
  process.stdin
    .on('end', () => ask({ signal: 'parent' }))
    .on('error', () => ask({ signal: 'parent' }))
    .resume()
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
