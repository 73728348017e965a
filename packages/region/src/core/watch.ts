import { fail as failAttempt, lose } from './failure.js'
import { abandon } from './finish.js'
import type { Attempt, Broker, Effects, Request } from './state.js'
import { takeDue, watch } from './timers.js'

/** The timers of requests: acknowledgement, first byte, silence, total. */

/** Handles every request whose time has come. */
export function checkDue(broker: Broker, now: number, effects: Effects): void {
  for (;;) {
    const request = takeDue(broker, now)
    if (request === undefined) return
    check(broker, request, now, effects)
  }
}

function check(broker: Broker, request: Request, now: number, effects: Effects): void {
  if (now >= request.deadline) {
    abandon(broker, request, 'deadline', 'DeadlinePassed', now, effects)
    return
  }
  for (const attempt of [...request.running]) checkAttempt(broker, attempt, now, effects)
  // A failure above has ended it, or has begun to watch a new attempt.
  if (broker.requests.get(request.order.id) !== request) return
  let next = request.deadline
  for (const attempt of request.running) next = Math.min(next, dueOf(attempt))
  watch(broker, request, next)
}

function checkAttempt(broker: Broker, attempt: Attempt, now: number, effects: Effects): void {
  if (now < dueOf(attempt) || !broker.attempts.has(attempt.id)) return
  const { miner } = attempt.slot
  if (!attempt.isAcked) {
    lose(broker, miner, now, effects)
    effects.push({ kind: 'disconnect', link: miner.link, reason: 'it did not acknowledge in time' })
    return
  }
  const reason = attempt.firstByteAt === undefined ? 'no answer in time' : 'the answer stalled'
  effects.push({
    kind: 'recall',
    id: attempt.request.order.id,
    attempt: attempt.id,
    link: miner.link,
    reason,
  })
  failAttempt(broker, attempt, false, now, effects)
}

/** When the miner must have shown the next sign. While the client keeps it waiting it need not. */
function dueOf(attempt: Attempt): number {
  if (!attempt.isAcked) return attempt.ackBy
  const { order, isHeld } = attempt.request
  if (isHeld) return Number.POSITIVE_INFINITY
  return attempt.waitsSince + (attempt.firstByteAt === undefined ? order.firstByteMs : order.idleMs)
}
