import { bind } from './affinity.js'
import { countFailure, countSuccess } from './health.js'
import { learnTime } from './schedule.js'
import { type Attempt, type Broker, type Effects, type Request, type Slot, tierOf } from './state.js'
import { watch } from './timers.js'

/** A request given to a miner, from its start to its head. */

/** Gives a request to a slot that is free. */
export function start(broker: Broker, request: Request, slot: Slot, now: number, effects: Effects): void {
  const { miner } = slot
  const id = broker.nextAttempt++
  const ackBy = now + Math.max(broker.limits.ackMs, 4 * miner.rttMs)
  const attempt: Attempt = {
    id,
    request,
    slot,
    startedAt: now,
    ackBy,
    isAcked: false,
    firstByteAt: undefined,
    waitsSince: now,
  }
  broker.attempts.set(id, attempt)
  miner.attempts.add(attempt)
  slot.active++
  tierOf(broker, miner.tier).active++
  request.phase = 'running'
  request.waitsFor = undefined
  request.running.add(attempt)
  request.attempts++
  watch(broker, request, ackBy)
  effects.push({
    kind: 'dispatch',
    id: request.order.id,
    attempt: id,
    link: miner.link,
    service: slot.offer.name,
    version: slot.offer.version,
    deadlineMs: Math.max(0, Math.ceil(request.deadline - now)),
  })
}

/** An attempt is over: its place is free. */
export function takeOff(broker: Broker, attempt: Attempt): void {
  const { slot, request } = attempt
  if (!broker.attempts.delete(attempt.id)) return
  slot.miner.attempts.delete(attempt)
  slot.active--
  tierOf(broker, slot.miner.tier).active--
  request.running.delete(attempt)
  if (request.winner === attempt) request.winner = undefined
}

/**
 * The answer of an attempt begins. The first one wins: the client gets it. After a winner has failed in the middle, the
 * next one continues what the client has.
 */
export function takeHead(
  broker: Broker,
  attempt: Attempt,
  status: number,
  now: number,
  effects: Effects,
): void {
  const { request, slot } = attempt
  attempt.isAcked = true
  attempt.waitsSince = now
  if (attempt.firstByteAt !== undefined || request.winner !== undefined) return
  attempt.firstByteAt = now
  request.winner = attempt
  request.status = status
  for (const other of [...request.running]) {
    if (other === attempt) continue
    takeOff(broker, other)
    const { link } = other.slot.miner
    effects.push({
      kind: 'recall',
      id: request.order.id,
      attempt: other.id,
      link,
      reason: 'another miner was faster',
    })
  }
  const affinity = bind(broker, request, slot.miner, now)
  effects.push({ kind: 'adopt', id: request.order.id, attempt: attempt.id, affinity })
}

/** What an attempt that went well tells about its miner. */
export function learnSuccess(broker: Broker, attempt: Attempt, now: number): void {
  learnTime(broker, attempt.slot, now - attempt.startedAt)
  countSuccess(broker, attempt.slot.miner.id)
}

/** What a failure tells about the miner. One that is full is asked again a little later. */
export function learnFailure(broker: Broker, attempt: Attempt, busy: boolean, now: number): void {
  const { slot } = attempt
  if (busy) slot.pausedUntil = now + pauseMs
  else {
    countFailure(broker, slot.miner.id, now)
    attempt.request.tried.add(slot.miner.id)
  }
}

const pauseMs = 20
