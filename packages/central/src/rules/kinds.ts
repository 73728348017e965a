import type { AccountKind, Scope } from '@banyan/central-link'

/** What credentials of each kind of account may be good for. */
export const scopesOf: Readonly<Record<AccountKind, readonly Scope[]>> = {
  region: ['link', 'operate'],
  miner: ['join'],
  enterprise: ['work', 'track', 'children'],
  child: ['track'],
  developer: ['develop'],
  admin: ['accounts', 'registry', 'audit', 'replica'],
}

/** Bounds of what central keeps. */
export const limits = {
  accounts: 1_000_000,
  keysOfAccount: 64,
  tokens: 100_000,
  dservices: 10_000,
  versions: 500,
  earlierVersions: 20,
  regions: 2_000,
} as const
