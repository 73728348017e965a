import type { Tier } from '../core/index.js'

/** Who may use a region. Behind this port is a file, or the central service. */
export type Accounts = {
  /** The client that a key belongs to. */
  readonly client: (key: string) => Promise<ClientAccount | undefined>
  /** The miner that an id and a key belong to together. */
  readonly miner: (id: string, key: string) => Promise<MinerAccount | undefined>
  /**
   * Calls the listener with accounts and miners whose verdicts are void from now on, and with nothing if all are. Missing where verdicts
   * never change.
   */
  readonly onRevoked?: (listener: (ids: ReadonlySet<string> | undefined) => void) => void
}

export type ClientAccount = {
  readonly account: string
  /** Tiers that its work may run on. */
  readonly tiers: readonly Tier[]
}

export type MinerAccount = { readonly miner: string; readonly tier: Tier }
