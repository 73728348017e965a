import type { Cost, Entry } from './entry.js'

/** How much of each account's FIG the waiting transactions may take, in pip. */
export class Reservations {
  readonly #amounts = new Map<string, bigint>()

  add({ costs }: Entry): void {
    for (const { account, amount } of costs) {
      if (amount > 0n) this.#amounts.set(account, (this.#amounts.get(account) ?? 0n) + amount)
    }
  }

  remove({ costs }: Entry): void {
    for (const { account, amount } of costs) {
      const left = (this.#amounts.get(account) ?? 0n) - amount
      if (left > 0n) this.#amounts.set(account, left)
      else this.#amounts.delete(account)
    }
  }

  /** What would be reserved of the accounts of `entry` if it came in and `replaced` left. */
  totalsWith({ costs }: Entry, replaced: Entry | undefined): readonly Cost[] {
    const totals = new Map<string, bigint>()
    for (const { account, amount } of costs) {
      const before = totals.get(account) ?? this.#amounts.get(account) ?? 0n
      totals.set(account, before + amount)
    }
    for (const { account, amount } of replaced?.costs ?? []) {
      const total = totals.get(account)
      if (total !== undefined) totals.set(account, total - amount)
    }
    return [...totals].map(([account, amount]) => ({ account, amount }))
  }
}
