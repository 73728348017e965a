import type { ErrorName } from '@banyan/base'
import type { Usage } from '@banyan/tunnel'
import { takeOff } from './attempts.js'
import { leaveQueue } from './queue.js'
import { type Attempt, type Broker, type Effects, type Request, tierOf } from './state.js'
import { unwatch } from './timers.js'
import type { Outcome, WorkRecord } from './types.js'

/** Ends of requests: each makes exactly one record. */

const noUsage: Usage = { cpuMs: 0, peakMemoryBytes: 0 }

type Sizes = { readonly bytesIn: number; readonly bytesOut: number }
const noSizes: Sizes = { bytesIn: 0, bytesOut: 0 }

/** The answer is complete: its record comes first, then its last byte. */
export function complete(
  broker: Broker,
  attempt: Attempt,
  usage: Usage,
  sizes: Sizes,
  now: number,
  effects: Effects,
): void {
  const { request } = attempt
  takeOff(broker, attempt)
  recallOthers(broker, request, 'another miner was faster', effects)
  request.phase = 'recording'
  unwatch(broker, request)
  effects.push({
    kind: 'completed',
    record: makeRecord(request, attempt, { outcome: 'done', usage, sizes, now }),
  })
}

/** There will be no answer, or not the rest of it. Whoever works on it may stop. */
export function abandon(
  broker: Broker,
  request: Request,
  outcome: Exclude<Outcome, 'done'>,
  error: ErrorName,
  now: number,
  effects: Effects,
  sizes: Sizes = noSizes,
): void {
  const last = request.winner ?? [...request.running].at(-1)
  const record = makeRecord(request, last, { outcome, usage: noUsage, sizes, now })
  recallOthers(broker, request, outcome, effects)
  const wasQueued = request.phase === 'queued'
  forget(broker, request)
  if (wasQueued) leaveLine(broker, request)
  effects.push({ kind: 'completed', record })
  if (outcome !== 'cancelled') effects.push({ kind: 'abandon', id: request.order.id, error })
}

/** The record is durable: nothing holds the last byte back any more. */
export function release(broker: Broker, request: Request, effects: Effects): void {
  if (request.phase !== 'recording') return
  forget(broker, request)
  effects.push({ kind: 'release', id: request.order.id })
}

function leaveLine(broker: Broker, request: Request): void {
  const { queue } = tierOf(broker, request.tier)
  if (request.waitsFor === undefined) leaveQueue(queue, request.key)
  else {
    const { line } = request.waitsFor
    line.splice(line.indexOf(request), 1)
    queue.depth--
  }
}

function forget(broker: Broker, request: Request): void {
  const { id, account } = request.order
  request.phase = 'over'
  unwatch(broker, request)
  broker.requests.delete(id)
  const left = broker.perAccount.get(account)! - 1
  if (left === 0) broker.perAccount.delete(account)
  else broker.perAccount.set(account, left)
}

/** Ends all attempts of a request, at their miners too. */
export function recallOthers(broker: Broker, request: Request, reason: string, effects: Effects): void {
  for (const attempt of [...request.running]) {
    takeOff(broker, attempt)
    effects.push({
      kind: 'recall',
      id: request.order.id,
      attempt: attempt.id,
      link: attempt.slot.miner.link,
      reason,
    })
  }
}

function makeRecord(
  request: Request,
  attempt: Attempt | undefined,
  end: { readonly outcome: Outcome; readonly usage: Usage; readonly sizes: Sizes; readonly now: number },
): WorkRecord {
  const { order, tier, acceptedAt, attempts, status } = request
  return {
    id: order.id,
    account: order.account,
    service: order.service,
    version: attempt?.slot.offer.version ?? '',
    miner: attempt?.slot.miner.id ?? '',
    tier,
    outcome: end.outcome,
    status,
    acceptedAt,
    startedAt: attempt?.startedAt ?? end.now,
    firstByteAt: attempt?.firstByteAt ?? end.now,
    endedAt: end.now,
    attempts,
    bytesIn: end.sizes.bytesIn,
    bytesOut: end.sizes.bytesOut,
    usage: end.usage,
    repeats: order.repeats,
    idempotencyKey: order.idempotencyKey,
  }
}
