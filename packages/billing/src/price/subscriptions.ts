/** What subscriptions have left for a day (UTC), from the rows of that day. */
export type Subscriptions = {
  readonly left: (enterprise: string, perDay: bigint, at: number) => bigint
  /** Counts what the enterprise's share of a row used up. */
  readonly use: (enterprise: string, amount: bigint, at: number) => void
}

export function createSubscriptions(): Subscriptions {
  const used = new Map<string, bigint>()
  let today = ''
  const keyOf = (enterprise: string, at: number): string => {
    const day = dayOf(at)
    if (day > today) {
      used.clear()
      today = day
    }
    return `${day} ${enterprise}`
  }
  return {
    left: (enterprise, perDay, at) => {
      const spent = used.get(keyOf(enterprise, at)) ?? 0n
      return spent < perDay ? perDay - spent : 0n
    },
    use: (enterprise, amount, at) => {
      const key = keyOf(enterprise, at)
      used.set(key, (used.get(key) ?? 0n) + amount)
    },
  }
}

/** `YYYY-MM-DD` of a time in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
