import {
  type Broker,
  type BrokerEffect,
  type BrokerEvent,
  createBroker,
  defaultLimits,
  stepBroker,
  type Tier,
  type WorkRecord,
} from '@banyan/region/core'
import type { Random } from '@banyan/testing'
import { baseOrder, usage } from './harness.js'

/** A region without sockets: clients and miners with faults under one seed, in virtual time. */

/** How a miner treats a request. */
const manners = ['good', 'dies', 'stalls', 'mute', 'lies', 'breaks', 'full', 'refuses'] as const
type Manner = (typeof manners)[number]

type Planned = { readonly at: number; readonly turn: number; readonly run: () => void }

export type WorldPlan = {
  readonly requests: number
  readonly goodMiners: number
  readonly badMiners: number
  /** Mean time between two requests, ms. */
  readonly gapMs: number
}

export type World = {
  readonly broker: Broker
  readonly records: ReadonlyMap<string, WorkRecord[]>
  readonly accepted: ReadonlySet<string>
  readonly refused: ReadonlySet<string>
  readonly cancelled: ReadonlySet<string>
  readonly released: ReadonlyMap<string, number>
  readonly abandoned: ReadonlyMap<string, string>
  readonly problems: readonly string[]
}

/** Runs clients and miners until all is quiet. */
export function runWorld(random: Random, plan: WorldPlan): World {
  const broker = createBroker({ ...defaultLimits, region: 'here', maxQueue: 200, quarantineMs: 200 })
  const planned: Planned[] = []
  const records = new Map<string, WorkRecord[]>()
  const [accepted, refused, cancelled] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const released = new Map<string, number>()
  const abandoned = new Map<string, string>()
  const problems: string[] = []
  const manner = new Map<number, Manner>()
  let now = 0
  let turn = 0
  let link = 0

  const later = (ms: number, run: () => void): void => {
    planned.push({ at: now + ms, turn: turn++, run })
  }
  const step = (event: BrokerEvent): void => {
    for (const effect of stepBroker(broker, event, now)) perform(effect)
    check()
  }

  function check(): void {
    let queued = 0
    for (const request of broker.requests.values()) if (request.phase === 'queued') queued++
    let depth = 0
    for (const tier of broker.tiers.values()) depth += tier.queue.depth
    if (queued !== depth) problems.push(`${queued} requests wait, ${depth} are counted`)
    for (const miner of broker.miners.values()) {
      for (const slot of miner.slots.values()) {
        if (slot.active > slot.offer.concurrency) problems.push(`${miner.id} has ${slot.active} requests`)
      }
    }
    const due = [...broker.requests.values()].filter(({ phase }) => phase !== 'recording')
    const { heap } = broker.timers
    const isOrdered = heap.every(
      ({ place, nextCheck }, i) => place === i && heap[Math.max(0, (i - 1) >> 1)]!.nextCheck <= nextCheck,
    )
    if (heap.length !== due.length || !isOrdered || !heap.every((request) => due.includes(request)))
      problems.push(`${heap.length} requests are watched, not the ${due.length} that wait for something`)
  }

  function perform(effect: BrokerEffect): void {
    if (effect.kind === 'dispatch') treat(effect.attempt, effect.link)
    else if (effect.kind === 'refuse') refused.add(effect.id)
    else if (effect.kind === 'abandon') abandoned.set(effect.id, effect.error)
    else if (effect.kind === 'completed') {
      const { id } = effect.record
      records.set(id, [...(records.get(id) ?? []), effect.record])
      later(random.below(5), () => step({ kind: 'recorded', id }))
    } else if (effect.kind === 'release') {
      if (records.get(effect.id)?.[0]?.outcome !== 'done') problems.push(`${effect.id} has no record yet`)
      released.set(effect.id, (released.get(effect.id) ?? 0) + 1)
    } else if (effect.kind === 'disconnect') later(1, () => leave(effect.link))
  }

  function treat(attempt: number, of: number): void {
    const usual = manner.get(of)!
    const how = usual === 'good' || random.below(4) === 0 ? 'good' : usual
    const workMs = 5 + random.below(30)
    const fail = (ms: number, busy: boolean): void =>
      later(ms, () => step({ kind: 'failed', attempt, reason: how, busy }))
    if (how === 'mute') return
    if (how === 'full' || how === 'refuses') {
      fail(1, how === 'full')
      return
    }
    later(1, () => step({ kind: 'acked', attempt }))
    if (how === 'stalls') return
    if (how === 'dies') {
      later(workMs, () => leave(of))
      return
    }
    later(workMs, () => step({ kind: 'head', attempt, status: 200 }))
    if (how === 'breaks') {
      fail(workMs + 3, false)
      return
    }
    if (how === 'lies') {
      // Repeats itself, and ends what has ended.
      later(workMs + 1, () => step({ kind: 'head', attempt, status: 500 }))
      later(workMs + 6, () => step({ kind: 'end', attempt, usage, bytesIn: 1, bytesOut: 1 }))
      later(workMs + 7, () => step({ kind: 'acked', attempt }))
    }
    later(workMs + 5, () => step({ kind: 'end', attempt, usage, bytesIn: 1, bytesOut: 1 }))
  }

  function join(name: string, tier: Tier, how: Manner): void {
    const of = ++link
    manner.set(of, how)
    const services = [
      { name: 'echo', version: '1', concurrency: 1 + random.below(4), warm: random.below(2) === 0 },
    ]
    step({ kind: 'joined', link: of, miner: name, tier, offer: { services, draining: false } })
    leavers.set(of, () => {
      step({ kind: 'left', link: of, reason: 'gone' })
      later(20 + random.below(200), () => join(name, tier, how))
    })
  }
  const leavers = new Map<number, () => void>()
  function leave(of: number): void {
    const go = leavers.get(of)
    leavers.delete(of)
    go?.()
  }

  function ask(index: number): void {
    const id = `r${index}`
    step({
      kind: 'request',
      order: {
        ...baseOrder,
        id,
        account: `a${random.below(3)}`,
        tiers: random.below(3) === 0 ? [2, 1] : [1],
        prefer: random.below(4) === 0 ? 'speed' : 'latency',
        race: random.below(10) === 0,
        affinity:
          random.below(10) === 0
            ? { mode: 'soft', known: random.below(2) === 0 ? 'seen' : undefined, fresh: 'seen' }
            : undefined,
        totalMs: 60_000,
        firstByteMs: 400,
        idleMs: 300,
      },
    })
    if (!refused.has(id)) accepted.add(id)
    if (random.below(20) > 0) return
    cancelled.add(id)
    later(random.below(60), () => step({ kind: 'cancel', id, bytesIn: 0, bytesOut: 0 }))
  }

  for (let i = 0; i < plan.goodMiners; i++) join(`good${i}`, i % 2 === 0 ? 1 : 2, 'good')
  for (let i = 0; i < plan.badMiners; i++) {
    join(`bad${i}`, i % 3 === 0 ? 2 : 1, manners[1 + random.below(manners.length - 1)]!)
  }
  let at = 0
  for (let i = 0; i < plan.requests; i++) {
    at += random.below(2 * plan.gapMs + 1)
    later(at, () => ask(i))
  }
  const endOfWork = at + 70_000
  while (now < endOfWork && (now <= at || broker.requests.size > 0)) {
    now += 5
    const due = planned.filter((plan) => plan.at <= now).sort((a, b) => a.at - b.at || a.turn - b.turn)
    for (const plan of due) planned.splice(planned.indexOf(plan), 1)
    for (const plan of due) plan.run()
    step({ kind: 'tick' })
  }
  return { broker, records, accepted, refused, cancelled, released, abandoned, problems }
}
