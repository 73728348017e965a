import { describe, expect, test } from 'vitest'
import { all, createHarness, kinds, links, usage } from './harness.js'

describe('CMP-1: requests to miners', () => {
  test('CMP-1: an answer ends in one record, and its last byte waits for that', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1')
    expect(all(ask(), 'dispatch')).toMatchObject([{ id: 'r1', attempt: 1, link: 1, deadlineMs: 10_000 }])
    step({ kind: 'acked', attempt: 1 })
    expect(kinds(step({ kind: 'head', attempt: 1, status: 201 }))).toEqual(['adopt'])
    expect(step({ kind: 'recorded', id: 'r1' })).toEqual([])
    const ended = step({ kind: 'end', attempt: 1, usage, bytesIn: 5, bytesOut: 7 })
    expect(ended).toMatchObject([
      {
        kind: 'completed',
        record: {
          id: 'r1',
          miner: 'm1',
          outcome: 'done',
          status: 201,
          bytesIn: 5,
          bytesOut: 7,
          usage,
          attempts: 1,
        },
      },
    ])
    expect(kinds(step({ kind: 'recorded', id: 'r1' }))).toEqual(['release'])
    expect(step({ kind: 'recorded', id: 'r1' })).toEqual([])
  })

  test('CMP-1: those that came first are served first, each tier for itself', () => {
    const { join, ask, finish } = createHarness()
    join(1, 'm1')
    join(2, 'm2', 1, { tier: 2 })
    for (let i = 0; i < 4; i++) ask()
    expect(links(ask({ tiers: [2] }))).toEqual([2])
    expect(all(finish(1, 'r1'), 'dispatch')).toMatchObject([{ id: 'r2' }])
    expect(all(finish(3, 'r2'), 'dispatch')).toMatchObject([{ id: 'r3' }])
  })

  test('CMP-1: a service that nobody offers is refused; one whose miner left a moment ago is waited for', () => {
    const { join, ask, step } = createHarness()
    expect(ask()).toMatchObject([{ kind: 'refuse', error: 'ServiceUnknown' }])
    join(1, 'm1')
    step({ kind: 'left', link: 1, reason: 'gone' })
    expect(ask()).toEqual([])
    expect(links(join(2, 'm1'))).toEqual([2])
  })

  test('CMP-1: a queue that stays long refuses with a hint, or names a region that was not visited', () => {
    const { join, ask, pass, step } = createHarness({ dangerDepth: 4, dangerMs: 100, maxHops: 2 })
    join(1, 'm1')
    for (let i = 0; i < 8; i++) ask({ totalMs: 1_000_000, firstByteMs: 1_000_000 })
    step({ kind: 'acked', attempt: 1 })
    expect(kinds(ask())).toEqual([])
    pass(200)
    const [refusal] = all(ask(), 'refuse')
    expect(refusal).toMatchObject({ error: 'RegionBusy', forward: undefined })
    expect(refusal!.retryMs).toBeGreaterThanOrEqual(100)
    const there = { region: 'there', url: 'https://there', load: 0.5 }
    step({ kind: 'peers', peers: [{ ...there, region: 'full', load: 1 }, there] })
    expect(all(ask(), 'refuse')[0]!.forward).toEqual(there)
    expect(all(ask({ visited: ['there'] }), 'refuse')[0]!.forward).toBeUndefined()
    expect(all(ask({ visited: ['x', 'y'] }), 'refuse')[0]!.forward).toBeUndefined()
  })

  test('CMP-1: the queue and the requests of an account are bounded', () => {
    const { join, ask } = createHarness({ maxQueue: 3, maxPerAccount: 4 })
    join(1, 'm1')
    for (let i = 0; i < 4; i++) ask()
    expect(all(ask(), 'refuse')).toMatchObject([{ error: 'AccountBusy' }])
    expect(all(ask({ account: 'a2' }), 'refuse')).toMatchObject([{ error: 'RegionBusy' }])
  })

  test('CMP-1: a region that stops refuses new work and ends what it has', () => {
    const { join, ask, step, finish } = createHarness()
    join(1, 'm1')
    ask()
    step({ kind: 'drain' })
    expect(ask()).toMatchObject([{ kind: 'refuse', error: 'RegionStopping' }])
    expect(kinds(finish(1, 'r1'))).toContain('release')
  })
})

