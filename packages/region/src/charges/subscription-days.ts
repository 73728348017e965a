import { randomBytes } from 'node:crypto'
import {
  type Charge,
  type ChargeBook,
  dayOf,
  decodePublic,
  makeDifference,
  perDayOf,
  type Subscriptions,
  subscriptionName,
} from '@banyan/billing'
import type { Subscriber } from '../accounts/port.js'
import type { Journal } from '../journal.js'
import type { WriteBehind } from '../write-behind.js'
import type { House } from './charging.js'
import { rowsSince } from './month-rows.js'
import { packCharge } from './packed.js'

export type DayClosing = {
  /** Charges what subscribers did not use of the days that are over. A failure is told, and tried again by the next call. */
  readonly close: () => Promise<void>
  /** Resolves when no call is under way. */
  readonly idle: () => Promise<void>
}

export type DayClosingParts = {
  readonly subscribers: () => Promise<readonly Subscriber[]>
  readonly journal: Pick<Journal, 'add' | 'settled'>
  readonly book: Pick<ChargeBook, 'last' | 'rows'>
  /** What is on its way from the journal into the book. */
  readonly books: Pick<WriteBehind<Charge>, 'settled'>
  readonly subscriptions: Pick<Subscriptions, 'begin'>
  readonly house: House
  readonly currency: string
  /** 32 random bytes as hexadecimal text. */
  readonly salt: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A difference is in the journal. */
  readonly charged: (charge: Charge) => void
  readonly failed: (error: unknown) => void
}

export function createDayClosing(parts: DayClosingParts): DayClosing {
  const { journal, book, books, subscriptions, now } = parts
  /** All days before this one are closed. */
  let closed = ''
  let running: Promise<void> | undefined

  const flush = async (): Promise<void> => {
    await journal.settled()
    await books.settled()
  }
  const closeDue = async (): Promise<void> => {
    const today = dayOf(now())
    if (today === closed) return
    const subscribers = await parts.subscribers()
    // What ends from here on uses nothing of these days; what ended before is in the book after this.
    subscriptions.begin(now())
    await flush()
    for (const due of await dueDays(book, subscribers, now())) {
      const differences = await differencesOf(due, parts)
      journal.add({ day: due.day, differences: differences.map(packCharge) }, () => {
        for (const charge of differences) parts.charged(charge)
      })
    }
    await flush()
    closed = today
  }
  return {
    close: () => {
      running ??= closeDue()
        .catch(parts.failed)
        .finally(() => {
          running = undefined
        })
      return running
    },
    idle: async () => running,
  }
}

const dayMs = 86_400_000
/** Days that are made up for, where a region stood still: older ones cost nothing. */
const maxDays = 31
const groupRows = 10_000

/** Midnight (UTC) with which a day begins, ms. */
function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

type DueDay = { readonly day: string; readonly subscribers: readonly Subscriber[] }

/** Days that are over and not closed, oldest first, with those who had a subscription on them. */
async function dueDays(
  book: Pick<ChargeBook, 'last' | 'rows'>,
  subscribers: readonly Subscriber[],
  now: number,
): Promise<readonly DueDay[]> {
  const today = startOf(dayOf(now))
  const begun = subscribers.map(({ since }) => startOf(since)).filter((since) => since < today)
  if (begun.length === 0) return []
  const earliest = Math.max(Math.min(...begun), today - maxDays * dayMs)
  const closed = await lastClosed(book, earliest)
  const due: DueDay[] = []
  for (let start = Math.max(earliest, closed + dayMs); start < today; start += dayMs) {
    const day = dayOf(start)
    due.push({ day, subscribers: subscribers.filter(({ since }) => since <= day) })
  }
  return due
}

/** The newest day whose differences are in the books, or 0; rows before a time are not looked at. */
async function lastClosed(book: Pick<ChargeBook, 'last' | 'rows'>, earliest: number): Promise<number> {
  for (let to = await book.last(); to > 0; to -= groupRows) {
    let closed = 0
    let isPast = false
    for await (const group of book.rows(Math.max(1, to - groupRows + 1), to)) {
      for (const row of group) {
        const { at, deal, dservice } = decodePublic(row.public)
        if (deal === 'difference') closed = startOf(dservice.slice(subscriptionName.length + 1))
        isPast ||= Number(at) < earliest
      }
    }
    if (closed > 0 || isPast) return closed
  }
  return 0
}

/** What subscribers did not use of a day, one charge for each, even if it is nothing: that the day is closed is read from them. */
async function differencesOf(
  { day, subscribers }: DueDay,
  { book, house, currency, now, salt }: DayClosingParts,
): Promise<readonly Charge[]> {
  const used = await usedOn(book, day)
  return subscribers.map(({ wallet, perMonth }) => {
    const left = perDayOf(perMonth, day) - (used.get(wallet) ?? 0n)
    const at = Math.floor(now())
    const id = `0x${at.toString(16).padStart(12, '0')}${randomBytes(10).toString('hex')}`
    const request = { id, at, region: house.region, currency, rate: house.rate, salt: salt() }
    return makeDifference(request, day, left > 0n ? left : 0n, { enterprise: wallet, house: house.house })
  })
}

/** What wallets have paid of a day under subscriptions, in micro-units. */
async function usedOn(
  book: Pick<ChargeBook, 'last' | 'rows'>,
  day: string,
): Promise<ReadonlyMap<string, bigint>> {
  const used = new Map<string, bigint>()
  for await (const { at, deal, enterprise, enterpriseAmount } of rowsSince(book, startOf(day))) {
    if (deal === 'subscription' && dayOf(Number(at)) === day)
      used.set(enterprise, (used.get(enterprise) ?? 0n) + enterpriseAmount)
  }
  return used
}
