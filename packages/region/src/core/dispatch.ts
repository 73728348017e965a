import { boundSlot } from './affinity.js'
import { start } from './attempts.js'
import { abandon } from './finish.js'
import { offers } from './fleet.js'
import { mayWork } from './health.js'
import { enqueue, peek, takeLine, takeNext } from './queue.js'
import { chooseKey } from './rollout.js'
import { isFree, pickFaster, pickFree, pickFresh } from './schedule.js'
import {
  anyVersion,
  type Broker,
  type Effects,
  type Request,
  type Slot,
  type TierState,
  tierOf,
} from './state.js'
import type { Tier } from './types.js'

/** Requests to miners: at once where one is free and nobody waits longer, else in line. */

/** Places a request that runs nowhere: a new one, or one whose miner failed. */
export function place(broker: Broker, request: Request, now: number, effects: Effects): void {
  request.phase = 'queued'
  request.waitsFor = undefined
  const { service, version, tiers } = request.order
  if (version === undefined && !tiers.some((tier) => offers(broker, tier, request.key))) {
    request.key = chooseKey(broker, service, version, tiers)
  }
  const bound = boundSlot(broker, request, now)
  if (bound !== undefined && placeBound(broker, request, bound.slot, now, effects)) return
  request.tier = chooseTier(broker, request, now)
  const tier = tierOf(broker, request.tier)
  const first = peek(tier.queue, request.key)
  if (first === undefined || first.turn > request.turn) {
    if (tryStart(broker, request, now, effects)) return
  }
  enqueue(tier.queue, request)
}

/** The preferred tier with a free place; without one, the tier whose queue should be through first. Tiers come last whose miners are all set aside, or have failed the request. */
function chooseTier(broker: Broker, request: Request, now: number): Tier {
  const able = request.order.tiers.filter((tier) => offers(broker, tier, request.key))
  if (able.length <= 1) return able[0] ?? request.order.tiers[0]!
  const wait = (name: Tier): number => {
    const tier = tierOf(broker, name)
    if (tier.queue.depth >= broker.limits.maxQueue) return Number.POSITIVE_INFINITY
    const ahead = Math.max(0, tier.active + tier.queue.depth - tier.capacity + 1)
    const hopeless = hasHope(broker, tier, request, now) ? 0 : hopelessWait
    return hopeless + ahead / Math.max(1, tier.capacity)
  }
  return able.reduce((best, tier) => (wait(tier) < wait(best) ? tier : best))
}

/** Between two looks at lines that nobody serves: each of their requests is placed anew. */
const moveMs = 250

/** Longer than any queue. */
const hopelessWait = 1e9

function hasHope(broker: Broker, tier: TierState, request: Request, now: number): boolean {
  const slots = tier.slots.get(request.key) ?? []
  return slots.some(({ miner }) => !request.tried.has(miner.id) && mayWork(broker, miner.id, 0, now))
}

/** The miner that a token leads to. Returns whether the request is placed, or over. */
function placeBound(
  broker: Broker,
  request: Request,
  slot: Slot | undefined,
  now: number,
  effects: Effects,
): boolean {
  if (slot !== undefined) {
    request.tier = slot.miner.tier
    if (isFree(broker, slot, now)) {
      start(broker, request, slot, now, effects)
      return true
    }
    if (request.order.affinity?.mode !== 'hard') return false
    waitFor(broker, request, slot)
    return true
  }
  // It waits nowhere yet, but leaves as if it did.
  request.phase = 'running'
  abandon(broker, request, 'failed', 'AffinityLost', now, effects)
  return true
}

/**
 * Starts a request now, or lets it wait for one slot: where that will be faster, and where only miners that have failed
 * it are free. Returns whether it did either.
 */
function tryStart(broker: Broker, request: Request, now: number, effects: Effects): boolean {
  const fresh = pickFresh(broker, request, now)
  const hasFailed = request.tried.size > 0 && fresh === undefined
  if (request.order.prefer === 'speed' || hasFailed) {
    const busy = pickFaster(broker, request, fresh, now)
    if (busy !== undefined) {
      waitFor(broker, request, busy)
      return true
    }
  }
  const free = fresh ?? pickFree(broker, request, now)
  if (free === undefined) return false
  start(broker, request, free, now, effects)
  race(broker, request, now, effects)
  return true
}

