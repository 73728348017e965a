import { mayWork } from './health.js'
import { type Broker, type Request, type Slot, type TierState, tierOf } from './state.js'

/** Which miner gets a request: the one whose outstanding work times its predicted time is least. */

/** Free miners that are compared; beyond, looking longer costs more than it gains. */
const sampleSize = 16
/** A busy miner must promise this much more speed before a request waits for it. */
const waitingPays = 0.9
/** Weight of the latest time in the mean. */
const newWeight = 0.2
const unknownMs = 50

/** A service on a miner took so long. */
export function learnTime(broker: Broker, slot: Slot, ms: number): void {
  slot.meanMs = smooth(slot.meanMs, ms)
  broker.serviceMs.set(slot.offer.name, smooth(broker.serviceMs.get(slot.offer.name), ms))
}

function smooth(mean: number | undefined, ms: number): number {
  return mean === undefined ? ms : mean + newWeight * (ms - mean)
}

/** Expected time until a request that is given to this slot now has its answer, ms. */
export function predict(broker: Broker, slot: Slot): number {
  const mean = slot.meanMs ?? broker.serviceMs.get(slot.offer.name) ?? unknownMs
  const { concurrency, warm } = slot.offer
  const waiting = Math.floor((slot.active + slot.line.length) / concurrency)
  const cold = warm ? 0 : broker.limits.coldMs
  return (1 + waiting + slot.active / concurrency) * mean + slot.miner.rttMs + cold
}

/** Whether a slot can take one more request now. */
export function isFree(broker: Broker, slot: Slot, now: number): boolean {
  const { miner, active, offer, pausedUntil } = slot
  if (active >= offer.concurrency || miner.offer.draining || now < pausedUntil) return false
  return mayWork(broker, miner.id, miner.attempts.size, now)
}

/** The best free slot of a miner that has not failed the request. */
export function pickFresh(broker: Broker, request: Request, now: number): Slot | undefined {
  return best(
    broker,
    tierOf(broker, request.tier),
    request.key,
    (slot) => !request.tried.has(slot.miner.id) && isFree(broker, slot, now) && !runsOn(request, slot),
  )
}

/** The best free slot, of a miner that has failed the request if there is no other. */
export function pickFree(broker: Broker, request: Request, now: number): Slot | undefined {
  const fresh = pickFresh(broker, request, now)
  if (fresh !== undefined || request.tried.size === 0) return fresh
  const accepts = (slot: Slot): boolean => isFree(broker, slot, now) && !runsOn(request, slot)
  return best(broker, tierOf(broker, request.tier), request.key, accepts)
}

function runsOn(request: Request, slot: Slot): boolean {
  for (const attempt of request.running) if (attempt.slot.miner === slot.miner) return true
  return false
}

function best(
  broker: Broker,
  tier: TierState,
  key: string,
  accepts: (slot: Slot) => boolean,
): Slot | undefined {
  const slots = tier.slots.get(key)
  if (slots === undefined) return undefined
  let found: Slot | undefined
  let foundMs = Number.POSITIVE_INFINITY
  let seen = 0
  for (let i = 0; i < slots.length && seen < sampleSize; i++) {
    const slot = slots[(tier.cursor + i) % slots.length]!
    if (!accepts(slot)) continue
    seen++
    const ms = predict(broker, slot)
    if (ms >= foundMs) continue
    found = slot
    foundMs = ms
  }
  tier.cursor = (tier.cursor + 1) % 2 ** 30
  return found
}

/** A busy slot of a miner that has not failed the request, with room in its line, that should be well faster than `other`. */
export function pickFaster(
  broker: Broker,
  request: Request,
  other: Slot | undefined,
  now: number,
): Slot | undefined {
  const limit = other === undefined ? Number.POSITIVE_INFINITY : waitingPays * predict(broker, other)
  const accepts = (slot: Slot): boolean =>
    slot.active >= slot.offer.concurrency &&
    slot.line.length < slot.offer.concurrency &&
    !slot.miner.offer.draining &&
    !request.tried.has(slot.miner.id) &&
    mayWork(broker, slot.miner.id, 0, now) &&
    predict(broker, slot) < limit
  return best(broker, tierOf(broker, request.tier), request.key, accepts)
}
