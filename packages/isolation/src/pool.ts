import { fail } from '@banyan/base'
import type { Instance, Isolation, Target } from './isolation.js'
import { createMeter, type RequestMeter, type RequestUsage } from './meter.js'
import type { Workload } from './workload.js'

export type PoolOptions = {
  readonly isolation: Isolation
  readonly workload: Workload
  /** Requests that one instance takes at once. */
  readonly concurrency: number
  /** Instances that are kept running. */
  readonly warm: number
  /** Instances at most. */
  readonly most: number
  /** An instance is replaced after this many requests, so that what it leaks or what somebody left in it goes. */
  readonly recycleAfter: number
}

/** A request's hold on an instance. */
export type Lease = {
  readonly target: Target
  /** Gives it back, with what the request has used. `isBroken`: the instance failed and is not used again. */
  readonly end: (isBroken: boolean) => RequestUsage
}

export type PoolState = {
  readonly instances: number
  readonly active: number
  readonly starting: number
  readonly started: number
  readonly recycled: number
  /** Instances that ended by themselves. */
  readonly crashed: number
  /** Median of the last cold starts, in milliseconds. */
  readonly coldStartMs: number | undefined
}

/** Keeps instances of one workload warm, one more than are busy, and gives each request the one with the least work. */
export type Pool = {
  /** Errors: PoolFull, and those of a start that fails. */
  readonly take: () => Promise<Lease>
  readonly state: () => PoolState
  /** Last lines of all instances. */
  readonly logs: () => readonly string[]
  /** Ends all instances, at once. */
  readonly close: () => Promise<void>
}

type Member = {
  readonly instance: Instance
  readonly meter: RequestMeter
  served: number
  isLeaving: boolean
}

export function createPool(options: PoolOptions): Pool {
  const { isolation, workload, concurrency, warm, most, recycleAfter } = options
  const members = new Set<Member>()
  const starts = new Set<Promise<Member>>()
  const coldStarts: number[] = []
  const counts = { started: 0, recycled: 0, crashed: 0 }
  let isClosed = false
  /** Requests that wait for a start. */
  let waiting = 0
  const full = (): never => fail('PoolFull', { count: most, name: workload.name })

  const fresh = async (): Promise<Member> => {
    const instance = await isolation.start(workload)
    if (isClosed) {
      await instance.stop()
      return full()
    }
    const member = { instance, meter: createMeter(instance), served: 0, isLeaving: false }
    members.add(member)
    counts.started++
    coldStarts.push(instance.coldStartMs)
    if (coldStarts.length > 21) coldStarts.shift()
    void instance.ended.then(({ reason }) => {
      members.delete(member)
      if (reason !== 'stopped') counts.crashed++
      keepWarm()
    })
    return member
  }
  const grow = (): Promise<Member> => {
    const start = fresh()
    starts.add(start)
    const done = (): void => void starts.delete(start)
    start.then(done, done)
    return start
  }
  const usable = (): readonly Member[] => [...members].filter(({ isLeaving }) => !isLeaving)
  const keepWarm = (): void => {
    if (isClosed || usable().length + starts.size >= warm) return
    // A start that fails is told to whoever takes next; without takers it is not tried in a loop.
    grow().then(keepWarm, () => undefined)
  }
  const free = (): Member | undefined =>
    usable()
      .filter(({ meter }) => meter.active() < concurrency)
      .sort((a, b) => a.meter.active() - b.meter.active())[0]
  const leave = (member: Member): void => {
    member.isLeaving = true
    if (member.meter.active() === 0) void member.instance.stop()
    keepWarm()
  }
  /** Before the next request needs it: that one need not wait for a start. */
  const growAhead = (): void => {
    if (isClosed || starts.size > 0 || members.size >= most || free() !== undefined) return
    // Whoever needs an instance tries again, and is told.
    grow().catch(() => undefined)
  }
  const lend = (member: Member): Lease => {
    const finish = member.meter.begin()
    member.served++
    growAhead()
    return {
      target: member.instance.target,
      end: (isBroken) => {
        const used = finish()
        const isWorn = member.served >= recycleAfter
        if (isWorn && !member.isLeaving) counts.recycled++
        if (isBroken || isWorn || member.isLeaving) leave(member)
        return used
      },
    }
  }
  keepWarm()
  return {
    take: async () => {
      const found = free()
      if (found !== undefined) return lend(found)
      if (isClosed) return full()
      // Each instance that is starting has room for as many as it takes at once.
      const start = [...starts][Math.floor(waiting / concurrency)]
      if (start === undefined && members.size + starts.size >= most) return full()
      waiting++
      try {
        await (start ?? grow())
      } finally {
        waiting--
      }
      const started = free()
      return started === undefined ? full() : lend(started)
    },
    state: () => ({
      ...counts,
      instances: members.size,
      starting: starts.size,
      active: [...members].reduce((sum, { meter }) => sum + meter.active(), 0),
      coldStartMs: [...coldStarts].sort((a, b) => a - b)[Math.floor(coldStarts.length / 2)],
    }),
    logs: () => [...members].flatMap(({ instance }) => instance.logs()),
    close: async () => {
      isClosed = true
      await Promise.allSettled(starts)
      await Promise.all([...members].map(({ instance }) => instance.stop()))
    },
  }
}