describe('CMP-3: failures of miners', () => {
  test('CMP-3: without acknowledgement the miner is disconnected and another gets the work within 20 ms', () => {
    const { join, ask, pass, clock } = createHarness({ ackMs: 250 })
    join(1, 'm1')
    join(2, 'm2')
    ask()
    const before = clock.now
    expect(links(pass(240))).toEqual([])
    const late = pass(30)
    expect(kinds(late)).toEqual(['dispatch', 'disconnect'])
    expect(clock.now - before).toBeLessThanOrEqual(270)
    expect(links(late)).toEqual([2])
  })

  test('CMP-3: a far miner has four round trips', () => {
    const { join, ask, pass, step } = createHarness({ ackMs: 250 })
    join(1, 'm1')
    step({ kind: 'rtt', link: 1, ms: 200 })
    ask()
    expect(pass(790)).toEqual([])
    expect(kinds(pass(20))).toEqual(['disconnect'])
  })

  test('CMP-3: failed work goes to the head of the queue, and to another miner', () => {
    const { join, ask, step, finish } = createHarness()
    join(1, 'm1')
    join(2, 'm2')
    for (let i = 0; i < 4; i++) ask()
    expect(step({ kind: 'failed', attempt: 1, reason: 'broke', busy: false })).toMatchObject([
      { kind: 'dispatch', id: 'r3', link: 1 },
    ])
    expect(all(finish(2, 'r2'), 'dispatch')).toMatchObject([{ id: 'r1', link: 2 }])
  })

  test('CMP-3: work that must wait again waits before what came later', () => {
    const { join, ask, step, pass } = createHarness({ quarantineAfter: 1, quarantineMs: 100 })
    join(1, 'm1')
    for (let i = 0; i < 3; i++) ask()
    expect(step({ kind: 'failed', attempt: 1, reason: 'broke', busy: false })).toEqual([])
    expect(all(pass(200), 'dispatch')).toMatchObject([{ id: 'r1' }])
  })

  test('CMP-3: a miner that is lost loses nothing', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1', 2)
    ask()
    ask()
    join(2, 'm2', 2)
    expect(links(step({ kind: 'left', link: 1, reason: 'gone' }))).toEqual([2, 2])
  })

  test('CMP-3: a failure in the middle of an answer continues on another miner', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1')
    join(2, 'm2')
    ask()
    step({ kind: 'head', attempt: 1, status: 200 })
    expect(links(step({ kind: 'failed', attempt: 1, reason: 'broke', busy: false }))).toEqual([2])
    expect(kinds(step({ kind: 'head', attempt: 2, status: 200 }))).toEqual(['adopt'])
  })

  test('CMP-3: what is not kept cannot be given to another', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1')
    join(2, 'm2')
    ask()
    step({ kind: 'unrepeatable', id: 'r1' })
    expect(step({ kind: 'failed', attempt: 1, reason: 'broke', busy: false })).toMatchObject([
      { kind: 'completed', record: { outcome: 'failed' } },
      { kind: 'abandon', error: 'MinerLost' },
    ])
  })

  test('CMP-3: a request that breaks every miner is given up', () => {
    const { join, ask, step, effects } = createHarness({ maxAttempts: 3, quarantineAfter: 100 })
    join(1, 'm1')
    ask()
    for (let attempt = 1; attempt <= 3; attempt++)
      step({ kind: 'failed', attempt, reason: 'broke', busy: false })
    expect(effects.at(-1)).toMatchObject({ kind: 'abandon', error: 'MinersFailed' })
    expect(all(effects, 'completed')).toHaveLength(1)
  })

  test('CMP-3: a miner that is only full is no failure', () => {
    const { join, ask, step, pass, broker } = createHarness({ quarantineAfter: 1, maxAttempts: 1 })
    join(1, 'm1')
    ask()
    expect(kinds(step({ kind: 'failed', attempt: 1, reason: 'no room', busy: true }))).toEqual([])
    expect(links(pass(50))).toEqual([1])
    expect(broker.health.size).toBe(0)
  })

  test('CMP-3: copies race while there is room, and the first answer ends the others', () => {
    const { join, ask, step, broker } = createHarness({ raceLoad: 0.5 })
    for (let link = 1; link <= 4; link++) join(link, `m${link}`)
    expect(links(ask({ race: true }))).toHaveLength(2)
    expect(links(ask({ race: true }))).toHaveLength(1)
    expect(step({ kind: 'head', attempt: 2, status: 200 })).toMatchObject([
      { kind: 'recall', attempt: 1 },
      { kind: 'adopt', attempt: 2 },
    ])
    expect([...broker.attempts.keys()]).toEqual([2, 3])
  })

  test('CMP-3: nothing is kept of a request that is over, however much time it had', () => {
    const { broker, join, ask, finish, step } = createHarness()
    join(1, 'm1', 2)
    const day = { totalMs: 86_400_000, firstByteMs: 3_600_000, idleMs: 3_600_000 }
    for (let attempt = 1; attempt <= 50; attempt++) {
      const [started] = all(ask(day), 'dispatch')
      expect(broker.timers.heap).toHaveLength(1)
      finish(attempt, started!.id)
      expect(broker.timers.heap).toEqual([])
    }
    const [left] = all(ask(day), 'dispatch')
    step({ kind: 'cancel', id: left!.id, bytesIn: 0, bytesOut: 0 })
    expect(broker.timers.heap).toEqual([])
  })

  test('CMP-3: total, first byte and silence have timers of their own', () => {
    const { join, ask, step, pass, effects } = createHarness()
    join(1, 'm1')
    ask({ firstByteMs: 500, idleMs: 300, totalMs: 2_000 })
    step({ kind: 'acked', attempt: 1 })
    expect(kinds(pass(520))).toEqual(['recall', 'dispatch'])
    step({ kind: 'acked', attempt: 2 })
    step({ kind: 'head', attempt: 2, status: 200 })
    pass(200)
    step({ kind: 'data', attempt: 2 })
    expect(kinds(pass(200))).toEqual([])
    expect(kinds(pass(150))).toEqual(['recall', 'dispatch'])
    step({ kind: 'acked', attempt: 3 })
    step({ kind: 'held', id: 'r1', held: true })
    expect(kinds(pass(600))).toEqual([])
    pass(1_000)
    expect(effects.at(-1)).toMatchObject({ kind: 'abandon', error: 'DeadlinePassed' })
    expect(all(effects, 'recall').at(-1)).toMatchObject({ attempt: 3 })
  })

  test('CMP-3: a client that goes away frees the miner', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1')
    ask()
    ask()
    expect(kinds(step({ kind: 'cancel', id: 'r2', bytesIn: 0, bytesOut: 0 }))).toEqual(['completed'])
    expect(kinds(step({ kind: 'cancel', id: 'r1', bytesIn: 4, bytesOut: 0 }))).toEqual([
      'recall',
      'completed',
    ])
    expect(links(ask())).toEqual([1])
  })
})

