import { learnFailure, takeOff } from './attempts.js'
import { place, returnLines, serve } from './dispatch.js'
import { abandon } from './finish.js'
import { removeMiner } from './fleet.js'
import { countFailure } from './health.js'
import type { Attempt, Broker, Effects, Miner } from './state.js'

/** Failures of miners, which clients do not see while another miner can do the work. */

/** An attempt has failed: its request goes to the head of the queue, if nothing else of it runs. */
export function fail(broker: Broker, attempt: Attempt, busy: boolean, now: number, effects: Effects): void {
  learnFailure(broker, attempt, busy, now)
  retry(broker, attempt, busy, now, effects)
  serve(broker, attempt.slot, now, effects)
}

function retry(broker: Broker, attempt: Attempt, busy: boolean, now: number, effects: Effects): void {
  const { request } = attempt
  takeOff(broker, attempt)
  if (request.running.size > 0) return
  if (!busy) request.failures++
  if (!request.repeatable && !busy) abandon(broker, request, 'failed', 'MinerLost', now, effects)
  else if (request.failures >= broker.limits.maxAttempts) {
    abandon(broker, request, 'failed', 'MinersFailed', now, effects)
  } else place(broker, request, now, effects)
}

/** A miner is gone, with all that it had. It counts as one failure, and as none if it had nothing. */
export function lose(broker: Broker, miner: Miner, now: number, effects: Effects): void {
  const slots = removeMiner(broker, miner, now)
  const lost = [...miner.attempts]
  if (lost.length > 0) countFailure(broker, miner.id, now)
  for (const attempt of lost) {
    attempt.request.tried.add(miner.id)
    retry(broker, attempt, false, now, effects)
  }
  returnLines(broker, slots, now, effects)
}
