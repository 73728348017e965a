/** What subscriptions have left for the current day (UTC), from the rows of that day. */
export type Subscriptions = {
  /** Nothing of a day that is over. */
  readonly left: (enterprise: string, perDay: bigint, at: number) => bigint
  /** Counts what the enterprise's share of a row used up. */
  readonly use: (enterprise: string, amount: bigint, at: number) => void
  /** From now on nothing is left of the days before this time's. */
  readonly begin: (at: number) => void
}

export function createSubscriptions(): Subscriptions {
  const used = new Map<string, bigint>()
  let today = ''
  const begin = (day: string): void => {
    if (day <= today) return
    used.clear()
    today = day
  }
  return {
    left: (enterprise, perDay, at) => {
      const day = dayOf(at)
      begin(day)
      const spent = used.get(enterprise) ?? 0n
      return day === today && spent < perDay ? perDay - spent : 0n
    },
    use: (enterprise, amount, at) => {
      const day = dayOf(at)
      begin(day)
      if (day === today) used.set(enterprise, (used.get(enterprise) ?? 0n) + amount)
    },
    begin: (at) => begin(dayOf(at)),
  }
}

/** A day's part of a monthly price: all days of a month together are the price, to the unit. */
export function perDayOf(perMonth: bigint, day: string): bigint {
  const date = new Date(`${day}T00:00:00Z`)
  const passed = BigInt(date.getUTCDate())
  const days = BigInt(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate())
  return (perMonth * passed) / days - (perMonth * (passed - 1n)) / days
}

/** `YYYY-MM-DD` of a time in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
