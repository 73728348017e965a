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

  /** What would be reserved of an account if `entry` came in and `replaced` left. */
  totalWith(account: string, { costs }: Entry, replaced: Entry | undefined): bigint {
    return (this.#amounts.get(account) ?? 0n) + sumOf(costs, account) - sumOf(replaced?.costs ?? [], account)
  }
}

function sumOf(costs: readonly Cost[], account: string): bigint {
  let sum = 0n
  for (const cost of costs) if (cost.account === account) sum += cost.amount
  return sum
}
