import {
  capacityOf,
  constantLatency,
  findSustained,
  freeCosts,
  measureIdle,
  type NodeCosts,
  type Payload,
  runScale,
  type ScaleSetting,
  type Span,
  uniformLatency,
} from '@banyan/sim'
import { createRandom, testSeed } from '@banyan/testing'
import { describe, expect, test } from 'vitest'

const span: Span = { before: 3, measured: 8, after: 4 }
const freePayload: Payload = { name: 'free', bytes: 0, verify: 0, execute: 0 }

/** A network in which nothing takes time but its messages, which take 40 ms, and blocks follow as soon as they can. */
function idealNetwork(validators: number, change: Partial<ScaleSetting> = {}): ScaleSetting {
  return {
    validators,
    dead: new Set(),
    deadAreKnown: true,
    timing: { delta: 500, interval: 0, heartbeat: 2000 },
    batchInterval: 20,
    load: 1000,
    clients: 'spread',
    payload: freePayload,
    batches: 'direct',
    costs: freeCosts,
    cores: 8,
    validatorsPerMachine: 1,
    bandwidth: 1e9,
    latency: constantLatency(40_000),
    random: createRandom(1),
    ...change,
  }
}

/** Round numbers near those of a real machine. */
const costs: NodeCosts = {
  ed25519: {
    bytes: 64,
    isSummed: false,
    sign: 30,
    verify: 50,
    combine: 0,
    verifyCombined: 0,
    verifyCombinedEach: 50,
  },
  bls: {
    bytes: 96,
    isSummed: true,
    sign: 300,
    verify: 900,
    combine: 60,
    verifyCombined: 900,
    verifyCombinedEach: 1,
  },
  step: 2,
  sendMessage: 10,
  receiveMessage: 10,
  sendByte: 0.005,
  receiveByte: 0.005,
  sync: 500,
  writeByte: 0.001,
}
const payload: Payload = { name: 'signed', bytes: 192, verify: 50, execute: 3 }

function realNetwork(validators: number, seed: number, change: Partial<ScaleSetting> = {}): ScaleSetting {
  const random = createRandom(seed)
  return idealNetwork(validators, {
    timing: { delta: 500, interval: 100, heartbeat: 2000 },
    load: 20_000,
    payload,
    costs,
    bandwidth: 1000,
    latency: uniformLatency(random, 500, 2000),
    random,
    ...change,
  })
}

describe('CON-13: the network model in the ideal case', () => {
  test.each([4, 40])(
    'a block of %i validators is final after three delays, and the next follows after two',
    (n) => {
      const { blockLatency, blocksPerSecond, skipped, finalShare } = runScale(idealNetwork(n), span)
      // Bytes take a little, and moments are rounded up.
      expect(blockLatency.p50).toBeGreaterThanOrEqual(3 * 40)
      expect(blockLatency.p99).toBeLessThan(3 * 40 + 1)
      expect(1000 / blocksPerSecond).toBeGreaterThanOrEqual(2 * 40)
      expect(1000 / blocksPerSecond).toBeLessThan(2 * 40 + 1)
      expect(skipped).toBe(0)
      expect(finalShare).toBe(1)
    },
  )

  test('a block is executed before it is proposed, and again before it is voted for', () => {
    const { blockLatency, blocksPerSecond } = runScale(
      idealNetwork(4, { payload: { ...freePayload, execute: 100 } }),
      span,
    )
    // About 1,000 a second of 100 µs each: 8 ms and more in a block, once in its latency and twice in its view.
    expect(blockLatency.p50).toBeGreaterThan(3 * 40 + 7)
    expect(blockLatency.p50).toBeLessThan(3 * 40 + 14)
    expect(1000 / blocksPerSecond).toBeGreaterThan(2 * 40 + 14)
    expect(1000 / blocksPerSecond).toBeLessThan(2 * 40 + 28)
  })

  test('P1: each vote waits until its record is durable', () => {
    const { blockLatency } = runScale(idealNetwork(4, { costs: { ...freeCosts, sync: 5000 } }), span)
    expect(blockLatency.p50).toBeGreaterThanOrEqual(3 * 40 + 2 * 5)
    expect(blockLatency.p99).toBeLessThan(3 * 40 + 2 * 5 + 1)
  })

  test('a transaction waits for its batch, for its way to the next leader, and for a block', () => {
    const { latency } = runScale(idealNetwork(4), span)
    // The batch is up to 20 ms away, its way takes 40, the next proposal is up to 80 away, finality three times 40.
    expect(latency.p50).toBeGreaterThan(40 + 120)
    expect(latency.p99).toBeLessThan(20 + 40 + 80 + 120 + 2)
  })
})

