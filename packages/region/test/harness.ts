import {
  type BrokerEffect,
  type BrokerEvent,
  type BrokerLimits,
  createBroker,
  defaultLimits,
  stepBroker,
  type Tier,
  type WorkOrder,
} from '@banyan/region/core'

/** A broker with a clock in hand, and what it did so far. */
export function createHarness(limits: Partial<BrokerLimits> = {}) {
  const broker = createBroker({ ...defaultLimits, region: 'here', ...limits })
  const clock = { now: 1_000 }
  const effects: BrokerEffect[] = []
  let nextId = 1
  const step = (event: BrokerEvent): BrokerEffect[] => {
    const made = stepBroker(broker, event, clock.now)
    effects.push(...made)
    return made
  }
  const join = (
    link: number,
    miner: string,
    concurrency = 1,
    options: { tier?: Tier; version?: string } = {},
  ) =>
    step({
      kind: 'joined',
      link,
      miner,
      tier: options.tier ?? 1,
      offer: {
        services: [{ name: 'echo', version: options.version ?? '1', concurrency, warm: true }],
        draining: false,
      },
    })
  const ask = (order: Partial<WorkOrder> = {}): BrokerEffect[] =>
    step({ kind: 'request', order: { ...baseOrder, id: `r${nextId++}`, ...order } })
  /** Lets time pass in steps of 10 ms. */
  const pass = (ms: number): BrokerEffect[] => {
    const from = effects.length
    for (const end = clock.now + ms; clock.now < end; ) {
      clock.now = Math.min(end, clock.now + 10)
      step({ kind: 'tick' })
    }
    return effects.slice(from)
  }
  /** The attempt whole: acknowledged, answered, ended, recorded. */
  const finish = (attempt: number, id: string): BrokerEffect[] => [
    ...step({ kind: 'acked', attempt }),
    ...step({ kind: 'head', attempt, status: 200 }),
    ...step({ kind: 'end', attempt, usage, bytesIn: 1, bytesOut: 2 }),
    ...step({ kind: 'recorded', id }),
  ]
  return { broker, clock, effects, step, join, ask, pass, finish }
}

export const usage = { cpuMs: 3, peakMemoryBytes: 9 }

export const baseOrder: Omit<WorkOrder, 'id'> = {
  account: 'a1',
  service: 'echo',
  version: undefined,
  tiers: [1],
  prefer: 'latency',
  race: false,
  affinity: undefined,
  totalMs: 10_000,
  firstByteMs: 2_000,
  idleMs: 1_000,
  visited: [],
  repeats: undefined,
  idempotencyKey: undefined,
}

export function kinds(effects: readonly BrokerEffect[]): string[] {
  return effects.map((effect) => effect.kind)
}

type Of<Kind extends BrokerEffect['kind']> = Extract<BrokerEffect, { kind: Kind }>

export function all<Kind extends BrokerEffect['kind']>(
  effects: readonly BrokerEffect[],
  kind: Kind,
): Of<Kind>[] {
  return effects.filter((effect): effect is Of<Kind> => effect.kind === kind)
}

/** The links that requests were given to, in order. */
export function links(effects: readonly BrokerEffect[]): number[] {
  return all(effects, 'dispatch').map((effect) => effect.link)
}
