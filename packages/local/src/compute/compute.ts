import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { BanyanError } from '@banyan/base'
import type { Client } from '@banyan/sdk'
import type { StoredNetwork } from '../folder/state-folder.js'
import { type ComputePeople, computePeopleOf } from '../people.js'
import { plainLine } from '../processes/log-file.js'
import { untilReady } from '../processes/part.js'
import type { Supervisor } from '../processes/supervisor.js'
import { askCentral } from './ask-central.js'
import { type ComputePaths, computePaths, type Made, readMade } from './made.js'
import { makeCompute } from './make-compute.js'
import { writeSettlement } from './make-settlement.js'
import { isolationOf, type WorkloadIsolation } from './miner-status.js'
import type { ComputeParts, RegionPorts } from './programs.js'
import { type Sample, sampleOf } from './sample.js'

/** How far computing has come up. */
export type ComputeState =
  | { readonly kind: 'off' }
  /** `step` is what it is at, for people. */
  | { readonly kind: 'starting'; readonly step: string }
  | {
      readonly kind: 'ready'
      readonly made: Made
      readonly isolation: WorkloadIsolation
      readonly sample: Sample
    }
  | { readonly kind: 'failed'; readonly reason: string }

export type Compute = {
  readonly people: ComputePeople
  /** Nothing where the network is without them. */
  readonly parts: ComputeParts | undefined
  readonly state: () => ComputeState
  /** Begins; what comes of it is told by the state. */
  readonly start: () => void
  /** Gives a start up that is under way: nothing is started any more. Whoever calls it stops the supervisor. */
  readonly giveUp: () => void
}

export type ComputeSurroundings = {
  readonly network: StoredNetwork
  readonly supervisor: Supervisor
  /** Of the chain, by the origin. */
  readonly client: Client
  readonly origin: string
  readonly onState: (state: ComputeState) => void
}

/** Whoever has started the network opens its page: that comes first. */
const headStartMs = 500

/** Brings up central, a region and miners beside a chain that works. */
export function createCompute(surroundings: ComputeSurroundings): Compute {
  const { network, supervisor, onState } = surroundings
  const people = computePeopleOf(network.seed)
  const { compute: parts } = supervisor
  let state: ComputeState = { kind: 'off' }
  let over = new AbortController()

  const enter = (next: ComputeState): void => {
    state = next
    onState(next)
  }
  const run = async (given: ComputeParts, signal: AbortSignal): Promise<void> => {
    // What it waits for may end again and again, and says why.
    const unwatch = supervisor.watch((event) => {
      if (state.kind !== 'starting' || event.kind !== 'state' || event.detail === '') return
      const part = given.parts.find(({ name }) => name === event.part)
      if (part === undefined) return
      const [line] = part.lines(1)
      enter({ kind: 'starting', step: `${part.name} ${event.detail}: ${plainLine(line ?? '')}` })
    })
    try {
      await pause(headStartMs, undefined, { signal })
      const tell = (step: string): void => enter({ kind: 'starting', step })
      const made = await bringUp(surroundings, people, given, tell, signal)
      const isolation = await isolationOf(given.miners)
      enter({ kind: 'ready', made, isolation, sample: sampleOf(surroundings.origin) })
    } catch (error) {
      if (signal.aborted) return
      await given.stop()
      enter({ kind: 'failed', reason: reasonOf(error) })
    } finally {
      unwatch()
    }
  }

  return {
    people,
    parts,
    state: () => state,
    start: () => {
      if (parts === undefined) return
      over = new AbortController()
      enter({ kind: 'starting', step: 'its accounts are looked for' })
      void run(parts, over.signal)
    },
    giveUp: () => over.abort(),
  }
}

async function bringUp(
  { network, client, origin }: ComputeSurroundings,
  people: ComputePeople,
  parts: ComputeParts,
  tell: (step: string) => void,
  signal: AbortSignal,
): Promise<Made> {
  const { layout } = network
  const paths = computePaths(layout)
  const known = await readMade(layout)
  signal.throwIfAborted()
  if (known !== undefined) parts.central.start()
  const made = known ?? (await makeCompute({ network, client, people, parts, tell, signal }))
  await writeSettlement(paths, people, origin)
  signal.throwIfAborted()
  parts.configure(made)
  tell('central and the region start')
  parts.region.start()
  await untilReady(parts.region, signal)
  const { api } = await untilReady(parts.central, signal)
  await register(paths, parts.ports, made.region.account, api)
  signal.throwIfAborted()
  tell('miners test this machine and start Darkroom')
  for (const miner of parts.miners) miner.start()
  await Promise.race(parts.miners.map((miner) => untilReady(miner, signal)))
  return made
}

/** Its ports are others after each start: central learns where to dial. */
async function register(
  paths: ComputePaths,
  { work, central }: RegionPorts,
  account: string,
  api: string,
): Promise<void> {
  const adminKey = (await readFile(paths.adminKey, 'utf8')).trim()
  await askCentral(api, adminKey)('/v1/regions', {
    account,
    // Where this machine is, is nobody's business: a place in no country, for the forms alone.
    latitude: 0,
    longitude: 0,
    country: 'ZZ',
    zones: [],
    serves: [],
    web: `http://127.0.0.1:${work}`,
    link: `ws://127.0.0.1:${central}`,
    priceList: '0'.repeat(64),
  })
}

/** Why it does not compute, as a sentence goes on. */
export function whyNot(state: Exclude<ComputeState, { kind: 'ready' }>): string {
  switch (state.kind) {
    case 'off':
      return 'it was started without'
    case 'starting':
      return state.step
    case 'failed':
      return state.reason
  }
}

function reasonOf(error: unknown): string {
  return error instanceof BanyanError ? error.message : `a defect: ${String(error)}`
}
