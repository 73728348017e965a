import { banyanError } from '@banyan/base'
import {
  createMeter,
  createPool,
  type Ending,
  type Instance,
  type Isolation,
  type PoolOptions,
  type Workload,
} from '@banyan/isolation'
import { describe, expect, test, vi } from 'vitest'

/** Instances that only count. */
function fakeIsolation() {
  const made: { end: (ending: Ending) => void; isStopped: boolean; cpuMs: number; peakBytes: number }[] = []
  let failure: Error | undefined
  let delay = 0
  const start = async (): Promise<Instance> => {
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    if (failure !== undefined) throw failure
    const ended = deferred<Ending>()
    const own = { end: ended.resolve, isStopped: false, cpuMs: 0, peakBytes: 0 }
    made.push(own)
    const id = made.length
    return {
      target: { socketPath: `/run/${id}` },
      coldStartMs: 10 * id,
      usage: () => own,
      resetPeak: () => undefined,
      logs: () => [`line of ${id}`],
      ended: ended.promise,
      stop: async () => {
        own.isStopped = true
        ended.resolve({ reason: 'stopped', outcome: 'was stopped' })
      },
    }
  }
  const isolation = {
    driver: 'process',
    level: 'none',
    probes: [],
    start,
    close: async () => undefined,
  } as const satisfies Isolation
  return {
    isolation,
    made,
    failWith: (error: Error | undefined) => {
      failure = error
    },
    startsTake: (milliseconds: number) => {
      delay = milliseconds
    },
  }
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const workload: Workload = {
  name: 'w',
  folder: '/w',
  command: ['node'],
  environment: {},
  health: '/',
  startMs: 1_000,
  egress: [],
  limits: { memoryBytes: 2 ** 26, cpuMillis: 1_000, processes: 32, diskBytes: 2 ** 20 },
}

function poolOf(change: Partial<PoolOptions> = {}) {
  const fake = fakeIsolation()
  const pool = createPool({
    isolation: fake.isolation,
    workload,
    concurrency: 2,
    warm: 1,
    most: 2,
    recycleAfter: 5,
    ...change,
  })
  return { ...fake, pool }
}

describe('CMP-4: the warm pool', () => {
  test('CMP-4: it warms without being asked, and grows up to its most', async () => {
    const { pool, made } = poolOf()
    await vi.waitFor(() => expect(pool.state().instances).toBe(1))
    const leases = []
    for (let i = 0; i < 4; i++) leases.push(await pool.take())
    expect(new Set(leases.map(({ target }) => JSON.stringify(target))).size).toBe(2)
    await expect(pool.take()).rejects.toMatchObject({ kind: 'PoolFull' })
    leases[0]!.end(false)
    expect((await pool.take()).target).toEqual(leases[0]!.target)
    expect(pool.state()).toMatchObject({ instances: 2, active: 4, started: 2, coldStartMs: 20 })
    expect(pool.logs()).toEqual(['line of 1', 'line of 2'])
    await pool.close()
    expect(made.every(({ isStopped }) => isStopped)).toBe(true)
    await expect(pool.take()).rejects.toMatchObject({ kind: 'PoolFull' })
  })

  test('CMP-4: the next instance starts when the last free place is taken, before anybody needs it', async () => {
    const { pool, startsTake } = poolOf({ most: 3 })
    await vi.waitFor(() => expect(pool.state().instances).toBe(1))
    startsTake(20)
    await pool.take()
    expect(pool.state()).toMatchObject({ instances: 1, starting: 0 })
    await pool.take()
    expect(pool.state()).toMatchObject({ instances: 1, starting: 1 })
    await vi.waitFor(() => expect(pool.state()).toMatchObject({ instances: 2, starting: 0 }))
    for (let i = 0; i < 4; i++) await pool.take()
    await vi.waitFor(() => expect(pool.state()).toMatchObject({ instances: 3, starting: 0, active: 6 }))
  })

  test('CMP-4: an instance is recycled after its requests, when the last of them has ended', async () => {
    const { pool, made } = poolOf({ recycleAfter: 2, most: 3 })
    const first = await pool.take()
    const second = await pool.take()
    first.end(false)
    expect(made[0]!.isStopped).toBe(false)
    second.end(false)
    expect(made[0]!.isStopped).toBe(true)
    expect(pool.state().recycled).toBe(1)
    await vi.waitFor(() => expect(pool.state().instances).toBe(1))
    expect((await pool.take()).target).not.toEqual(first.target)
  })

  test('CMP-4: one that fails or ends is not used again, and is replaced', async () => {
    const { pool, made } = poolOf()
    const lease = await pool.take()
    lease.end(true)
    expect(made[0]!.isStopped).toBe(true)
    await vi.waitFor(() => expect(pool.state().instances).toBe(1))
    made.at(-1)!.end({ reason: 'out of memory', outcome: 'used too much' })
    await vi.waitFor(() => expect(pool.state()).toMatchObject({ instances: 1, crashed: 1, started: 3 }))
  })

  test('CMP-4: a start that fails is told, not tried in a loop, and tried again for the next', async () => {
    const { pool, failWith } = poolOf({ warm: 0 })
    failWith(banyanError('WorkloadSilent', { name: 'w', path: '/', milliseconds: 5 }))
    await expect(pool.take()).rejects.toMatchObject({ kind: 'WorkloadSilent' })
    expect(pool.state()).toMatchObject({ started: 0, starting: 0 })
    failWith(undefined)
    await pool.take()
  })

  test('CMP-4: who comes while an instance starts shares it, and no more are started than allowed', async () => {
    const { pool, startsTake, made } = poolOf({ warm: 0, most: 1 })
    startsTake(20)
    const results = await Promise.allSettled([pool.take(), pool.take(), pool.take()])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(made).toHaveLength(1)
  })
})

describe('CMP-5: measuring requests', () => {
  test('CMP-5: the shares of requests sum up to what was used while there were any', () => {
    const used = { cpuMs: 100, peakBytes: 7 }
    const { begin } = createMeter({ usage: () => used, resetPeak: () => undefined })
    const first = begin()
    used.cpuMs = 110
    const second = begin()
    used.cpuMs = 150
    expect(first()).toEqual({ cpuMs: 30, peakBytes: 7 })
    used.cpuMs = 155
    expect(second()).toEqual({ cpuMs: 25, peakBytes: 7 })
    // What it used without work belongs to nobody.
    used.cpuMs = 500
    const third = begin()
    used.cpuMs = 501
    expect(third().cpuMs).toBe(1)
  })

  test('CMP-5: the peak begins anew with the first request after a rest', () => {
    let resets = 0
    const { begin } = createMeter({ usage: () => ({ cpuMs: 0, peakBytes: 1 }), resetPeak: () => resets++ })
    const first = begin()
    const second = begin()
    first()
    begin()()
    second()
    begin()()
    expect(resets).toBe(2)
  })
})
