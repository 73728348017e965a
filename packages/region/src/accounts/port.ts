import type { Scope } from '@banyan/central-link'
import type { AccountDeal, ServiceTerms } from '../charges/terms.js'
import type { Tier } from '../core/index.js'

/** Who may use a region, and for what price. Behind this port is a file, or the central service. */
export type Accounts = {
  /** The client that a key belongs to. */
  readonly client: (key: string) => Promise<ClientAccount | undefined>
  /** The miner that an id and a key belong to together. */
  readonly miner: (id: string, key: string) => Promise<MinerAccount | undefined>
  /** Exchanges a token that works once for a miner's key. Missing where miners are given their keys. */
  readonly redeem?: (token: string) => Promise<{ readonly miner: string; readonly key: string } | undefined>
  /** Prices and versions of a service. */
  readonly service: (name: string) => Promise<ServiceTerms | undefined>
  /** All who pay this region the same each day, whether they send work or not. */
  readonly subscribers: () => Promise<readonly Subscriber[]>
  /**
   * Calls the listener with accounts and miners whose verdicts are void from now on, and with nothing if all are. Missing where verdicts
   * never change.
   */
  readonly onRevoked?: (listener: (ids: ReadonlySet<string> | undefined) => void) => void
}

export type ClientAccount = {
  readonly account: string
  /** What the key is good for; work needs `work`. */
  readonly scopes: readonly Scope[]
  /** Tiers that its work may run on. */
  readonly tiers: readonly Tier[]
  /** Of whoever pays for its work, or gets what it earns. */
  readonly wallet?: string | undefined
  readonly deal: AccountDeal
}

export type Subscriber = {
  readonly wallet: string
  /** Micro-units. */
  readonly perMonth: bigint
  /** Its first day, `YYYY-MM-DD` (UTC). */
  readonly since: string
}

export type MinerAccount = {
  readonly miner: string
  readonly tier: Tier
  readonly wallet?: string | undefined
}
