import type { Broker, Health } from './state.js'

/** Which miners are set aside because they failed: a circuit breaker for each. */

const maxRemembered = 100_000

function healthOf(broker: Broker, miner: string, now: number): Health {
  let health = broker.health.get(miner)
  if (health === undefined) {
    if (broker.health.size >= maxRemembered) broker.health.delete(broker.health.keys().next().value!)
    health = { failures: 0, quarantines: 0, quarantinedUntil: 0, probing: false, touchedAt: now }
    broker.health.set(miner, health)
  }
  health.touchedAt = now
  return health
}

/** Whether a miner may get work: not while it is set aside; then one request, until that has gone well. */
export function mayWork(broker: Broker, miner: string, busy: number, now: number): boolean {
  const health = broker.health.get(miner)
  if (health === undefined) return true
  if (now < health.quarantinedUntil) return false
  return !health.probing || busy === 0
}

/** A failure of the miner. Enough of them in a row set it aside, each time for twice as long. */
export function countFailure(broker: Broker, miner: string, now: number): void {
  const { quarantineAfter, quarantineMs, maxQuarantineMs } = broker.limits
  const health = healthOf(broker, miner, now)
  health.failures++
  if (!health.probing && health.failures < quarantineAfter) return
  health.quarantinedUntil = now + Math.min(quarantineMs * 2 ** health.quarantines, maxQuarantineMs)
  health.quarantines = Math.min(health.quarantines + 1, 32)
  health.failures = 0
  health.probing = true
}

export function countSuccess(broker: Broker, miner: string): void {
  const health = broker.health.get(miner)
  if (health === undefined) return
  health.failures = 0
  health.probing = false
  if (health.quarantines > 0) health.quarantines--
}

/** Forgets miners that have been well, or away, for long. */
export function sweepHealth(broker: Broker, now: number): void {
  const { maxQuarantineMs } = broker.limits
  for (const [miner, health] of broker.health) {
    if (now - health.touchedAt > 10 * maxQuarantineMs) broker.health.delete(miner)
  }
}
