import type { Hex } from '@banyan/base'
import type { BillingEvent, PlanLine } from '@banyan/billing'
import { openPeriods } from '@banyan/region/charging'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** Periods of settlement follow from the events of a book, however many lines are kept in memory. */

const wallets = Array.from({ length: 6 }, (_, i) => `0x${String(i).repeat(40)}` as Hex)
const hash: Hex = `0x${'ab'.repeat(32)}`

type Drawn = { readonly payers: readonly number[]; readonly earners: readonly number[]; readonly met: number }

const drawn = fc.record({
  payers: fc.uniqueArray(fc.nat(wallets.length - 1)),
  earners: fc.uniqueArray(fc.nat(wallets.length - 1)),
  /** Lines that are settled. */
  met: fc.nat(12),
})

function lineOf(direction: PlanLine['direction'], wallet: number): PlanLine {
  const amounts = { count: wallet + 1, total: BigInt(wallet + 5), carried: 0n }
  const hashes = { root: hash, carriedAnchor: hash, anchor: hash, xor: hash }
  const isCarriedOver = direction === 'out' && wallet === 0
  return { direction, account: wallets[wallet]!, ...amounts, ...hashes, isCarriedOver }
}

/** Events of one period: its plan, transfers for some of its lines, and its end unless it is the last. */
function eventsOf({ payers, earners, met }: Drawn, i: number, isLast: boolean): readonly BillingEvent[] {
  const lines = [
    ...payers.map((wallet) => lineOf('in', wallet)),
    ...earners.map((wallet) => lineOf('out', wallet)),
  ]
  const period = `2026-11-${String(i + 1).padStart(2, '0')}`
  const settled = lines
    .filter(({ isCarriedOver }) => !isCarriedOver)
    .slice(0, met)
    .map(({ direction, account }): BillingEvent => {
      const way = direction === 'out' ? 'pay' : account === wallets[1] ? 'advance' : 'collect'
      return { type: 'settled', way, account, id: hash, height: i }
    })
  const plan = { period, first: 10 * i + 1, last: 10 * i + 10, lines }
  return [
    { type: 'planned', plan },
    ...settled,
    ...(isLast ? [] : [{ type: 'closed', period, surplus: 0n } as const]),
  ]
}

function bookOf(events: BillingEvent[]) {
  return {
    record: async (event: BillingEvent) => void events.push(event),
    events: async function* () {
      yield* [...events]
    },
  }
}

test('BIL-3: periods are told alike after every event, from memory and from the book', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(drawn, { maxLength: 8 }), fc.nat(20), async (days, most) => {
      const book = bookOf([])
      const few = await openPeriods(book, most)
      const all = await openPeriods(bookOf([]))
      for (const [i, day] of days.entries()) {
        for (const event of eventsOf(day, i, i === days.length - 1)) {
          await few.record(event)
          await all.record(event)
        }
      }
      for (const account of [undefined, ...wallets]) {
        const told = await few.list(account)
        expect(told).toEqual(await all.list(account))
        expect(told).toEqual(await (await openPeriods(book, most)).list(account))
      }
      const whole = await few.list(undefined)
      expect(whole.map(({ lines }) => lines.length)).toEqual(
        days.map(({ payers, earners }) => payers.length + earners.length).reverse(),
      )
      for (const { period, first, last } of whole) {
        expect([few.holding(first), few.holding(last)]).toEqual([period, period])
      }
      expect(few.holding(10 * days.length + 1)).toBeUndefined()
    }),
  )
})

test('BIL-3: a line tells how it was met', async () => {
  const day = { payers: [1, 2], earners: [0, 3], met: 2 }
  const events = [...eventsOf(day, 0, false), ...eventsOf({ ...day, met: 0 }, 1, true)]
  const [open, settled] = await (await openPeriods(bookOf(events), 1)).list(undefined)
  expect([open!.state, settled!.state]).toEqual(['open', 'settled'])
  expect(open!.lines.map(({ way }) => way)).toEqual(['collect', 'collect', 'carried', 'pay'])
  expect(settled!.lines.map(({ way, transfer }) => [way, transfer?.height])).toEqual([
    ['advance', 0],
    ['collect', 0],
    ['carried', undefined],
    ['pay', undefined],
  ])
})
