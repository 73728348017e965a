import type { EngineState } from './state.js'

/** Time after which something that could not be done is tried again, ms. */
const retryMs = 25

/** When the engine must be stepped next, even if nothing happens. */
export function nextWake(engine: EngineState): number {
  const { coreWakeAt, build, now, options, checks, wanted, syncRetryAt, nextBatchAt } = engine
  const later = (moment: number): number => (moment > now ? moment : now + retryMs)
  return Math.min(
    coreWakeAt,
    build === undefined ? Number.POSITIVE_INFINITY : later(build.notBefore),
    options.mempool.waiting === 0 ? Number.POSITIVE_INFINITY : later(nextBatchAt),
    checks.size === 0 && wanted === undefined ? Number.POSITIVE_INFINITY : now + retryMs,
    syncRetryAt > now ? syncRetryAt : Number.POSITIVE_INFINITY,
  )
}
