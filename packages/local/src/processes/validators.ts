import { join } from 'node:path'
import { freePorts, type ReadyLine, startNodeProcess } from '@banyan/node/child'
import { validatorFolder, validatorName } from '../folder/layout.js'
import type { StoredNetwork } from '../folder/state-folder.js'
import { createPart, type Part, type PartEvent } from './part.js'

/** A process of `banyan-node`. */
export type Validator = Part<ReadyLine>

/** Garbage is collected early: all validators are on one machine here. */
const smallMemory = ['--max-semi-space-size=2']
/** Of each validator: it must end before it is ended. */
const stopTimeoutMs = 1_500
/** What is final is durable all the same. */
const stopLimit = 2_000

/** The validators of a network, stopped. */
export async function createValidators(
  network: StoredNetwork,
  onEvent: (event: PartEvent) => void,
): Promise<readonly Validator[]> {
  const ports = await freePorts(network.validators)
  return ports.map((port, index) =>
    createPart<ReadyLine>({
      name: validatorName(index),
      // Ctrl-C reaches the supervisor alone, which then stops its children in order.
      launch: (onLine) =>
        startNodeProcess(['run', ...flagsOf(network, ports, index)], {
          onLine,
          nodeFlags: smallMemory,
          hasOwnGroup: true,
        }),
      logFile: join(network.layout.logs, `${validatorName(index)}.log`),
      portsOf: (ready) => ({
        ...(ready && { rpc: Number(new URL(ready.rpc).port), admin: Number(new URL(ready.admin).port) }),
        peers: port,
      }),
      httpPort: 'rpc',
      stopLimit,
      onEvent,
    }),
  )
}

function flagsOf(
  { layout, peerIds }: StoredNetwork,
  ports: readonly number[],
  index: number,
): readonly string[] {
  const peers = peerIds.flatMap((id, to) =>
    to === index ? [] : [`/ip4/127.0.0.1/tcp/${ports[to]}/p2p/${id}`],
  )
  return [
    ...['--config', join(layout.network, validatorFolder(index), 'config.json')],
    ...['--rpc-port', '0', '--admin-port', '0', '--threads', '1', '--stop-timeout', String(stopTimeoutMs)],
    ...['--listen', `/ip4/127.0.0.1/tcp/${ports[index]}`, '--peers', peers.join(',')],
  ]
}
