import type { DServiceTerms, Scope } from '@banyan/central-link'
import type {
  Account,
  AccountState,
  ApiKey,
  DServiceVersion,
  OnceToken,
  Region,
  VersionState,
} from './records.js'

/** What may change in an account besides its state. */
export type AccountChanges = Partial<
  Pick<Account, 'name' | 'tier' | 'identified' | 'tiers' | 'wallet' | 'deal' | 'developerKey' | 'terms'> & {
    readonly scopes: readonly Scope[]
  }
>

/** One fact of the journal. Nothing else changes what central knows. */
export type CentralEvent =
  | { readonly type: 'accountCreated'; readonly account: Account }
  | { readonly type: 'accountChanged'; readonly id: string; readonly changes: AccountChanges }
  | {
      readonly type: 'accountStateSet'
      readonly id: string
      readonly state: AccountState
      readonly reason: string
    }
  | { readonly type: 'passwordSet'; readonly id: string; readonly hash: string }
  | { readonly type: 'sessionsEnded'; readonly id: string }
  | { readonly type: 'keyCreated'; readonly key: ApiKey }
  | { readonly type: 'keyExpirySet'; readonly id: string; readonly expires: number }
  | { readonly type: 'keyRevoked'; readonly id: string }
  | { readonly type: 'tokenCreated'; readonly token: OnceToken }
  | { readonly type: 'tokenUsed'; readonly id: string }
  | {
      readonly type: 'versionSubmitted'
      readonly name: string
      readonly developer: string
      readonly version: DServiceVersion
    }
  | {
      readonly type: 'versionStateSet'
      readonly name: string
      readonly version: string
      readonly state: VersionState
      readonly authority?: { readonly publicKey: string; readonly signature: string }
    }
  | { readonly type: 'termsSet'; readonly name: string; readonly terms: DServiceTerms }
  | {
      readonly type: 'rolloutSet'
      readonly name: string
      readonly stable: string | undefined
      readonly earlier: readonly string[]
      readonly canary: { readonly version: string; readonly share: number } | undefined
    }
  | { readonly type: 'regionSet'; readonly region: Region }
  | { readonly type: 'promoted'; readonly term: number }

/** One record of the journal: what one command did, all of it or nothing. */
export type JournalRecord = {
  readonly format: 1
  /** Counts the writers there have been. */
  readonly term: number
  readonly at: number
  /** Account that did it, or `system`. */
  readonly by: string
  readonly events: readonly CentralEvent[]
}
