import {
  checkShares,
  createBudgets,
  createSubscriptions,
  type Deal,
  makeDifference,
  perDayOf,
  priceOf,
  quote,
  rateOf,
  sealCharge,
  splitPrice,
  type Tariff,
  toPip,
} from '@banyan/billing'
import { native } from '@banyan/crypto/native'
import { createRandom, testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { account, day, newId } from './support/charges.js'

const tier = (name: string, perCpuHour: bigint) => ({
  name,
  perRequest: 10n,
  perCpuHour,
  perGpuHour: 0n,
  perGigabyte: 87_700n,
})
const tariff: Tariff = {
  currency: 'EUR',
  tiers: [tier('gold', 3_600_000n), tier('silver', 1_800_000n), tier('bronze', 900_000n)],
  loadedShare: 2_000n,
}
/** 1,010, 510 and 260 micro-units on the three tiers, 52 on loaded machines. */
const usage = { cpuMs: 1_000n, gpuMs: 0n, bytes: 0n }

test('BIL-8: every split adds up to its price, and only the remainder of the operator is not a rounded share', () => {
  const random = createRandom(testSeed('splits'))
  for (let i = 0; i < 500; i++) {
    const contributor = random.bigint(10_000n)
    const developer = random.bigint(10_000n - contributor)
    const charities = {
      contributor: random.bigint(10_001n),
      developer: random.bigint(10_001n),
      operator: random.bigint(10_001n),
    }
    const price = random.bigint(random.below(2) === 0 ? 20n : 10n ** 15n)
    const split = splitPrice(price, { contributor, developer, charities })
    const sum = Object.values(split).reduce((total, amount) => total + amount, 0n)
    expect(sum).toBe(price)
    for (const amount of Object.values(split)) expect(amount).toBeGreaterThanOrEqual(0n)
    expect(split.contributorAmount + split.charityOfContributorAmount).toBe((price * contributor) / 10_000n)
    expect(split.developerAmount + split.charityOfDeveloperAmount).toBe((price * developer) / 10_000n)
    expect(split.charityOfOperatorAmount).toBe(
      ((split.operatorAmount + split.charityOfOperatorAmount) * charities.operator) / 10_000n,
    )
  }
})

test('BIL-8: shares that leave nothing for the operator are refused', () => {
  const charities = { contributor: 0n, developer: 0n, operator: 0n }
  checkShares({ contributor: 5_000n, developer: 4_999n, charities })
  expect(() => checkShares({ contributor: 5_000n, developer: 5_000n, charities })).toThrow('nothing is left')
  expect(() => checkShares({ contributor: -1n, developer: 0n, charities })).toThrow('between 0 and 10,000')
  expect(() =>
    checkShares({ contributor: 0n, developer: 0n, charities: { ...charities, operator: 10_001n } }),
  ).toThrow('between 0 and 10,000')
})

test('BIL-6: fiat becomes coin by one multiplication per row', () => {
  expect(rateOf(1_000_000n)).toBe(10n ** 12n)
  expect(rateOf(3n)).toBe(333_333_333_333_333_333n)
  expect(toPip(7n, rateOf(3n)) + toPip(5n, rateOf(3n))).toBe(toPip(12n, rateOf(3n)))
  expect(() => rateOf(0n)).toThrow('must cost something')
})

test('CMP-13: prices are rounded once', () => {
  expect(priceOf(tariff.tiers[0]!, usage)).toBe(1_010n)
  const half = { ...tier('half', 1n), perRequest: 0n, perGigabyte: 1n }
  expect(priceOf(half, { cpuMs: 1_800_000n, gpuMs: 0n, bytes: 500_000_000n })).toBe(1n)
  expect(priceOf(half, { cpuMs: 1_800_000n, gpuMs: 0n, bytes: 0n })).toBe(0n)
})

test('CMP-13: above its cap a request goes to a lower tier, then to loaded machines, then nowhere', () => {
  const at = (cap: bigint) => quote({ tariff, deal: { kind: 'use', cap }, tier: 'gold', usage })
  expect(at(1_010n)).toMatchObject({ tier: 'gold', price: 1_010n, enterpriseAmount: 1_010n })
  expect(at(1_009n)).toMatchObject({ tier: 'silver', price: 510n })
  expect(at(260n)).toMatchObject({ tier: 'bronze', isLoaded: false, price: 260n })
  expect(at(52n)).toMatchObject({ tier: 'bronze', isLoaded: true, price: 52n, houseAmount: 0n })
  expect(() => at(51n)).toThrow('would cost 52')
  expect(() => quote({ tariff, deal: { kind: 'use' }, tier: 'lead', usage })).toThrow('no tier lead')
  const lower = quote({ tariff, deal: { kind: 'use', cap: 5_000n }, tier: 'silver', usage })
  expect(lower.tier).toBe('silver')
})

test('CMP-13: a subsidised request keeps its tier, and both payers pay the price together', () => {
  const pays = (deal: Deal, leftToday?: bigint) => {
    const {
      enterpriseAmount,
      houseAmount,
      tier: given,
    } = quote({
      tariff,
      deal,
      tier: 'gold',
      usage,
      ...(leftToday !== undefined && { leftToday }),
    })
    expect(given).toBe('gold')
    return [enterpriseAmount, houseAmount]
  }
  expect(pays({ kind: 'use' })).toEqual([1_010n, 0n])
  expect(pays({ kind: 'subsidised', cap: 200n })).toEqual([200n, 810n])
  expect(pays({ kind: 'subsidised', cap: 2_000n })).toEqual([1_010n, 0n])
  expect(pays({ kind: 'free' })).toEqual([0n, 1_010n])
  expect(pays({ kind: 'subscription', perDay: 5_000n })).toEqual([1_010n, 0n])
  expect(pays({ kind: 'subscription', perDay: 5_000n }, 10n)).toEqual([10n, 1_000n])
})

test('BIL-8: a subscription pays its day exactly, and the house pays or gets the difference', () => {
  const random = createRandom(testSeed('subscriptions'))
  for (const perDay of [0n, 700n, 2_500n, 1_000_000n]) {
    const subscriptions = createSubscriptions()
    const enterprise = account('enterprise')
    let fromEnterprise = 0n
    let fromHouse = 0n
    let actual = 0n
    for (let i = 0; i < 20; i++) {
      const work = { ...usage, cpuMs: random.bigint(300n) }
      const leftToday = subscriptions.left(enterprise, perDay, day + i)
      const quoted = quote({
        tariff,
        deal: { kind: 'subscription', perDay },
        tier: 'gold',
        usage: work,
        leftToday,
      })
      subscriptions.use(enterprise, quoted.enterpriseAmount, day + i)
      actual += quoted.price
      fromEnterprise += quoted.enterpriseAmount
      fromHouse += quoted.houseAmount
    }
    const left = subscriptions.left(enterprise, perDay, day + 100)
    const difference = makeDifference(
      {
        id: newId(random, day),
        at: day,
        region: 'north',
        currency: 'EUR',
        rate: 1n,
        salt: `0x${'11'.repeat(32)}`,
      },
      '2026-11-21',
      left,
      { enterprise, house: account('house') },
    )
    sealCharge(difference, native.keccak256)
    expect(fromEnterprise + difference.enterpriseAmount).toBe(perDay)
    const more = (amount: bigint) => (amount > 0n ? amount : 0n)
    expect(fromHouse).toBe(more(actual - perDay))
    expect(difference.operatorAmount).toBe(more(perDay - actual))
    expect(difference.operator).toBe(account('house'))
    expect(difference.dservice).toBe('subscription@2026-11-21')
    expect(subscriptions.left(enterprise, perDay, day + 86_400_000)).toBe(perDay)
    expect(subscriptions.left(enterprise, perDay, day)).toBe(0n)
  }
})

test('BIL-8: the days of a month cost its price together, and differ by a unit at most', () => {
  const random = createRandom(testSeed('days of months'))
  for (const [month, days] of [
    ['2026-02', 28],
    ['2028-02', 29],
    ['2026-11', 30],
    ['2026-12', 31],
  ] as const) {
    const price = random.bigint(1_000_000n)
    const parts = Array.from({ length: days }, (_, i) =>
      perDayOf(price, `${month}-${String(i + 1).padStart(2, '0')}`),
    )
    expect(parts.reduce((a, b) => a + b)).toBe(price)
    const least = price / BigInt(days)
    for (const part of parts) expect(part === least || part === least + 1n).toBe(true)
  }
})

test('CMP-13: a budget stops spending before a request runs, says so in time, and begins anew each month', () => {
  const budgets = createBudgets((enterprise) =>
    enterprise === 'a' ? { perMonth: 1_000n, alertAt: [5_000n, 9_000n] } : undefined,
  )
  const a = { enterprise: 'a', at: day }
  budgets.hold({ ...a, most: 600n })
  expect(() => budgets.hold({ ...a, most: 401n })).toThrow('400 micro-units are left')
  budgets.hold({ ...a, most: 400n })
  expect(budgets.book({ ...a, held: 600n, cost: 499n })).toEqual([])
  expect(budgets.book({ ...a, held: 400n, cost: 1n })).toEqual([
    { enterprise: 'a', month: '2026-11', share: 5_000n },
  ])
  budgets.hold({ ...a, most: 500n })
  expect(budgets.book({ ...a, held: 500n, cost: 450n })).toMatchObject([{ share: 9_000n }])
  expect(() => budgets.hold({ ...a, most: 51n })).toThrow('50 micro-units are left')
  budgets.hold({ enterprise: 'b', at: day, most: 10n ** 12n })
  expect(budgets.book({ enterprise: 'b', at: day, held: 1n, cost: 1n })).toEqual([])
  const december = Date.UTC(2026, 11, 1)
  budgets.hold({ enterprise: 'a', at: december, most: 1_000n })
})
