import {
  amountOf,
  applyEvent,
  type BillingEvent,
  type Charge,
  type ChargeBook,
  carriedTotal,
  createRollUp,
  decodeEvent,
  encodeEvent,
  openBook,
  openSettlement,
  type Settlement,
} from '@banyan/billing'
import { native } from '@banyan/crypto/native'
import { createSimulatedDisk, randomOutcome, type SimulatedDisk } from '@banyan/storage/simulated'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { account, day, newCharge } from './support/charges.js'
import {
  AnswerLost,
  createFakeChain,
  type FakeChain,
  operatorAccount,
  payoutAccount,
} from './support/fake-chain.js'

const noon = day + 43_200_000
const fig = 10n ** 18n
const leastPayout = 2n * fig

type Setting = { readonly maxTopUps?: number }

async function open(machine: SimulatedDisk, chain: FakeChain, setting: Setting = {}) {
  const disk = await machine.open()
  const { keccak256 } = native
  const book = await openBook({ disk, region: 'north', keccak256, now: () => noon })
  const { gateway } = chain
  let time = 0
  const now = () => time++
  const settlement = await openSettlement({
    book,
    chain,
    gateway,
    region: 'north',
    keccak256,
    leastPayout,
    now,
    ...setting,
  })
  return { book, settlement }
}

const payIns = (charge: Charge) =>
  [
    [charge.enterprise, charge.enterpriseAmount],
    [charge.house, charge.houseAmount],
  ] as const
const payouts = (charge: Charge) =>
  [
    [charge.contributor, charge.contributorAmount],
    [charge.developer, charge.developerAmount],
    [charge.operator, charge.operatorAmount],
    [charge.charityOfContributor, charge.charityOfContributorAmount],
    [charge.charityOfDeveloper, charge.charityOfDeveloperAmount],
    [charge.charityOfOperator, charge.charityOfOperatorAmount],
  ] as const

/** What everybody pays or gets for some charges, computed the plain way. */
function sums(charges: readonly Charge[], parties: typeof payIns | typeof payouts): Map<string, bigint> {
  const found = new Map<string, bigint>()
  for (const charge of charges) {
    for (const [who, micro] of parties(charge)) {
      if (micro > 0n) found.set(who, (found.get(who) ?? 0n) + micro * charge.rate)
    }
  }
  return found
}

const total = (amounts: Iterable<bigint>) => [...amounts].reduce((sum, amount) => sum + amount, 0n)

/** Everybody got what their rows say, once; nothing is left over but what is carried over. */
function checkBooks(chain: FakeChain, settlement: Settlement, charges: readonly Charge[]): void {
  const expectedOut = sums(charges, payouts)
  const { carries } = settlement.state()
  const paid = new Map<string, bigint>()
  for (const { way, account: who, amount } of chain.done()) {
    if (way === 'pay') paid.set(who, (paid.get(who) ?? 0n) + amount)
  }
  for (const [who, amount] of expectedOut) {
    const carried = carries.get(who as `0x${string}`)?.amount ?? 0n
    expect([who, (paid.get(who) ?? 0n) + carried]).toEqual([who, amount])
  }
  const collected = total(
    chain
      .done()
      .filter(({ way }) => way !== 'pay')
      .map(({ amount }) => amount),
  )
  expect(collected).toBe(total(sums(charges, payIns).values()))
  expect(collected).toBe(total(paid.values()) + carriedTotal(settlement.state()))
  expect(chain.balances.get(payoutAccount)).toBe(carriedTotal(settlement.state()))
  const anchors = chain.done().map(({ anchor }) => anchor)
  expect(new Set(anchors).size).toBe(anchors.length)
}

function richChain(random: Random, change: Partial<Parameters<typeof createFakeChain>[1]> = {}): FakeChain {
  const chain = createFakeChain(random, {
    faults: 0,
    limitOf: () => 10n ** 30n,
    consents: () => true,
    ...change,
  })
  for (let i = 0; i < 4; i++) chain.balances.set(account(`enterprise ${i}`), 1_000n * fig)
  chain.balances.set(account('house'), 1_000n * fig)
  chain.balances.set(operatorAccount, 10n ** 30n)
  return chain
}

test('BIL-3: a period collects once from each payer and pays each beneficiary once, with one anchor each', async () => {
  const random = createRandom(testSeed('one period'))
  const chain = richChain(random)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  const charges = Array.from({ length: 400 }, () => newCharge(random))
  await book.append(charges)
  const { plan, totalMs, collectMs, payMs } = await settlement.settle('2026-11-21')
  expect(totalMs).toBeGreaterThan(collectMs + payMs - 1)
  expect(plan).toMatchObject({ first: 1, last: 400 })
  const parties = sums(charges, payIns).size + sums(charges, payouts).size
  expect(plan.lines).toHaveLength(parties)
  expect(chain.done()).toHaveLength(parties - plan.lines.filter((line) => line.isCarriedOver).length)
  checkBooks(chain, settlement, charges)
  for (const line of plan.lines) {
    const [parts, side] = line.direction === 'in' ? [payIns, 'in'] : [payouts, 'out']
    expect([side, line.total]).toEqual([side, sums(charges, parts).get(line.account)])
  }
})

