import type { ErrorName } from '@banyan/base'
import type { Offer, Usage } from '@banyan/tunnel'

/** What the broker hears and what it wants done. Times are milliseconds of one clock that never goes back. */

/** 1: an enterprise's own machines; 2: data centres; 3: attested machines of people; 4: any machine. */
export type Tier = 1 | 2 | 3 | 4
export const tiers: readonly Tier[] = [1, 2, 3, 4]

/** `latency`: start now on any free miner; `speed`: finish first, perhaps on a better miner that is busy. */
export type Prefer = 'latency' | 'speed'

/** `soft`: the same miner if it has room; `hard`: the same miner or none. */
export type AffinityMode = 'soft' | 'hard'

/** A request as the broker sees it: everything but its bytes. */
export type WorkOrder = {
  readonly id: string
  readonly account: string
  readonly service: string
  /** Undefined: as the rollout of the service says. */
  readonly version: string | undefined
  /** Tiers that may do it, the preferred first. */
  readonly tiers: readonly Tier[]
  readonly prefer: Prefer
  /** Copies on two miners while there is room; the first answer counts. */
  readonly race: boolean
  /** `known`: the token that the client has, if any; `fresh`: one that nobody has. */
  readonly affinity: AffinityOrder | undefined
  readonly totalMs: number
  readonly firstByteMs: number
  readonly idleMs: number
  /** Regions that this request has been to. */
  readonly visited: readonly string[]
  /** Of the same work, done and recorded before a crash: the record says so, and nobody pays twice. */
  readonly repeats: string | undefined
  /** The key by which the client may repeat it. */
  readonly idempotencyKey: string | undefined
}

export type AffinityOrder = {
  readonly mode: AffinityMode
  readonly known: string | undefined
  readonly fresh: string
}

export type Outcome = 'done' | 'cancelled' | 'deadline' | 'failed'

/** One for every accepted request, whatever became of it. */
export type WorkRecord = {
  readonly id: string
  readonly account: string
  readonly service: string
  /** Empty where no miner began. */
  readonly version: string
  readonly miner: string
  readonly tier: Tier
  readonly outcome: Outcome
  /** HTTP status of the service's answer; 0 without one. */
  readonly status: number
  readonly acceptedAt: number
  /** When the miner that answered was given it; when its answer began; when all was over. */
  readonly startedAt: number
  readonly firstByteAt: number
  readonly endedAt: number
  /** Miners that were tried, those of a race included. */
  readonly attempts: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly usage: Usage
  readonly repeats: string | undefined
  readonly idempotencyKey: string | undefined
}

export type Peer = {
  readonly region: string
  readonly url: string
  /** Share of its capacity that is in use; 1 and above: full. */
  readonly load: number
}

export type Split = { readonly version: string; readonly weight: number }

/** `link` is the number of a connection of a miner, `attempt` of a request given to a miner. Neither is used twice. */
export type BrokerEvent =
  | {
      readonly kind: 'joined'
      readonly link: number
      readonly miner: string
      readonly tier: Tier
      readonly offer: Offer
    }
  | { readonly kind: 'offer'; readonly link: number; readonly offer: Offer }
  | { readonly kind: 'rtt'; readonly link: number; readonly ms: number }
  | { readonly kind: 'left'; readonly link: number; readonly reason: string }
  | { readonly kind: 'request'; readonly order: WorkOrder }
  /** Its body is too large to be kept for another miner. */
  | { readonly kind: 'unrepeatable'; readonly id: string }
  /** Whether the miner waits for the client: for more of the request, or for it to read more of the answer. */
  | { readonly kind: 'held'; readonly id: string; readonly held: boolean }
  | { readonly kind: 'acked'; readonly attempt: number }
  | { readonly kind: 'head'; readonly attempt: number; readonly status: number }
  | { readonly kind: 'data'; readonly attempt: number }
  | {
      readonly kind: 'end'
      readonly attempt: number
      readonly usage: Usage
      readonly bytesIn: number
      readonly bytesOut: number
    }
  | { readonly kind: 'failed'; readonly attempt: number; readonly reason: string; readonly busy: boolean }
  /** The client went away, or cancelled its job. */
  | { readonly kind: 'cancel'; readonly id: string; readonly bytesIn: number; readonly bytesOut: number }
  /** The record is durable. */
  | { readonly kind: 'recorded'; readonly id: string }
  | { readonly kind: 'rollout'; readonly service: string; readonly splits: readonly Split[] }
  | { readonly kind: 'peers'; readonly peers: readonly Peer[] }
  /** Nothing new from now on. */
  | { readonly kind: 'drain' }
  | { readonly kind: 'tick' }

export type BrokerEffect =
  | {
      readonly kind: 'dispatch'
      readonly id: string
      readonly attempt: number
      readonly link: number
      readonly service: string
      readonly version: string
      /** Time until nobody waits any more. */
      readonly deadlineMs: number
    }
  /** The miner need not go on; the request may live. */
  | {
      readonly kind: 'recall'
      readonly id: string
      readonly attempt: number
      readonly link: number
      readonly reason: string
    }
  /** The client gets the answer of this attempt; `affinity` is the token that leads back to its miner. */
  | {
      readonly kind: 'adopt'
      readonly id: string
      readonly attempt: number
      readonly affinity: string | undefined
    }
  /** Not accepted: there is no record. `forward`: a region that may take it. */
  | {
      readonly kind: 'refuse'
      readonly id: string
      readonly error: ErrorName
      readonly retryMs: number
      readonly forward: Peer | undefined
    }
  /** Accepted, but there will be no answer, or not the rest of it. */
  | { readonly kind: 'abandon'; readonly id: string; readonly error: ErrorName }
  | { readonly kind: 'completed'; readonly record: WorkRecord }
  /** The last byte of the answer may go. */
  | { readonly kind: 'release'; readonly id: string }
  | { readonly kind: 'disconnect'; readonly link: number; readonly reason: string }
