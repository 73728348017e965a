/** Bounds and periods of a broker. Times in milliseconds. */
export type BrokerLimits = {
  readonly region: string
  /** Requests that wait, in each tier. */
  readonly maxQueue: number
  /** Requests that wait longer than `dangerMs` beyond this depth mean overload. */
  readonly dangerDepth: number
  readonly dangerMs: number
  /** Requests of one account that wait or run. */
  readonly maxPerAccount: number
  /** A miner acknowledges within this, or within four round trips where those are longer. */
  readonly ackMs: number
  /** Miners that fail one request before it is given up. */
  readonly maxAttempts: number
  /** What a start of a service that does not run yet is expected to cost. */
  readonly coldMs: number
  /** No copies for a race beyond this share of busy places. */
  readonly raceLoad: number
  /** Failures in a row that set a miner aside. */
  readonly quarantineAfter: number
  readonly quarantineMs: number
  readonly maxQuarantineMs: number
  /** How long a service without miners is still expected to come back. */
  readonly graceMs: number
  readonly affinityMs: number
  readonly maxAffinities: number
  /** Regions that a request may visit. */
  readonly maxHops: number
}

export const defaultLimits: Omit<BrokerLimits, 'region'> = {
  maxQueue: 20_000,
  dangerDepth: 2_000,
  dangerMs: 5_000,
  maxPerAccount: 20_000,
  ackMs: 250,
  maxAttempts: 16,
  coldMs: 400,
  raceLoad: 0.5,
  quarantineAfter: 3,
  quarantineMs: 1_000,
  maxQuarantineMs: 60_000,
  graceMs: 30_000,
  affinityMs: 600_000,
  maxAffinities: 100_000,
  maxHops: 3,
}