test('BIL-3: what is below the least payout is carried over, and paid with the anchor it had', async () => {
  const random = createRandom(testSeed('carried'))
  const chain = richChain(random)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  const small = account('small')
  const charges = [newCharge(random, { contributor: small, price: 2_500_000n, rate: 10n ** 12n })]
  await book.append(charges)
  const first = await settlement.settle('2026-11-21')
  const carriedLine = first.plan.lines.find((line) => line.account === small && line.direction === 'out')!
  expect(carriedLine.isCarriedOver).toBe(true)
  checkBooks(chain, settlement, charges)
  const empty = await settlement.settle('2026-11-22')
  expect(empty.plan.lines).toEqual([])
  charges.push(newCharge(random, { contributor: small, price: 2_500_000n, rate: 10n ** 12n }))
  await book.append(charges)
  const third = await settlement.settle('2026-11-23')
  const line = third.plan.lines.find((each) => each.account === small)!
  expect(line).toMatchObject({ count: 1, carried: amountOf(carriedLine), carriedAnchor: carriedLine.anchor })
  expect(chain.balances.get(small)).toBe(amountOf(line))
  checkBooks(chain, settlement, charges)
})

test('BIL-6: who holds too little is topped up, again if the money moved on, and then collected from', async () => {
  const random = createRandom(testSeed('top-up'))
  const poor = account('poor')
  const chain = richChain(random)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  const charges = [newCharge(random, { enterprise: poor, price: 9_000_000n, subsidy: 0n })]
  await book.append(charges)
  await settlement.settle('2026-11-21')
  expect(chain.bought()).toBe(sums(charges, payIns).get(poor))
  expect(chain.balances.get(poor)).toBe(0n)
  expect(settlement.state().flagged.size).toBe(0)
  checkBooks(chain, settlement, charges)
})

test.each([
  ['whose card is refused', { limitOf: () => 0n }],
  ['who gave no consent', { consents: () => false }],
])('BIL-4: for a customer %s the operator pays in, and the account is flagged', async (_, change) => {
  const random = createRandom(testSeed('flagged'))
  const poor = account('poor')
  const chain = richChain(random, change)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  const charges = [newCharge(random, { enterprise: poor, price: 9_000_000n, subsidy: 0n })]
  await book.append(charges)
  await settlement.settle('2026-11-21')
  expect([...settlement.state().flagged]).toEqual([[poor, '2026-11-21']])
  expect(chain.bought()).toBe(0n)
  checkBooks(chain, settlement, charges)
})

test('BIL-4: without money of the operator a period stops, and goes on when there is some', async () => {
  const random = createRandom(testSeed('stuck'))
  const chain = richChain(random, { limitOf: () => 0n })
  chain.balances.set(operatorAccount, 0n)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  const charges = [newCharge(random, { enterprise: account('poor'), price: 9_000_000n })]
  await book.append(charges)
  await expect(settlement.settle('2026-11-21')).rejects.toThrow('waits for')
  expect(chain.done().filter(({ way }) => way === 'pay')).toEqual([])
  await expect(settlement.settle('2026-11-22')).rejects.toThrow('2026-11-21 is not finished')
  chain.balances.set(operatorAccount, 10n ** 30n)
  await settlement.settle('2026-11-21')
  checkBooks(chain, settlement, charges)
})

test('BIL-4: a payout account that was used for something else is noticed', async () => {
  const random = createRandom(testSeed('stolen'))
  const chain = richChain(random)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  await book.append([
    newCharge(random, { contributor: account('small'), price: 2_500_000n, rate: 10n ** 12n }),
  ])
  await settlement.settle('2026-11-21')
  chain.balances.set(payoutAccount, chain.balances.get(payoutAccount)! - 1n)
  await expect(settlement.settle('2026-11-22')).rejects.toThrow('payout account holds')
  chain.balances.set(payoutAccount, chain.balances.get(payoutAccount)! + 8n)
  await settlement.settle('2026-11-22')
  await expect(settlement.settle('2026-11-22')).rejects.toThrow('was settled before')
  await expect(settlement.settle('tomorrow')).rejects.toThrow('does not begin with a day')
})

