import { z } from 'zod'

/** Kinds of accounts, by the three letters that their ids begin with. */
export const accountKinds = {
  region: 'reg',
  miner: 'min',
  enterprise: 'ent',
  child: 'chd',
  developer: 'dev',
  admin: 'adm',
} as const

export type AccountKind = keyof typeof accountKinds

/**
 * What a credential is good for. `link`: a region talks with central; `join`: a miner joins regions; `work`: requests are sent and billed;
 * `track`: usage is counted for an end user; `children`: an enterprise makes accounts of its end users; `develop`: DServices are submitted;
 * `operate`: all work and all charges of one's own region are read and settled; `accounts`, `registry`, `audit`, `replica`: what those who run
 * central do.
 */
export const scopes = [
  'link',
  'join',
  'work',
  'track',
  'children',
  'develop',
  'accounts',
  'registry',
  'audit',
  'replica',
  'operate',
] as const

export type Scope = (typeof scopes)[number]

/** 1: owned by the enterprise; 2: data centre; 3: consumer with a trusted environment; 4: consumer without. */
export const tiers = [1, 2, 3, 4] as const
export type TrustTier = (typeof tiers)[number]

export const accountIdForm = z.string().regex(/^(reg|min|ent|chd|dev|adm)_[0-9a-f]{24}$/)
export const keyIdForm = z.string().regex(/^[0-9a-f]{24}$/)
/** An API key: `bnk_`, its id, and 32 random bytes. */
export const keyForm = z.string().regex(/^bnk_[0-9a-f]{24}_[0-9a-f]{64}$/)
/** A token that works once: `bnj_` joins a miner, `bnr_` sets a password. */
export const onceForm = z.string().regex(/^bn[jr]_[0-9a-f]{24}_[0-9a-f]{64}$/)
export const scopeForm = z.enum(scopes)
export const tierForm = z.literal(tiers)
/** Address of a wallet, 20 bytes. */
export const walletForm = z.string().regex(/^0x[0-9a-f]{40}$/)
/** Name of a DService, as its manifest has it. */
export const dserviceNameForm = z.string().regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/)
export const dserviceVersionForm = z
  .string()
  .max(40)
  .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}(-[a-z0-9.]{1,20})?$/)
