import { fail } from '@banyan/base'

/** Wrong credentials that are let through within the window, from one address and for one account. */
export type AttemptLimits = {
  readonly perAddress: number
  readonly perAccount: number
  readonly windowMs: number
  /** Most addresses, and most accounts, that are remembered. */
  readonly entries: number
}

export type Attempts = {
  /**
   * Counts an attempt, as wrong until it is known to be right: many at once gain nothing. Error: AttemptsExhausted if too much went wrong
   * from the address, or for the account from elsewhere than where it last went right: so nobody can lock an account for its owner.
   */
  readonly begin: (address: string, account: string, now: number) => void
  /** The attempt was right. */
  readonly succeeded: (address: string, account: string) => void
}

type Bucket = { count: number; since: number }

const defaults: AttemptLimits = { perAddress: 20, perAccount: 50, windowMs: 60_000, entries: 100_000 }

/** Slows guessing down. Counts start anew when their window has passed. */
export function createAttempts(limits: AttemptLimits = defaults): Attempts {
  const { perAddress, perAccount, windowMs, entries } = limits
  const addresses = new Map<string, Bucket>()
  const accounts = new Map<string, Bucket>()
  /** Account by the address that it last came from. */
  const known = new Map<string, string>()

  const checkBucket = (bucket: Bucket | undefined, most: number, now: number): void => {
    if (bucket === undefined || bucket.count < most) return
    const left = bucket.since + windowMs - now
    if (left > 0) fail('AttemptsExhausted', { seconds: Math.ceil(left / 1_000) })
  }
  const count = (buckets: Map<string, Bucket>, key: string, now: number): void => {
    const bucket = buckets.get(key)
    if (bucket !== undefined && now < bucket.since + windowMs) bucket.count++
    else put(buckets, key, { count: 1, since: now })
  }
  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.delete(key)
    if (map.size >= entries) map.delete(map.keys().next().value!)
    map.set(key, value)
  }

  return {
    begin: (address, account, now) => {
      checkBucket(addresses.get(address), perAddress, now)
      if (known.get(address) !== account) checkBucket(accounts.get(account), perAccount, now)
      count(addresses, address, now)
      count(accounts, account, now)
    },
    succeeded: (address, account) => {
      for (const bucket of [addresses.get(address), accounts.get(account)])
        if (bucket !== undefined && bucket.count > 0) bucket.count--
      put(known, address, account)
    },
  }
}
