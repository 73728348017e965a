import type { ErrorName } from '@banyan/base'
import { place } from './dispatch.js'
import { isExpected, offers } from './fleet.js'
import { chooseKey } from './rollout.js'
import {
  anyVersion,
  type Broker,
  type Effects,
  type Request,
  slotKey,
  type TierState,
  tierOf,
} from './state.js'
import { unwatched, watch } from './timers.js'
import type { Peer, WorkOrder } from './types.js'

/** Whether a request is taken. What is refused costs nothing but the refusal, and makes no record. */

const leastRetryMs = 100
const mostRetryMs = 30_000
const drainRetryMs = 1_000
const unknownMs = 50

export function admit(broker: Broker, order: WorkOrder, now: number, effects: Effects): void {
  const refusal = refuse(broker, order, now)
  if (refusal !== undefined) {
    effects.push({ kind: 'refuse', id: order.id, ...refusal })
    return
  }
  const request: Request = {
    order,
    turn: broker.nextTurn++,
    acceptedAt: now,
    deadline: now + order.totalMs,
    phase: 'queued',
    tier: order.tiers[0]!,
    key: chooseKey(broker, order.service, order.version, order.tiers),
    waitsFor: undefined,
    running: new Set(),
    winner: undefined,
    attempts: 0,
    failures: 0,
    tried: new Set(),
    repeatable: true,
    isHeld: false,
    status: 0,
    ...unwatched,
  }
  broker.requests.set(order.id, request)
  broker.perAccount.set(order.account, (broker.perAccount.get(order.account) ?? 0) + 1)
  watch(broker, request, request.deadline)
  place(broker, request, now, effects)
}

type Refusal = {
  readonly error: ErrorName
  readonly retryMs: number
  readonly forward: Peer | undefined
}

function refuse(broker: Broker, order: WorkOrder, now: number): Refusal | undefined {
  const { maxPerAccount } = broker.limits
  if (broker.draining) {
    return { error: 'RegionStopping', retryMs: drainRetryMs, forward: pickPeer(broker, order) }
  }
  if ((broker.perAccount.get(order.account) ?? 0) >= maxPerAccount) {
    return { error: 'AccountBusy', retryMs: leastRetryMs, forward: undefined }
  }
  if (!isExpected(broker, order.service, now)) {
    return { error: 'ServiceUnknown', retryMs: mostRetryMs, forward: pickPeer(broker, order) }
  }
  const key = order.version === undefined ? anyVersion(order.service) : slotKey(order.service, order.version)
  const able = order.tiers.filter((tier) => offers(broker, tier, key))
  const allowed = able.length > 0 ? able : order.tiers
  if (allowed.some((tier) => !isFull(broker, tierOf(broker, tier)))) return undefined
  return { error: 'RegionBusy', retryMs: waitHint(broker, order), forward: pickPeer(broker, order) }
}

function isFull(broker: Broker, tier: TierState): boolean {
  return tier.overloaded || tier.queue.depth >= broker.limits.maxQueue
}

/** When the queue of the preferred tier should be through. */
function waitHint(broker: Broker, { tiers, service }: WorkOrder): number {
  const tier = tierOf(broker, tiers[0]!)
  const mean = broker.serviceMs.get(service) ?? unknownMs
  const hint = (tier.queue.depth * mean) / Math.max(1, tier.capacity)
  return Math.min(mostRetryMs, Math.max(leastRetryMs, Math.ceil(hint)))
}

/** The emptiest region that the request has not been to, while it may travel on. */
function pickPeer(broker: Broker, { visited }: WorkOrder): Peer | undefined {
  const { maxHops, region } = broker.limits
  if (visited.length >= maxHops) return undefined
  let best: Peer | undefined
  for (const peer of broker.peers) {
    if (peer.load >= 1 || peer.region === region || visited.includes(peer.region)) continue
    if (best === undefined || peer.load < best.load) best = peer
  }
  return best
}

/** A queue that stays long means overload, until it is half as long. A burst does not. */
export function watchDepth(broker: Broker, now: number): void {
  const { dangerDepth, dangerMs } = broker.limits
  for (const tier of broker.tiers.values()) {
    const { depth } = tier.queue
    if (depth <= dangerDepth) tier.deepSince = undefined
    else tier.deepSince ??= now
    if (tier.deepSince !== undefined && now - tier.deepSince >= dangerMs) tier.overloaded = true
    else if (depth <= dangerDepth / 2) tier.overloaded = false
  }
}
