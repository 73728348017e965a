import { createBudgets, createSubscriptions } from '@banyan/billing'
import { createCharging, type Payer, serviceTerms } from '@banyan/region/charging'
import type { Tier, WorkOrder, WorkRecord } from '@banyan/region/core'
import { createRandom, testSeed } from '@banyan/testing'
import { describe, expect, test } from 'vitest'

const wallet = (digit: string) => `0x${digit.repeat(40)}`
const at = Date.parse('2026-11-22T12:00:00Z')
const house = { region: 'here', operator: wallet('1'), house: wallet('2'), rate: 10n ** 12n }
const terms = serviceTerms({
  name: 'echo',
  wallet: wallet('3'),
  terms: {
    currency: 'USD',
    prices: [
      { tier: 2, perRequest: '1000', perCpuHour: '7200000', perGpuHour: '0', perGigabyte: '0' },
      { tier: 4, perRequest: '100', perCpuHour: '3600000', perGpuHour: '0', perGigabyte: '0' },
    ],
    contributor: 6_000,
    developer: 1_500,
    charities: { developer: { wallet: wallet('4'), share: 1_000 } },
  },
})!

const payerOf = (deal: Payer['deal'], tiers: readonly Tier[] = [2, 3, 4]): Payer => ({
  account: 'alice',
  wallet: wallet('a'),
  deal,
  tiers,
  endUser: 'u1',
  custom: {},
})
let last = 0
const orderOf = (tiers: readonly Tier[]): WorkOrder =>
  ({ id: (++last).toString(16).padStart(32, '0'), account: 'alice', service: 'echo', tiers }) as WorkOrder
const recordOf = (order: WorkOrder, change: Partial<WorkRecord> = {}): WorkRecord => ({
  id: order.id,
  account: 'alice',
  service: 'echo',
  version: '1',
  miner: 'm1',
  tier: order.tiers[0]!,
  outcome: 'done',
  status: 200,
  acceptedAt: at,
  startedAt: at,
  firstByteAt: at + 10,
  endedAt: at + 1_000,
  attempts: 1,
  bytesIn: 0,
  bytesOut: 0,
  usage: { cpuMs: 9.5, peakMemoryBytes: 1 },
  repeats: undefined,
  idempotencyKey: undefined,
  ...change,
})

function start(perMonth?: bigint) {
  const budgets = createBudgets(() => (perMonth === undefined ? undefined : { perMonth, alertAt: [] }))
  const subscriptions = createSubscriptions()
  const salt = () => `0x${'5'.repeat(64)}`
  const charging = createCharging({ house, budgets, subscriptions, now: () => at, salt })
  return { charging, standing: () => budgets.standing(wallet('a'), at) }
}

