import { runScale, type ScaleResult, type Span, type Use } from './measure.js'
import { bytesOnWire, relayExpansion, type ScaleSetting, workersOf } from './setting.js'

/** What a network can carry at most, and what it runs out of first. */
export type Capacity = {
  /** Transactions per second. */
  readonly perSecond: number
  readonly bound: 'execution' | 'main thread' | 'workers' | 'cores' | 'sending' | 'receiving'
}

/** A network at the highest load of those tried that it carries; at the least of them if it carries none. */
export type Sustained = { readonly load: number; readonly result: ScaleResult; readonly capacity: Capacity }

/** Shares of the capacity that are tried, in this order: queues need some room. */
const loadShares = [0.8, 0.65, 0.5, 0.35, 0.2]
/** A network keeps up if so much of what comes becomes final while it runs. */
const keptUp = 0.995

/** What one transaction costs the validator that has most to do. CPU in µs, bytes on the wire. */
function costOfOne(setting: ScaleSetting): Use {
  const { validators, dead, clients, batches, payload, costs } = setting
  const living = validators - dead.size
  const own = clients === 'spread' ? 1 / living : 1
  const others = clients === 'spread' ? 1 - own : 0
  const expansion = batches === 'relay' ? relayExpansion : 1
  const copies = batches === 'relay' ? 1 : own * (living - 1)
  const bytes = payload.bytes * expansion
  const sending = bytes * copies
  const receiving = bytes * others
  return {
    main: payload.execute + sending * costs.sendByte + receiving * costs.receiveByte,
    workers: payload.verify,
    up: bytesOnWire(sending) - bytesOnWire(0),
    down: bytesOnWire(receiving) - bytesOnWire(0),
  }
}

/** Least load at which every author has something in each of its batches. */
function leastLoad({ validators, dead, clients, batchInterval }: ScaleSetting): number {
  const authors = clients === 'spread' ? validators - dead.size : 1
  return (authors * 1000) / batchInterval
}

/** What consensus and messages alone use, in a run with almost no transactions. */
export function measureIdle(setting: ScaleSetting, span: Span): Use {
  const { use, useOfFirst } = runScale({ ...setting, load: leastLoad(setting) }, span)
  return setting.clients === 'spread' ? use : useOfFirst
}

/** What a network can carry, from what it uses without transactions and what each transaction adds to it. */
export function capacityOf(setting: ScaleSetting, idle: Use): Capacity {
  const one = costOfOne(setting)
  const cores = setting.cores / setting.validatorsPerMachine
  const perSecond = (setting.bandwidth * 1e6) / 8
  const bounds: readonly Capacity[] = [
    // A leader executes its block before it proposes, and the others only then: a view has room for half of it.
    { bound: 'execution', perSecond: 1e6 / (2 * setting.payload.execute) },
    { bound: 'main thread', perSecond: ((Math.min(1, cores) - idle.main) * 1e6) / one.main },
    { bound: 'workers', perSecond: ((workersOf(setting) - idle.workers) * 1e6) / one.workers },
    { bound: 'cores', perSecond: ((cores - idle.main - idle.workers) * 1e6) / (one.main + one.workers) },
    { bound: 'sending', perSecond: ((1 - idle.up) * perSecond) / one.up },
    { bound: 'receiving', perSecond: ((1 - idle.down) * perSecond) / one.down },
  ]
  const least = bounds.reduce((a, b) => (b.perSecond < a.perSecond ? b : a))
  return { ...least, perSecond: Math.max(0, least.perSecond) }
}

/**
 * Runs a network at shares of its capacity until it keeps up, with half of the transactions final within so many ms:
 * close to its capacity blocks grow and grow, because the longer a block takes to execute the more waits meanwhile.
 */
export function findSustained(
  setting: ScaleSetting,
  span: Span,
  capacity: Capacity,
  within: number,
): Sustained {
  let tried: Sustained | undefined
  for (const share of loadShares) {
    const load = share * capacity.perSecond
    const result = runScale({ ...setting, load }, span)
    tried = { load, capacity, result }
    if (result.finalShare >= keptUp && result.latency.p50 <= within) break
  }
  return tried!
}
