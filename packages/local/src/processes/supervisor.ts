import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { banyanError } from '@banyan/base'
import { freePorts } from '@banyan/node/child'
import { validatorFolder, validatorName } from '../folder/layout.js'
import type { StoredNetwork } from '../folder/state-folder.js'
import { createPart, type Part, type PartEvent } from './part.js'

/** The validators of a network as processes, kept alive. */
export type Supervisor = {
  readonly parts: readonly Part[]
  /**
   * Starts all. Resolves when all hear each other and none is behind; rejects with PartFailed, PartSlow or what the signal is aborted with, and
   * then all are stopped.
   */
  readonly start: (signal: AbortSignal) => Promise<void>
  readonly stop: () => Promise<void>
  /** Calls the listener with every event until the returned function is called. */
  readonly watch: (listener: (event: PartEvent) => void) => () => void
}

/** Of each validator: it must end before it is ended. */
const stopTimeoutMs = 1_500
const readyLimitMs = 60_000
const pollMs = 40

/** A supervisor with all parts stopped. */
export async function createSupervisor(network: StoredNetwork): Promise<Supervisor> {
  const events = new EventEmitter<{ event: [PartEvent] }>().setMaxListeners(0)
  const ports = await freePorts(network.validators)
  const parts = ports.map((port, index) =>
    createPart({
      name: validatorName(index),
      flags: flagsOf(network, ports, index),
      logFile: join(network.layout.logs, `${validatorName(index)}.log`),
      peerPort: port,
      onEvent: (event) => events.emit('event', event),
    }),
  )
  const stop = async (): Promise<void> => {
    await Promise.all(parts.map((part) => part.stop()))
  }
  const watch = (listener: (event: PartEvent) => void): (() => void) => {
    events.on('event', listener)
    return () => events.off('event', listener)
  }
  return {
    parts,
    start: async (signal) => {
      try {
        await startAll(parts, watch, signal)
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
    watch,
  }
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

/** A part that ends before it was ready would end again: all the others need not go on. */
async function startAll(
  parts: readonly Part[],
  watch: Supervisor['watch'],
  signal: AbortSignal,
): Promise<void> {
  const watched: (() => void)[] = []
  const failed = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort)
    const limit = setTimeout(() => {
      const late = parts.find((part) => part.state() !== 'ready') ?? parts[0]!
      reject(banyanError('PartSlow', { part: late.name, seconds: readyLimitMs / 1_000 }))
    }, readyLimitMs)
    const unwatch = watch((event) => {
      // What it is restarted after stands in the detail; a part that was restarted before begins without one.
      if (event.kind === 'state' && event.state === 'restarting' && event.detail !== '')
        reject(banyanError('PartFailed', { part: event.part, outcome: event.detail }))
    })
    watched.push(
      () => signal.removeEventListener('abort', abort),
      () => clearTimeout(limit),
      unwatch,
    )
  })
  const isOver = new AbortController()
  try {
    for (const part of parts) part.start()
    await Promise.race([failed, Promise.all(parts.map((part) => untilReady(part, parts, isOver.signal)))])
    signal.throwIfAborted()
  } finally {
    isOver.abort()
    for (const end of watched) end()
  }
}

/**
 * Waits until a node hears a peer and has come to the highest block that any of them had when they were started: what a
 * client has seen before is there again.
 */
async function untilReady(part: Part, parts: readonly Part[], isOver: AbortSignal): Promise<void> {
  for (; !isOver.aborted; await new Promise((resolve) => setTimeout(resolve, pollMs))) {
    const lines = parts.map((other) => other.ready())
    const rpc = part.ready()?.rpc
    if (rpc === undefined || lines.includes(undefined)) continue
    const known = Math.max(...lines.map((line) => line!.height))
    const status = await statusOf(rpc)
    if (status?.ready === true && status.height >= known) return
  }
}

async function statusOf(
  rpc: string,
): Promise<{ readonly height: number; readonly ready: boolean } | undefined> {
  try {
    return (await (await fetch(`${rpc}/v1/status`)).json()) as { height: number; ready: boolean }
  } catch {
    return undefined
  }
}