function waitFor(broker: Broker, request: Request, slot: Slot): void {
  request.waitsFor = slot
  slot.line.push(request)
  tierOf(broker, slot.miner.tier).queue.depth++
}

/** A copy on a second miner, while few places are in use and nobody waits: copies would make a full tier slower. */
function race(broker: Broker, request: Request, now: number, effects: Effects): void {
  const tier = tierOf(broker, request.tier)
  const isQuiet = tier.queue.depth === 0 && tier.active < broker.limits.raceLoad * tier.capacity
  if (!request.order.race || !isQuiet || !request.repeatable) return
  const second = pickFree(broker, request, now)
  if (second !== undefined) start(broker, request, second, now, effects)
}

/** A slot may have room: gives it what has waited for it, then what has waited longest of what it can do. */
export function serve(broker: Broker, slot: Slot, now: number, effects: Effects): void {
  while (isFree(broker, slot, now)) {
    const own = slot.line.shift()
    const tier = tierOf(broker, slot.miner.tier)
    if (own !== undefined) {
      tier.queue.depth--
      start(broker, own, slot, now, effects)
    } else if (!serveLines(broker, slot, tier, now, effects)) return
  }
}

function serveLines(broker: Broker, slot: Slot, tier: TierState, now: number, effects: Effects): boolean {
  const named = peek(tier.queue, slot.key)
  const any = peek(tier.queue, anyVersion(slot.offer.name))
  const next = named === undefined || (any !== undefined && any.turn < named.turn) ? any : named
  if (next === undefined) return false
  // Another free miner may be better, or this one has failed it.
  const best = pickFree(broker, next, now) ?? slot
  takeNext(tier.queue, next.key)
  start(broker, next, best, now, effects)
  return true
}

/** Every slot of a miner may have room. */
export function serveMiner(broker: Broker, slots: Iterable<Slot>, now: number, effects: Effects): void {
  for (const slot of slots) serve(broker, slot, now, effects)
}

/** What waited for slots that are gone waits for any. */
export function returnLines(broker: Broker, slots: readonly Slot[], now: number, effects: Effects): void {
  for (const slot of slots) {
    for (const request of slot.line.splice(0)) {
      tierOf(broker, slot.miner.tier).queue.depth--
      place(broker, request, now, effects)
    }
  }
}

/** Gives what waits to miners that were set aside, paused or lost when it came. */
export function sweepQueues(broker: Broker, now: number, effects: Effects): void {
  const mayMove = now >= broker.nextMove
  if (mayMove) broker.nextMove = now + moveMs
  for (const [name, tier] of broker.tiers) {
    if (tier.queue.depth === 0) continue
    sweepSlots(broker, tier, now, effects)
    for (const key of [...tier.queue.lines.keys()]) {
      const slots = tier.slots.get(key)
      if (slots?.some(({ miner }) => mayWork(broker, miner.id, 0, now)) === true) {
        serveMiner(broker, slots, now, effects)
      } else if (mayMove) moveLine(broker, name, key, now, effects)
    }
  }
}

/** Serves what waits for one slot, or lets it wait for any if its miner was set aside. */
function sweepSlots(broker: Broker, tier: TierState, now: number, effects: Effects): void {
  const waitedFor = [...tier.slots.values()].flat().filter((slot) => slot.line.length > 0)
  for (const slot of waitedFor) {
    if (mayWork(broker, slot.miner.id, 0, now)) serve(broker, slot, now, effects)
    else returnLines(broker, [slot], now, effects)
  }
}

/** Nobody in this tier can do it at present; perhaps somebody in another, or of another version. */
function moveLine(broker: Broker, tier: Tier, key: string, now: number, effects: Effects): void {
  const waiting = takeLine(tierOf(broker, tier).queue, key)
  for (const request of waiting) place(broker, request, now, effects)
}