describe('CMP-4: which miner', () => {
  test('CMP-4: the least outstanding work times its predicted time', () => {
    const { join, ask, clock, finish, step } = createHarness()
    join(1, 'slow', 4)
    join(2, 'quick', 4)
    const both = [...links(ask()), ...links(ask())]
    expect([...both].sort()).toEqual([1, 2])
    const [slow, quick] = both[0] === 1 ? [1, 2] : [2, 1]
    clock.now += 10
    finish(quick, `r${quick}`)
    clock.now += 200
    finish(slow, `r${slow}`)
    expect(links([...ask(), ...ask(), ...ask()])).toEqual([2, 2, 2])
    step({ kind: 'left', link: 2, reason: 'gone' })
  })

  test('CMP-4: speed lets a request wait for the miner that will be done first', () => {
    const { join, ask, clock, step, finish } = createHarness({ ackMs: 100_000 })
    join(1, 'quick')
    ask()
    clock.now += 10
    finish(1, 'r1')
    join(2, 'slow')
    const quick = links(ask())[0] === 1 ? 2 : 3
    ask()
    clock.now += 10
    finish(quick, `r${quick}`)
    clock.now += 5_000
    finish(5 - quick, `r${5 - quick}`)
    expect(links(ask())).toEqual([1])
    expect(links(ask({ prefer: 'speed', totalMs: 100_000 }))).toEqual([])
    expect(links(ask({ prefer: 'latency' }))).toEqual([2])
    expect(links(step({ kind: 'end', attempt: 4, usage, bytesIn: 0, bytesOut: 0 }))).toEqual([1])
  })

  test('CMP-4: a miner that keeps failing is set aside, tried with one request, and back when that goes well', () => {
    const { join, ask, step, pass, finish } = createHarness({ quarantineAfter: 2, quarantineMs: 1_000 })
    join(1, 'm1', 4)
    ask({ totalMs: 100_000 })
    step({ kind: 'failed', attempt: 1, reason: 'broke', busy: false })
    step({ kind: 'failed', attempt: 2, reason: 'broke', busy: false })
    ask({ totalMs: 100_000 })
    expect(links(pass(900))).toEqual([])
    expect(links(pass(200))).toEqual([1])
    expect(all(finish(3, 'r1'), 'dispatch')).toMatchObject([{ id: 'r2' }])
    expect(links([...ask(), ...ask()])).toEqual([1, 1])
  })

  test('CMP-4: a miner that drains gets nothing more and loses nothing', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1', 2)
    ask()
    const services = [{ name: 'echo', version: '1', concurrency: 2, warm: true }]
    step({ kind: 'offer', link: 1, offer: { services, draining: true } })
    expect(ask()).toEqual([])
    step({ kind: 'offer', link: 1, offer: { services: [], draining: true } })
    expect(kinds(step({ kind: 'head', attempt: 1, status: 200 }))).toEqual(['adopt'])
    expect(kinds(step({ kind: 'end', attempt: 1, usage, bytesIn: 0, bytesOut: 0 }))).toEqual(['completed'])
  })

  test('CMP-4: warm miners come before cold ones', () => {
    const { join, ask, step } = createHarness()
    step({
      kind: 'joined',
      link: 1,
      miner: 'cold',
      tier: 1,
      offer: { services: [{ name: 'echo', version: '1', concurrency: 2, warm: false }], draining: false },
    })
    join(2, 'warm', 2)
    expect(links([...ask(), ...ask(), ...ask()])).toEqual([2, 2, 1])
  })

  test('CMP-12: a rollout splits work between versions smoothly', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1', 100, { version: '1' })
    join(2, 'm2', 100, { version: '2' })
    const splits = [
      { version: '1', weight: 9 },
      { version: '2', weight: 1 },
    ]
    step({ kind: 'rollout', service: 'echo', splits })
    const twenty = Array.from({ length: 20 }, () => links(ask())[0])
    expect(twenty.filter((link) => link === 2)).toHaveLength(2)
    expect(twenty.slice(0, 10).filter((link) => link === 2)).toHaveLength(1)
    expect(links(ask({ version: '2' }))).toEqual([2])
    step({ kind: 'left', link: 1, reason: 'gone' })
    expect(links(ask())).toEqual([2])
  })

  test('CMP-12: a rollout that is told again and again gives each version its share all the same', () => {
    const { join, ask, step } = createHarness()
    join(1, 'm1', 100, { version: '1' })
    join(2, 'm2', 100, { version: '2' })
    const tell = (weight: number) =>
      step({
        kind: 'rollout',
        service: 'echo',
        splits: [
          { version: '1', weight: 10 - weight },
          { version: '2', weight },
        ],
      })
    const ten = (weight: number) =>
      Array.from({ length: 10 }, () => {
        tell(weight)
        return links(ask())[0]
      }).filter((link) => link === 2)
    expect(ten(1)).toHaveLength(1)
    expect(ten(3)).toHaveLength(3)
  })
})

