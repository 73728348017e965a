import { fail } from '@banyan/base'
import type { Address, Hash } from '@banyan/sdk'
import { monthOf } from './accounts.js'
import type { Entry, Granted, Settled } from './book.js'

/** One transaction that was paid for. */
export type Item = {
  readonly id: Hash
  readonly user: Address
  readonly method: string
  /** When it was promised, ms since the Unix epoch. */
  readonly at: number
  /** `open` until its outcome is known; it then holds back the most that it can cost. */
  readonly status: Settled['status'] | 'open'
  /** pip. */
  readonly fee: bigint
}

export type Total = { readonly count: number; readonly fee: bigint }

export type Statement = {
  readonly month: string
  readonly sponsor: Address
  readonly total: Total
  /** What open promises may still cost at most. */
  readonly open: Total
  /** The most expensive first. */
  readonly methods: readonly (Total & { readonly method: string })[]
  /** The most expensive first, at most 10,000. */
  readonly users: readonly (Total & { readonly user: Address })[]
  readonly userCount: number
}

const maxUsers = 10_000

/** The transactions of a month, each when its outcome stands in the book; those that are open come last. */
export async function* itemsOf(
  month: string,
  entries: AsyncIterable<Entry>,
): AsyncGenerator<Item, void, undefined> {
  const open = new Map<Hash, Granted>()
  for await (const entry of entries) {
    if (entry.type === 'granted') {
      if (monthOf(entry.at) === month) open.set(entry.id, entry)
      continue
    }
    const granted = open.get(entry.id)
    if (granted === undefined) continue
    open.delete(entry.id)
    yield item(granted, entry.status, entry.fee)
  }
  for (const granted of open.values()) yield item(granted, 'open', granted.maxFee)
}

function item({ id, user, method, at }: Granted, status: Item['status'], fee: bigint): Item {
  return { id, user, method, at, status, fee }
}

/** Totals of a month. Error: StatementUnknown. */
export async function statementOf(
  sponsor: Address,
  month: string,
  entries: AsyncIterable<Entry>,
): Promise<Statement> {
  const methods = new Map<string, Total>()
  const users = new Map<Address, Total>()
  let total: Total = { count: 0, fee: 0n }
  let open = total
  for await (const { user, method, status, fee } of itemsOf(month, entries)) {
    if (status === 'open') open = plus(open, fee)
    else {
      total = plus(total, fee)
      methods.set(method, plus(methods.get(method), fee))
      users.set(user, plus(users.get(user), fee))
    }
  }
  if (total.count + open.count === 0) fail('StatementUnknown', { month })
  return {
    month,
    sponsor,
    total,
    open,
    methods: [...methods].map(([method, sum]) => ({ method, ...sum })).sort(byFee),
    users: [...users]
      .map(([user, sum]) => ({ user, ...sum }))
      .sort(byFee)
      .slice(0, maxUsers),
    userCount: users.size,
  }
}

function plus({ count, fee }: Total = { count: 0, fee: 0n }, more: bigint): Total {
  return { count: count + 1, fee: fee + more }
}

function byFee(a: Total, b: Total): number {
  if (a.fee === b.fee) return b.count - a.count
  return a.fee < b.fee ? 1 : -1
}
