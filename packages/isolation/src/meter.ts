import type { Instance } from './isolation.js'

/** What one request has used. */
export type RequestUsage = {
  /** CPU time of the instance while it ran; where several ran at once, its even share of each stretch. */
  readonly cpuMs: number
  /** Most memory of the instance at once since it was last without work. */
  readonly peakBytes: number
}

export type RequestMeter = {
  /** Begins a request; the function that it gives ends it. */
  readonly begin: () => () => RequestUsage
  readonly active: () => number
}

/**
 * Shares what an instance uses among its requests. The shares of all requests sum up to what it used while it had any: an
 * instance with concurrency 1 is measured exactly, others as well as a kernel that counts by process can tell.
 */
export function createMeter({ usage, resetPeak }: Pick<Instance, 'usage' | 'resetPeak'>): RequestMeter {
  const shares = new Map<symbol, number>()
  let counted = 0
  const share = (): void => {
    const { cpuMs } = usage()
    const each = Math.max(0, cpuMs - counted) / Math.max(1, shares.size)
    for (const [key, sum] of shares) shares.set(key, sum + each)
    counted = Math.max(counted, cpuMs)
  }
  return {
    begin: () => {
      if (shares.size === 0) resetPeak()
      share()
      const key = Symbol()
      shares.set(key, 0)
      return () => {
        share()
        const cpuMs = shares.get(key) ?? 0
        shares.delete(key)
        return { cpuMs, peakBytes: usage().peakBytes }
      }
    },
    active: () => shares.size,
  }
}