describe('CON-13: dead leaders cost what the rules of liveness say', () => {
  const everyTenth = new Set([5])

  test('L5: a leader known to be silent costs one delay, for the votes to give its view up', () => {
    const whole = { before: 1, measured: 10, after: 3 }
    const alive = runScale(idealNetwork(10), whole)
    const { blocksPerSecond, skipped } = runScale(idealNetwork(10, { dead: everyTenth }), whole)
    expect(skipped).toBeCloseTo(0.1, 5)
    const lost = 10_000 / blocksPerSecond - 10_000 / alive.blocksPerSecond
    expect(lost).toBeGreaterThanOrEqual(40)
    expect(lost).toBeLessThan(41)
  })

  test('L1: a leader whose silence is new costs its proposal time and twice the bound of the delay as well', () => {
    const setting = idealNetwork(10, { dead: everyTenth, deadAreKnown: false })
    const { blocksPerSecond } = runScale(setting, { before: 1, measured: 10, after: 3 })
    const lost = 10_000 / blocksPerSecond - 10 * 80
    expect(lost).toBeGreaterThan(2 * 500)
    // Time-outs grow by 1.2 for each view without finality beyond the two that are always under way.
    expect(lost).toBeLessThan(1.2 * 2 * 500 + 60)
  })

  test('L5: what is assumed of the known dead is what the others learn by themselves in two of their views', () => {
    const later = { before: 20, measured: 9, after: 3 }
    const learned = runScale(idealNetwork(10, { dead: everyTenth, deadAreKnown: false }), later)
    const assumed = runScale(idealNetwork(10, { dead: everyTenth }), later)
    expect(learned.blocksPerSecond).toBeCloseTo(assumed.blocksPerSecond, 3)
  })
})

describe('CON-13: what a model adds up to', () => {
  test('the same seed gives the same figures, another seed others', () => {
    const seed = testSeed('scale')
    const first = runScale(realNetwork(21, seed), span)
    expect(runScale(realNetwork(21, seed), span)).toEqual(first)
    expect(runScale(realNetwork(21, seed + 1), span)).not.toEqual(first)
  })

  test('bytes are conserved: what validators read was sent, and little is under way at the end', () => {
    const { bytes } = runScale(realNetwork(21, 1), span)
    expect(bytes.received).toBeLessThanOrEqual(bytes.sent)
    expect(bytes.received).toBeGreaterThan(0.98 * bytes.sent)
  })

  test('a link carries no more than its bandwidth: batches queue on it', () => {
    const load = 20_000
    const roomy = runScale(realNetwork(4, 1, { load }), span)
    expect(roomy.finalShare).toBe(1)
    // Each validator sends 3 copies of a quarter of the load and reads three quarters of it: 24 Mbit/s and more.
    expect(roomy.use.up * 1000).toBeGreaterThan(24)
    expect(roomy.use.up * 1000).toBeLessThan(28)
    const narrow = runScale(realNetwork(4, 1, { load, bandwidth: 20 }), { before: 1, measured: 4, after: 1 })
    expect(narrow.use.up).toBeGreaterThan(0.9)
    expect(narrow.use.up).toBeLessThanOrEqual(1.001)
    expect(narrow.latency.p99).toBeGreaterThan(2 * roomy.latency.p99)
  })

  test('work on few cores takes as long as it takes on them', () => {
    // 4 x 53 µs and more for a transaction: two cores carry less than 10,000 a second.
    const shared = { cores: 2, validatorsPerMachine: 4 }
    const few = runScale(realNetwork(4, 1, { ...shared, load: 6000 }), span)
    expect(few.finalShare).toBe(1)
    expect(4 * (few.use.main + few.use.workers)).toBeGreaterThan(2 * 0.6)
    expect(4 * (few.use.main + few.use.workers)).toBeLessThanOrEqual(2)
    const many = runScale(realNetwork(4, 1, { ...shared, load: 10_500 }), {
      before: 1,
      measured: 4,
      after: 1,
    })
    expect(many.latency.p99).toBeGreaterThan(3 * few.latency.p99)
  })

  test('the capacity names what runs out first, and a network keeps up with most of it', () => {
    const setting = realNetwork(7, 1)
    const capacity = capacityOf(setting, measureIdle(setting, span))
    expect(capacity.bound).toBe('workers')
    // Seven workers check 20,000 signatures a second each.
    expect(capacity.perSecond).toBeGreaterThan(135_000)
    expect(capacity.perSecond).toBeLessThanOrEqual(140_000)
    const { result, load } = findSustained(setting, span, capacity, 1000)
    expect(load).toBeCloseTo(0.8 * capacity.perSecond, 5)
    expect(result.throughput).toBeGreaterThan(0.995 * load)
    const fast = findSustained(setting, span, capacity, 0.9 * result.latency.p50)
    expect(fast.load).toBeLessThan(load)
    expect(fast.result.latency.p50).toBeLessThanOrEqual(0.9 * result.latency.p50)
  })

  test('one validator that sends all batches is bound by its sending; a relay would not be', () => {
    const setting = realNetwork(21, 1, { clients: 'at one', cores: 16 })
    const direct = capacityOf(setting, measureIdle(setting, span))
    const relayed: ScaleSetting = { ...setting, batches: 'relay' }
    const relay = capacityOf(relayed, measureIdle(relayed, span))
    expect(direct.bound).toBe('sending')
    // 1 Gbit/s for 20 copies of 192 bytes and a twentieth.
    expect(direct.perSecond).toBeGreaterThan(28_000)
    expect(direct.perSecond).toBeLessThan(31_000)
    expect(relay.perSecond).toBeGreaterThan(4 * direct.perSecond)
  })
})
