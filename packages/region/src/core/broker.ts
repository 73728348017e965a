import { admit, watchDepth } from './admit.js'
import { learnSuccess, takeHead } from './attempts.js'
import { returnLines, serve, serveMiner, sweepQueues } from './dispatch.js'
import { fail, lose } from './failure.js'
import { abandon, complete, release } from './finish.js'
import { addMiner, applyOffer } from './fleet.js'
import { sweepHealth } from './health.js'
import { setRollout } from './rollout.js'
import type { Broker, Effects, Request } from './state.js'
import { watch } from './timers.js'
import type { BrokerEffect, BrokerEvent } from './types.js'
import { checkDue } from './watch.js'

/** Between two looks at what waits for miners that were set aside. */
const sweepMs = 20

/**
 * One step of the broker. Events about requests, attempts and miners that are gone are late, not wrong: they do nothing.
 * The shell performs the effects in their order, and sends `tick` at least every 10 ms.
 */
export function stepBroker(broker: Broker, event: BrokerEvent, now: number): BrokerEffect[] {
  const effects: Effects = []
  switch (event.kind) {
    case 'request':
      admit(broker, event.order, now, effects)
      break
    case 'joined':
    case 'offer':
    case 'rtt':
    case 'left':
      takeMinerEvent(broker, event, now, effects)
      break
    case 'acked':
    case 'head':
    case 'data':
    case 'end':
    case 'failed':
      takeAttemptEvent(broker, event, now, effects)
      break
    case 'unrepeatable':
    case 'held':
    case 'cancel':
    case 'recorded':
      takeRequestEvent(broker, event, now, effects)
      break
    case 'rollout':
      setRollout(broker, event.service, event.splits)
      break
    case 'peers':
      broker.peers = event.peers
      break
    case 'drain':
      broker.draining = true
      break
    case 'tick':
      tick(broker, now, effects)
  }
  return effects
}

type EventOf<Kind extends BrokerEvent['kind']> = Extract<BrokerEvent, { kind: Kind }>

function takeMinerEvent(
  broker: Broker,
  event: EventOf<'joined' | 'offer' | 'rtt' | 'left'>,
  now: number,
  effects: Effects,
): void {
  if (event.kind === 'joined') {
    const older = broker.minersById.get(event.miner)
    if (older !== undefined) {
      lose(broker, older, now, effects)
      effects.push({ kind: 'disconnect', link: older.link, reason: 'the miner has connected again' })
    }
    const miner = addMiner(broker, event, now)
    serveMiner(broker, [...miner.slots.values()], now, effects)
    return
  }
  const miner = broker.miners.get(event.link)
  if (miner === undefined) return
  if (event.kind === 'left') lose(broker, miner, now, effects)
  else if (event.kind === 'rtt') miner.rttMs = event.ms
  else {
    returnLines(broker, applyOffer(broker, miner, event.offer, now), now, effects)
    serveMiner(broker, [...miner.slots.values()], now, effects)
  }
}

function takeAttemptEvent(
  broker: Broker,
  event: EventOf<'acked' | 'head' | 'data' | 'end' | 'failed'>,
  now: number,
  effects: Effects,
): void {
  const attempt = broker.attempts.get(event.attempt)
  if (attempt === undefined) return
  if (event.kind === 'acked') {
    attempt.isAcked = true
    attempt.waitsSince = now
    watch(broker, attempt.request, now + attempt.request.order.firstByteMs)
  } else if (event.kind === 'head') {
    takeHead(broker, attempt, event.status, now, effects)
    watch(broker, attempt.request, now + attempt.request.order.idleMs)
  } else if (event.kind === 'data') attempt.waitsSince = now
  else if (event.kind === 'failed') fail(broker, attempt, event.busy, now, effects)
  else {
    learnSuccess(broker, attempt, now)
    complete(broker, attempt, event.usage, event, now, effects)
    serve(broker, attempt.slot, now, effects)
  }
}

function takeRequestEvent(
  broker: Broker,
  event: EventOf<'unrepeatable' | 'held' | 'cancel' | 'recorded'>,
  now: number,
  effects: Effects,
): void {
  const request = broker.requests.get(event.id)
  if (request === undefined) return
  if (event.kind === 'unrepeatable') request.repeatable = false
  else if (event.kind === 'recorded') release(broker, request, effects)
  else if (event.kind === 'held') hold(broker, request, event.held, now)
  else if (request.phase !== 'recording') {
    const slots = [...request.running].map((attempt) => attempt.slot)
    abandon(broker, request, 'cancelled', 'ClientGone', now, effects, event)
    for (const slot of slots) serve(broker, slot, now, effects)
  }
}

/** While the client keeps the miner waiting, the miner's time does not run. */
function hold(broker: Broker, request: Request, held: boolean, now: number): void {
  request.isHeld = held
  if (held) return
  for (const attempt of request.running) attempt.waitsSince = now
  watch(broker, request, now + Math.min(request.order.firstByteMs, request.order.idleMs))
}

function tick(broker: Broker, now: number, effects: Effects): void {
  checkDue(broker, now, effects)
  if (now < broker.nextSweep) return
  broker.nextSweep = now + sweepMs
  watchDepth(broker, now)
  sweepQueues(broker, now, effects)
  sweepHealth(broker, now)
}