describe('CMP-13: what a request costs', () => {
  test('BIL-1, BIL-8: a request that was done makes one charge, with begun milliseconds and exact shares', () => {
    const { charging, standing } = start()
    const order = orderOf([4])
    expect(charging.admit(order, payerOf({ kind: 'use' }), terms, 0)).toEqual([4])
    expect(standing().held).toBeGreaterThan(0n)
    const charge = charging.charge(recordOf(order), wallet('b'))!
    // 100 for the request, and 10 ms at 1 micro-unit each.
    expect(charge).toMatchObject({ enterpriseAmount: 110n, houseAmount: 0n, tier: '4', dservice: 'echo@1' })
    expect(charge).toMatchObject({ contributorAmount: 66n, developerAmount: 15n, operatorAmount: 28n })
    expect(charge).toMatchObject({ charityOfDeveloperAmount: 1n, contributor: wallet('b') })
    expect(charge.id).toBe(`0x${order.id}`)
    expect(standing()).toEqual({ spent: 110n, held: 0n })
    expect(charging.charge(recordOf(order), wallet('b'))).toBeUndefined()
  })

  test.each([
    ['failed', { outcome: 'failed' as const }],
    ['cancelled', { outcome: 'cancelled' as const }],
    ['done once more after a crash', { repeats: 'earlier' }],
  ])('CMP-3: a request that was %s costs nothing, and holds nothing any more', (_, change) => {
    const { charging, standing } = start()
    const order = orderOf([4])
    charging.admit(order, payerOf({ kind: 'use' }), terms, 0)
    expect(charging.charge(recordOf(order, change), wallet('b'))).toBeUndefined()
    expect(standing()).toEqual({ spent: 0n, held: 0n })
  })

  test('CMP-13: above the cap a request goes to a lower tier, and never costs more than the cap', () => {
    const { charging } = start()
    charging.estimates.note('echo', { cpuMs: 500n, gpuMs: 0n, bytes: 0n })
    const order = orderOf([2])
    const payer = payerOf({ kind: 'use', cap: 700n })
    expect(charging.admit(order, payer, terms, 0)).toEqual([4])
    const record = recordOf(order, { tier: 4, usage: { cpuMs: 900, peakMemoryBytes: 1 } })
    expect(charging.charge(record, undefined)).toMatchObject({
      enterpriseAmount: 700n,
      contributor: house.operator,
    })
    expect(() => charging.admit(orderOf([2]), payerOf({ kind: 'use', cap: 500n }), terms, 0)).toThrow(
      expect.objectContaining({ kind: 'PriceAboveCap' }),
    )
    expect(() => charging.admit(orderOf([2]), payerOf({ kind: 'use', cap: 700n }, [2]), terms, 0)).toThrow(
      expect.objectContaining({ kind: 'PriceAboveCap' }),
    )
  })

  test('BIL-8: the house pays what a subsidy leaves, and all where work is free', () => {
    const { charging } = start()
    for (const [deal, enterprise] of [
      [{ kind: 'subsidised', cap: 30n }, 30n],
      [{ kind: 'free' }, 0n],
    ] as const) {
      const order = orderOf([4])
      charging.admit(order, payerOf(deal), terms, 0)
      const charge = charging.charge(recordOf(order), wallet('b'))
      expect(charge).toMatchObject({ enterpriseAmount: enterprise, houseAmount: 110n - enterprise })
    }
  })

  test('CMP-17: a miner that lies about its time is believed no more than eight processors', () => {
    const { charging } = start()
    const order = orderOf([4])
    charging.admit(order, payerOf({ kind: 'use' }), terms, 0)
    const usage = { cpuMs: Number.MAX_SAFE_INTEGER, gpuMs: Number.MAX_SAFE_INTEGER, peakMemoryBytes: 1 }
    expect(charging.charge(recordOf(order, { usage }), wallet('b'))).toMatchObject({
      enterpriseAmount: 8_100n,
    })
  })

  test('CMP-13: without price or wallet nothing begins', () => {
    const { charging } = start()
    const refused = (kind: string) => expect.objectContaining({ kind })
    const payer = payerOf({ kind: 'use' })
    expect(() => charging.admit(orderOf([4]), payer, undefined, 0)).toThrow(refused('PriceMissing'))
    expect(() => charging.admit(orderOf([3]), payer, terms, 0)).toThrow(refused('PriceMissing'))
    expect(() => charging.admit(orderOf([4]), { ...payer, wallet: undefined }, terms, 0)).toThrow(
      refused('WalletMissing'),
    )
  })

  test('CMP-13: requests at random hold and spend within a budget, and what is held comes back', () => {
    const random = createRandom(testSeed('charging'))
    const budget = 60_000n
    const { charging, standing } = start(budget)
    charging.estimates.note('echo', { cpuMs: 100n, gpuMs: 0n, bytes: 0n })
    const running: WorkOrder[] = []
    let charged = 0n
    let refused = 0
    for (let i = 0; i < 2_000; i++) {
      if (random.below(2) === 0) {
        const order = orderOf([4])
        try {
          charging.admit(order, payerOf({ kind: 'use' }), terms, 0)
          running.push(order)
        } catch (error) {
          expect(error).toMatchObject({ kind: 'BudgetSpent' })
          refused++
        }
      } else if (running.length > 0) {
        const [order] = running.splice(random.below(running.length), 1)
        const way = random.below(4)
        const outcome = (['done', 'done', 'failed', 'cancelled'] as const)[way]!
        if (way === 3) charging.drop(order!.id)
        else {
          const usage = { cpuMs: 50 + random.below(100), peakMemoryBytes: 1 }
          charged +=
            charging.charge(recordOf(order!, { outcome, usage }), wallet('b'))?.enterpriseAmount ?? 0n
        }
      }
      expect(standing().spent).toBe(charged)
      expect(standing().spent + standing().held).toBeLessThanOrEqual(budget)
    }
    expect(refused).toBeGreaterThan(0)
    for (const order of running) charging.drop(order.id)
    expect(standing()).toEqual({ spent: charged, held: 0n })
  })
})
