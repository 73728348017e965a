import { EventEmitter } from 'node:events'
import { banyanError } from '@banyan/base'
import { type ComputeParts, createComputeParts } from '../compute/programs.js'
import type { StoredNetwork } from '../folder/state-folder.js'
import { computePeopleOf } from '../people.js'
import type { Part, PartEvent } from './part.js'
import { createSilence, type Silence } from './silence.js'
import { createValidators, type Validator } from './validators.js'

/** The programs of a network as processes, kept alive. */
export type Supervisor = {
  readonly validators: readonly Validator[]
  /** Nothing where the network is without them. */
  readonly compute: ComputeParts | undefined
  /** All of them. */
  readonly parts: readonly Part[]
  /** What is told of a part that works but does not answer. */
  readonly silenceOf: Silence['problemOf']
  /**
   * Starts the validators. Resolves when all hear each other and none is behind; rejects with PartFailed, PartSlow or what the signal is aborted
   * with, and then all are stopped.
   */
  readonly start: (signal: AbortSignal) => Promise<void>
  /** Stops everything. */
  readonly stop: () => Promise<void>
  /** Calls the listener with every event until the returned function is called. */
  readonly watch: (listener: (event: PartEvent) => void) => () => void
}

const readyLimitMs = 60_000
const pollMs = 40

/** A supervisor with all parts stopped. */
export async function createSupervisor(network: StoredNetwork, hasCompute: boolean): Promise<Supervisor> {
  const events = new EventEmitter<{ event: [PartEvent] }>().setMaxListeners(0)
  const onEvent = (event: PartEvent): void => void events.emit('event', event)
  const validators = await createValidators(network, onEvent)
  const compute = hasCompute
    ? await createComputeParts(network.layout, computePeopleOf(network.seed), onEvent)
    : undefined
  const parts = [...validators, ...(compute?.parts ?? [])]
  const silence = createSilence(parts, onEvent)
  const stop = async (): Promise<void> => {
    silence.stop()
    await Promise.all([compute?.stop(), ...validators.map((part) => part.stop())])
  }
  const watch = (listener: (event: PartEvent) => void): (() => void) => {
    events.on('event', listener)
    return () => events.off('event', listener)
  }
  return {
    validators,
    compute,
    parts,
    silenceOf: silence.problemOf,
    start: async (signal) => {
      try {
        await startAll(validators, watch, signal)
        silence.start()
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
    watch,
  }
}

/** A part that ends before it was ready would end again: all the others need not go on. */
async function startAll(
  parts: readonly Validator[],
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
      const isDeath = event.kind === 'state' && event.state === 'restarting' && event.detail !== ''
      if (isDeath && parts.some(({ name }) => name === event.part))
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
async function untilReady(part: Validator, parts: readonly Validator[], isOver: AbortSignal): Promise<void> {
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
