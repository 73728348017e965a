import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fail } from '@banyan/base'
import { folderRegistry, type RegistryReader, webRegistry } from '@banyan/dservice/node'
import { chooseIsolation } from '@banyan/isolation'
import { type Miner, runMiner } from '../run-miner.js'
import { credentialsOf } from './credentials.js'
import type { MinerConfiguration } from './options.js'
import { readToken } from './token.js'

/** Longest time that work under way gets once a miner is asked to stop. */
export const patienceMs = 30_000

/**
 * Joins a region: chooses an isolation and tells why, then runs the miner. `connected` is called at each connection.
 * Errors: MinerTokenMissing, MinerTokenUsed, TunnelUnreachable, KeyFileExposed, IsolationUnavailable, PlainProcessRefused, and those of `runMiner`.
 */
export async function join(
  configuration: MinerConfiguration,
  print: (line: string) => void,
  connected: () => void = () => undefined,
): Promise<Miner> {
  const { region, conditions, authorities, instances, recycleAfter, statusPort } = configuration
  const token = await readToken(configuration.tokenFile, region)
  const ca = configuration.ca === undefined ? undefined : await readCertificate(configuration.ca)
  const { name, key } = await credentialsOf(token, configuration, ca)
  const isolation = await chooseIsolation({
    ...(configuration.isolation === undefined ? {} : { driver: configuration.isolation }),
    allowPlainProcess: configuration.allowPlainProcess,
  })
  for (const { what, isUsable, detail } of isolation.probes)
    print(`${isUsable ? 'yes' : 'no '}  ${what}: ${detail}`)
  print(`isolation: ${isolation.driver}, level ${isolation.level}`)
  const folder = resolve(configuration.data)
  await mkdir(folder, { recursive: true }).catch((error: unknown) =>
    fail('DiskFailed', { operation: 'make', path: folder }, error),
  )
  const miner = await runMiner({
    region: new URL(region),
    name,
    chosen: configuration.dservices,
    registry: registryAt(configuration.registry),
    authorities,
    folder,
    isolation,
    instances,
    recycleAfter,
    conditions,
    statusPort,
    key,
    ca,
    print,
    connected,
  })
  print(`status: ${miner.statusAddress}`)
  return miner
}

export function registryAt(place: string): RegistryReader {
  return /^https?:\/\//.test(place) ? webRegistry(place) : folderRegistry(resolve(place))
}

function readCertificate(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) =>
    fail('FileUnreadable', { path, reason: 'it does not exist, or this user may not read it' }, error),
  )
}
