import type { Offer, ServiceOffer } from '@banyan/tunnel'
import type { BrokerLimits } from './limits.js'
import { createTierQueue, type TierQueue } from './queue.js'
import { createTimers, type Timed, type Timers } from './timers.js'
import { type BrokerEffect, type Peer, type Split, type Tier, tiers, type WorkOrder } from './types.js'

/** The broker's memory. Only functions of this folder change it. */
export type Broker = {
  readonly limits: BrokerLimits
  readonly requests: Map<string, Request>
  readonly attempts: Map<number, Attempt>
  /** Connected miners by the number of their connection. */
  readonly miners: Map<number, Miner>
  /** The same by their ids: each is connected once. */
  readonly minersById: Map<string, Miner>
  readonly tiers: ReadonlyMap<Tier, TierState>
  /** By miner id, so that a new connection does not forget. */
  readonly health: Map<string, Health>
  /** Mean time of the services, over all miners, ms. */
  readonly serviceMs: Map<string, number>
  /** When a service was offered last; the present for those that are. */
  readonly lastOffered: Map<string, number>
  readonly perAccount: Map<string, number>
  readonly affinities: Map<string, Affinity>
  readonly rollouts: Map<string, Rollout>
  readonly timers: Timers<Request>
  peers: readonly Peer[]
  nextAttempt: number
  /** Order of acceptance, which a request keeps when it is tried again. */
  nextTurn: number
  draining: boolean
  nextSweep: number
  nextMove: number
}

export type TierState = {
  readonly queue: TierQueue
  /** Slots by `service@version` and by `service@*`. */
  readonly slots: Map<string, Slot[]>
  capacity: number
  active: number
  /** Where the next look for a free miner begins. */
  cursor: number
  /** Since when too many wait; undefined: they do not. */
  deepSince: number | undefined
  overloaded: boolean
}

export type Request = Timed & {
  readonly order: WorkOrder
  readonly turn: number
  readonly acceptedAt: number
  readonly deadline: number
  phase: 'queued' | 'running' | 'recording' | 'over'
  tier: Tier
  /** `service@version` or `service@*`. */
  key: string
  /** Waits for this slot alone. */
  waitsFor: Slot | undefined
  readonly running: Set<Attempt>
  winner: Attempt | undefined
  attempts: number
  failures: number
  readonly tried: Set<string>
  repeatable: boolean
  /** The miner waits for the client. */
  isHeld: boolean
  /** Status of the answer that the client has begun to get. */
  status: number
}

export type Attempt = {
  readonly id: number
  readonly request: Request
  readonly slot: Slot
  readonly startedAt: number
  readonly ackBy: number
  isAcked: boolean
  firstByteAt: number | undefined
  /** Since when nothing but the miner is waited for. */
  waitsSince: number
}

export type Miner = {
  readonly link: number
  readonly id: string
  readonly tier: Tier
  readonly slots: Map<string, Slot>
  readonly attempts: Set<Attempt>
  offer: Offer
  rttMs: number
}

/** A service of a version on a miner. */
export type Slot = {
  readonly miner: Miner
  readonly key: string
  offer: ServiceOffer
  active: number
  /** Smoothed time of its requests, ms; undefined before the first. */
  meanMs: number | undefined
  /** Requests that wait for this slot alone. */
  readonly line: Request[]
  /** It said that it is full. */
  pausedUntil: number
}

export type Health = {
  failures: number
  quarantines: number
  quarantinedUntil: number
  /** After quarantine one request is tried first. */
  probing: boolean
  touchedAt: number
}

export type Affinity = { readonly miner: string; readonly service: string; expiresAt: number }

export type Rollout = { readonly splits: readonly Split[]; readonly credit: number[] }

export type Effects = BrokerEffect[]

export function createBroker(limits: BrokerLimits): Broker {
  return {
    limits,
    requests: new Map(),
    attempts: new Map(),
    miners: new Map(),
    minersById: new Map(),
    tiers: new Map(tiers.map((tier) => [tier, createTier()])),
    health: new Map(),
    serviceMs: new Map(),
    lastOffered: new Map(),
    perAccount: new Map(),
    affinities: new Map(),
    rollouts: new Map(),
    timers: createTimers(),
    peers: [],
    nextAttempt: 1,
    nextTurn: 1,
    draining: false,
    nextSweep: 0,
    nextMove: 0,
  }
}

function createTier(): TierState {
  return {
    queue: createTierQueue(),
    slots: new Map(),
    capacity: 0,
    active: 0,
    cursor: 0,
    deepSince: undefined,
    overloaded: false,
  }
}

export function tierOf(broker: Broker, tier: Tier): TierState {
  return broker.tiers.get(tier)!
}

/** Any version of a service. */
export function anyVersion(service: string): string {
  return `${service}@*`
}

export function slotKey(service: string, version: string): string {
  return `${service}@${version}`
}
