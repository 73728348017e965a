import type { AccountKind, DealTerms, DServiceTerms, Scope, TrustTier } from '@banyan/central-link'
import type { Release } from '@banyan/dservice'

/** What central keeps. Amounts are decimal text, bytes hexadecimal text, times ms since the Unix epoch. */

export type AccountState = 'active' | 'suspended' | 'banned'

export type Account = {
  readonly id: string
  readonly kind: AccountKind
  readonly name: string
  /** Address for mail, in small letters; an account signs in by it. */
  readonly contact: string | undefined
  /** Enterprise of an end user. */
  readonly parent: string | undefined
  /** What its credentials may at most be good for. */
  readonly scopes: readonly Scope[]
  /** Trust tier of a miner. */
  readonly tier: TrustTier | undefined
  /** Whether its operator is known by name. */
  readonly identified: boolean
  /** Trust tiers that an enterprise lets do its work. */
  readonly tiers: readonly TrustTier[]
  readonly wallet: string | undefined
  /** How an enterprise pays for its work; `undefined`: for what it uses, without a cap. */
  readonly deal: DealTerms | undefined
  /** Key that a developer signs releases with. */
  readonly developerKey: string | undefined
  /** Version of the terms that were accepted, and when. */
  readonly terms: { readonly version: string; readonly at: number } | undefined
  readonly state: AccountState
  readonly reason: string
  readonly created: number
}

export type ApiKey = {
  readonly id: string
  readonly account: string
  readonly scopes: readonly Scope[]
  /** Keyed hash of the key; the key itself is nowhere. */
  readonly mac: string
  readonly created: number
  readonly expires: number | undefined
}

/** A token that works once. */
export type OnceToken = {
  readonly id: string
  readonly purpose: 'join' | 'reset'
  readonly account: string
  readonly mac: string
  readonly expires: number
}

export type VersionState = 'submitted' | 'certified' | 'published' | 'withdrawn'

export type Signature = NonNullable<Release['developer']>

export type Comparator = 'bytes' | 'json' | 'verifier' | 'none'

export type DServiceVersion = {
  /** With the signature of its developer, and of an authority once it is certified. */
  readonly release: Release
  readonly comparator: Comparator
  readonly estimator: boolean
  readonly verifier: boolean
  readonly state: VersionState
  readonly submitted: number
}

export type DService = {
  readonly name: string
  /** Account of the developer, who alone may submit versions. */
  readonly developer: string
  readonly terms: DServiceTerms | undefined
  readonly versions: ReadonlyMap<string, DServiceVersion>
  readonly stable: string | undefined
  /** Earlier stable versions, the newest last. */
  readonly earlier: readonly string[]
  /** A version that gets a share of the requests, in ten-thousandths. */
  readonly canary: { readonly version: string; readonly share: number } | undefined
}

export type Region = {
  /** Account of the operator. */
  readonly account: string
  /** Millionths of a degree. */
  readonly latitude: number
  readonly longitude: number
  /** ISO 3166-1, two letters. */
  readonly country: string
  /** Names of areas of law that it lies in, such as EU. */
  readonly zones: readonly string[]
  /** Countries whose clients it may serve; empty: all. */
  readonly serves: readonly string[]
  readonly web: string
  /** Where central dials it. */
  readonly link: string
  /** SHA-256 of its certificate. */
  readonly fingerprint: string | undefined
  readonly priceList: string
}