/** Settles until it is done, over lost answers; `false` if the machine died. */
async function persist(machine: SimulatedDisk, chain: FakeChain, periods: readonly (readonly Charge[])[]) {
  try {
    const { book, settlement } = await open(machine, chain)
    for (const [i, charges] of periods.entries()) {
      const period = `2026-11-${21 + i}`
      if (settlement.state().plan !== undefined && settlement.state().plan!.period > period) continue
      const isPlanned = settlement.state().plan?.period === period
      if (isPlanned && !settlement.state().isOpen) continue
      if (!isPlanned) await book.append(charges)
      await settleOver(settlement, period)
    }
    return settlement
  } catch (error) {
    if (error instanceof TypeError || !(error instanceof Error)) throw error
    return undefined
  }
}

async function settleOver(settlement: Settlement, period: string): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      await settlement.settle(period)
      return
    } catch (error) {
      if (!(error instanceof AnswerLost) || i > 500) throw error
    }
  }
}

async function crashRun(random: Random, points: number): Promise<number> {
  let operations = 0
  const limit = random.bigint(30n * fig)
  const chain = richChain(random, {
    faults: 12,
    limitOf: () => limit,
    consents: (who) => who !== account('enterprise 3'),
  })
  for (let i = 0; i < 4; i++) chain.balances.set(account(`enterprise ${i}`), random.bigint(20n * fig))
  const machine = createSimulatedDisk(() => operations++)
  const periods = Array.from({ length: 2 }, () => Array.from({ length: 12 }, () => newCharge(random)))
  for (let i = 0; i < points; i++) {
    machine.crashAt(1 + random.below(60))
    await persist(machine, chain, periods)
    machine.powerLoss(randomOutcome(random.u32()))
  }
  const settlement = await persist(machine, chain, periods)
  checkBooks(chain, settlement!, periods.flat())
  return operations
}

test('BIL-4, QLT-5: over crashes at any write and lost answers of everybody, nothing is billed or paid twice, to the last unit', async () => {
  const seed = testSeed('settlement crashes')
  const random = createRandom(seed)
  for (let i = 0; i < tierCount({ push: 20, full: 3_000, fuzz: 300 }); i++) {
    expect(await crashRun(random, 1 + random.below(12))).toBeGreaterThan(0)
  }
})

test('BIL-4: settlement stops at each of its steps in turn and goes on from there', async () => {
  const random = createRandom(testSeed('every step'))
  const charges = Array.from({ length: 6 }, () => newCharge(random))
  let steps = Number.POSITIVE_INFINITY
  for (let point = 1; point <= steps; point++) {
    let operations = 0
    const chain = richChain(createRandom(point))
    const machine = createSimulatedDisk(() => operations++)
    machine.crashAt(point)
    await persist(machine, chain, [charges])
    machine.powerLoss(randomOutcome(point))
    const settlement = await persist(machine, chain, [charges])
    if (point === 1) steps = operations
    checkBooks(chain, settlement!, charges)
  }
  expect(steps).toBeGreaterThan(20)
})

test('BIL-4: events are read back as they were recorded', async () => {
  const random = createRandom(testSeed('events'))
  const chain = richChain(random)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  await book.append(Array.from({ length: 9 }, () => newCharge(random)))
  await settlement.settle('2026-11-21')
  const events = await collect(book)
  for (const event of events) expect(decodeEvent(encodeEvent(event))).toEqual(event)
  expect(events[0]).toMatchObject({ type: 'planned' })
  expect(events.at(-1)).toEqual({ type: 'closed', period: '2026-11-21', surplus: 0n })
})

test('BIL-4: an event that does not follow from what was recorded stops settlement', async () => {
  const random = createRandom(testSeed('strange events'))
  const chain = richChain(random)
  const { book, settlement } = await open(createSimulatedDisk(), chain)
  await book.append([newCharge(random, { subsidy: 0n })])
  await settlement.settle('2026-11-21')
  const events = await collect(book)
  const until = (type: BillingEvent['type']) =>
    events.slice(0, events.findIndex((event) => event.type === type) + 1)
  const stops = (some: readonly BillingEvent[], last: BillingEvent) => () => {
    const rollUp = createRollUp(1)
    for (const event of some) applyEvent(rollUp, event)
    applyEvent(rollUp, last)
  }
  const signed = until('signed')
  const { way, account: who } = signed.at(-1) as Extract<BillingEvent, { type: 'signed' }>
  expect(stops(signed, { type: 'settled', way, account: who, id: '0xff', height: 1 })).toThrow('was signed')
  expect(stops(signed, signed.at(-1)!)).toThrow('nothing is signed twice')
  expect(stops(signed, events[0]!)).toThrow('one period')
  expect(stops(signed, { type: 'reserved', way: 'advance', account: who })).toThrow('has its line')
})

async function collect(book: ChargeBook): Promise<BillingEvent[]> {
  const events: BillingEvent[] = []
  for await (const event of book.events()) events.push(event)
  return events
}
