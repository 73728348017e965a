import type { Address, Hash } from '@banyan/sdk'
import type { Entry, Granted } from './book.js'
import { refused, type SponsorPolicy } from './policy.js'

/** What is spent and promised, as the book says: small enough to decide by at once. */
export type Accounts = {
  /** Takes an entry of the book in. */
  readonly apply: (entry: Entry) => void
  /** Undoes a grant that did not become durable. */
  readonly revoke: (granted: Granted) => void
  readonly open: () => readonly Granted[]
  readonly granted: (id: Hash) => Granted | undefined
  /** Error: SponsorshipRefused if budget, rate or the number of open grants is used up. */
  readonly require: (granted: Granted, policy: SponsorPolicy) => void
}

/** Grants whose outcome is not known yet. */
const maxOpen = 10_000
/** Users whose times are remembered. */
const maxUsers = 100_000

/** Calendar month of a time, UTC, such as `2026-11`. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

export function createAccounts(): Accounts {
  const spent = new Map<string, bigint>()
  const open = new Map<Hash, Granted>()
  const times = new Map<Address, number[]>()

  const book = (granted: Granted, change: bigint): void => {
    const month = monthOf(granted.at)
    spent.set(month, (spent.get(month) ?? 0n) + change)
  }
  const note = ({ user, at }: Granted): void => {
    const before = times.get(user) ?? []
    times.delete(user)
    times.set(user, [...before, at])
    if (times.size > maxUsers) times.delete(times.keys().next().value!)
  }

  return {
    apply: (entry) => {
      if (entry.type === 'granted') {
        open.set(entry.id, entry)
        book(entry, entry.maxFee)
        note(entry)
        return
      }
      const granted = open.get(entry.id)
      if (granted === undefined) return
      open.delete(entry.id)
      book(granted, entry.fee - granted.maxFee)
    },
    revoke: (granted) => {
      if (open.delete(granted.id)) book(granted, -granted.maxFee)
    },
    open: () => [...open.values()],
    granted: (id) => open.get(id),
    require: ({ user, at, maxFee }, { budgetPerMonth, rate }) => {
      if (open.size >= maxOpen) throw refused('too many transactions are under way')
      if ((spent.get(monthOf(at)) ?? 0n) + maxFee > budgetPerMonth) {
        throw refused(`the budget of ${monthOf(at)} is used up`)
      }
      const recent = (times.get(user) ?? []).filter((time) => time > at - rate.windowMs)
      times.set(user, recent.slice(-rate.count))
      if (recent.length >= rate.count) {
        const until = new Date(recent.at(-rate.count)! + rate.windowMs).toISOString()
        throw refused(`this account may send again at ${until}`)
      }
    },
  }
}
