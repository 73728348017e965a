import type { Timing } from '@banyan/consensus'
import type { Random } from '@banyan/testing'
import type { NodeCosts, Payload } from './costs.js'
import type { Latency } from './latency.js'

/** A network to be modelled. */
export type ScaleSetting = {
  /** Members of the committee, of equal weight. */
  readonly validators: number
  /** Indices of members that never do anything. */
  readonly dead: ReadonlySet<number>
  /**
   * The others have noticed already that the dead are silent (rule L5). Otherwise each of them is waited for in the first
   * two views that it leads.
   */
  readonly deadAreKnown: boolean
  readonly timing: Timing
  /** Time between two batches of one validator, ms. */
  readonly batchInterval: number
  /** Transactions that all clients together send in a second, in equal streams. */
  readonly load: number
  /** Whether clients are spread over all living validators or all use one. */
  readonly clients: 'spread' | 'at one'
  readonly payload: Payload
  /**
   * How batches travel. `direct`: their author sends them to everybody. `relay`: each validator gets a part of an erasure
   * code of twice the size and passes it on; no such relay exists outside of this model.
   */
  readonly batches: 'direct' | 'relay'
  readonly costs: NodeCosts
  /** Cores of a computer, and validators that share it. */
  readonly cores: number
  readonly validatorsPerMachine: number
  /** Of a validator's network interface in each direction, Mbit/s. */
  readonly bandwidth: number
  readonly latency: Latency
  readonly random: Random
}

/** Bytes that encryption, multiplexing and TCP over Ethernet add to a message: 100, and a twentieth of its own. */
export function bytesOnWire(message: number): number {
  return Math.ceil(message * 1.05) + 100
}

/** Threads that check signatures: one for each core but the one of the main thread. */
export function workersOf({ cores }: ScaleSetting): number {
  return Math.max(1, cores - 1)
}

/** The relay's code makes a batch so many times as large. */
export const relayExpansion = 2
