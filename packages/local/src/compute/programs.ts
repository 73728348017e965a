import { join } from 'node:path'
import { toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { freePorts, startProgram } from '@banyan/node/child'
import { type Layout, minerName } from '../folder/layout.js'
import type { ComputePeople } from '../people.js'
import { createPart, type Part, type PartEvent } from '../processes/part.js'
import { programFile } from '../workspace.js'
import { computePaths, type Made } from './made.js'
import type { CentralReady } from './make-accounts.js'
import { reachableFolder } from './reachable-folder.js'

/** Ports of the region on 127.0.0.1, chosen before it starts: central and miners dial them. */
export type RegionPorts = {
  readonly work: number
  readonly miners: number
  readonly status: number
  readonly central: number
}

export type MinerPart = Part<true> & { readonly statusPort: number }

/** The programs of the network of computing, as parts that are kept alive. */
export type ComputeParts = {
  readonly central: Part<CentralReady>
  readonly region: Part<true>
  readonly ports: RegionPorts
  readonly miners: readonly [MinerPart, MinerPart]
  readonly parts: readonly Part[]
  /** What region and miners are started with from now on. */
  readonly configure: (made: Made) => void
  /** Miners first, so that what they have begun is answered; then the region, then central. */
  readonly stop: () => Promise<void>
}

/** Garbage is collected early: these programs do little here, and there are several. */
const smallMemory = ['--max-semi-space-size=1']
const stopLimits = { central: 2_000, region: 2_000, miner: 6_000 } as const
const centralStopMs = 1_500
const drainMs = 500

/** The programs of a network, stopped. */
export async function createComputeParts(
  layout: Layout,
  { authority }: ComputePeople,
  onEvent: (event: PartEvent) => void,
): Promise<ComputeParts> {
  const paths = computePaths(layout)
  const authorityKey = toHex(native.ed25519.publicKey(authority.secret))
  const [work, miners, status, central, ...statusPorts] = await freePorts(6)
  const ports: RegionPorts = { work: work!, miners: miners!, status: status!, central: central! }
  const packages = await reachableFolder(layout.packages)
  let made: Made | undefined

  const part = <Ready>(
    name: 'central' | 'region' | 'miner',
    shown: string,
    wordsOf: () => readonly string[],
    readReady: (line: string) => Ready | undefined,
    portsOf: (ready: Ready | undefined) => Readonly<Record<string, number>>,
  ): Part<Ready> =>
    createPart<Ready>({
      name: shown,
      launch: (onLine) =>
        startProgram({
          file: programFile(name),
          words: wordsOf(),
          nodeFlags: smallMemory,
          readReady,
          onLine,
          environment: { [`BANYAN_${name.toUpperCase()}_STOP_WITH_PARENT`]: 'true' },
          // Ctrl-C reaches the supervisor alone, which then stops its children in order.
          hasOwnGroup: true,
        }),
      logFile: join(layout.logs, `${shown}.log`),
      portsOf,
      httpPort: name === 'central' ? 'api' : 'status',
      stopLimit: stopLimits[name],
      onEvent,
    })

  const parts = {
    central: part(
      'central',
      'central',
      () => [
        ...['run', '--folder', paths.central, '--port', '0', '--authorities', authorityKey],
        ...['--stop-timeout', String(centralStopMs)],
      ],
      readCentral,
      (ready): Readonly<Record<string, number>> => (ready ? { api: Number(new URL(ready.api).port) } : {}),
    ),
    region: part(
      'region',
      'region',
      () => [
        ...['run', '--region', 'local', '--folder', paths.region, '--drain-ms', String(drainMs)],
        ...['--work-port', String(ports.work), '--miners-port', String(ports.miners)],
        ...['--status-port', String(ports.status), '--central-port', String(ports.central)],
        ...['--central-keys', made!.central, '--credentials', paths.credentials],
        ...['--settlement', paths.settlement],
      ],
      readPlainReady,
      () => ports,
    ),
  }
  const minerPart = (index: 0 | 1): MinerPart => {
    const statusPort = statusPorts[index]!
    const program = part(
      'miner',
      minerName(index),
      () => [
        ...['join', `http://127.0.0.1:${ports.miners}`, '--name', made!.miners[index].account],
        ...['--token-file', paths.tokens[index], '--registry', paths.registry, '--data', packages],
        ...['--dservices', made!.dservice, '--authorities', authorityKey, '--instances', '1'],
        ...['--status-port', String(statusPort), '--allow-plain-process', '--stop-with-parent'],
      ],
      (line): true | undefined => (line === 'connected' ? true : undefined),
      () => ({ status: statusPort }),
    )
    return { ...program, statusPort }
  }
  const minerParts = [minerPart(0), minerPart(1)] as const
  return {
    ...parts,
    ports,
    miners: minerParts,
    parts: [parts.central, parts.region, ...minerParts],
    configure: (given) => {
      made = given
    },
    stop: async () => {
      await Promise.all(minerParts.map((miner) => miner.stop()))
      await parts.region.stop()
      await parts.central.stop()
    },
  }
}

function readPlainReady(line: string): true | undefined {
  return line.endsWith('"msg":"ready"}') ? true : undefined
}

function readCentral(line: string): CentralReady | undefined {
  return readPlainReady(line) && (JSON.parse(line) as CentralReady)
}