describe('CMP-10: affinity', () => {
  const soft = (known: string | undefined) => ({ mode: 'soft', known, fresh: 't' }) as const
  const hard = (known: string | undefined) => ({ mode: 'hard', known, fresh: 't' }) as const

  test('CMP-10: a token leads back to the miner that answered', () => {
    const { join, ask, step } = createHarness()
    for (let link = 1; link <= 5; link++) join(link, `m${link}`, 4)
    const [first] = links(ask({ affinity: soft(undefined) }))
    expect(step({ kind: 'head', attempt: 1, status: 200 })).toMatchObject([{ kind: 'adopt', affinity: 't' }])
    expect(links([...ask({ affinity: soft('t') }), ...ask({ affinity: soft('t') })])).toEqual([first, first])
  })

  test('CMP-10: soft goes elsewhere when that miner is full, hard waits, and fails when it has left', () => {
    const { join, ask, step, effects } = createHarness()
    join(1, 'm1')
    ask({ affinity: hard(undefined) })
    step({ kind: 'head', attempt: 1, status: 200 })
    join(2, 'm2', 3)
    expect(links(ask({ affinity: soft('t') }))).toEqual([2])
    expect(links(ask({ affinity: hard('t') }))).toEqual([])
    step({ kind: 'left', link: 1, reason: 'gone' })
    expect(all(effects, 'abandon')).toMatchObject([{ error: 'AffinityLost' }])
    expect(ask({ affinity: hard('unknown') }).at(-1)).toMatchObject({ error: 'AffinityLost' })
  })
})
