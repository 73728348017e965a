import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fail } from '@banyan/base'
import {
  type DealTerms,
  type DServiceTerms,
  dealForm,
  dserviceTermsForm,
  type Scope,
  scopeForm,
  walletForm,
} from '@banyan/central-link'
import { dealOf, serviceTerms } from '../charges/terms.js'
import { type Tier, tiers } from '../core/index.js'
import type { Accounts, ClientAccount, MinerAccount, Subscriber } from './port.js'

/**
 * Accounts in a file, for a network on one machine. Keys are random and long, so that their SHA-256 tells nothing about
 * them; the keys themselves are kept nowhere.
 */
export type AccountsFile = {
  readonly clients: readonly {
    readonly account: string
    readonly key: string
    readonly tiers: readonly Tier[]
    /** By default `work`. */
    readonly scopes?: readonly Scope[]
    readonly wallet?: string
    readonly deal?: DealTerms
  }[]
  readonly miners: readonly {
    readonly miner: string
    readonly key: string
    readonly tier: Tier
    readonly wallet?: string
  }[]
  /** Prices; `wallet` is the developer's. */
  readonly services?: readonly {
    readonly name: string
    readonly wallet?: string
    readonly terms: DServiceTerms
  }[]
}

/** A new key, and its digest for the file. */
export function makeKey(): { readonly key: string; readonly digest: string } {
  const key = randomBytes(32).toString('base64url')
  return { key, digest: digestOf(key) }
}

export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Reads the file once, for a region of this name. Errors: FileUnreadable, FileInvalid. */
export async function openAccountsFile(path: string, region: string): Promise<Accounts> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    return fail('FileUnreadable', { path, reason: (error as Error).message }, error)
  }
  return accountsOf(check(path, text), region)
}

export function accountsOf({ clients, miners, services = [] }: AccountsFile, region: string): Accounts {
  const byKey = new Map<string, ClientAccount>(
    clients.map(({ key, scopes = ['work'], deal, ...client }) => [
      key,
      { ...client, scopes, deal: dealOf(deal, region) },
    ]),
  )
  const byMiner = new Map<string, MinerAccount>(
    miners.map(({ key, ...miner }) => [`${miner.miner} ${key}`, miner]),
  )
  /** By wallet: several keys may be of one account. */
  const subscribers = new Map<string, Subscriber>()
  for (const { wallet, deal } of byKey.values()) {
    if (wallet !== undefined && deal.kind === 'subscription')
      subscribers.set(wallet, { wallet, perMonth: deal.perMonth, since: deal.since })
  }
  const byName = new Map(services.map((service) => [service.name, serviceTerms(service)]))
  return {
    client: async (key) => byKey.get(digestOf(key)),
    miner: async (id, key) => byMiner.get(`${id} ${digestOf(key)}`),
    service: async (name) => byName.get(name),
    subscribers: async () => [...subscribers.values()],
  }
}

function check(path: string, text: string): AccountsFile {
  const bad = (reason: string): never => fail('FileInvalid', { path, reason })
  let file: AccountsFile
  try {
    file = JSON.parse(text) as AccountsFile
  } catch {
    return bad('it is not JSON')
  }
  if (!Array.isArray(file.clients) || !Array.isArray(file.miners))
    return bad('it has no lists of clients and miners')
  const isKey = (key: unknown): boolean => typeof key === 'string' && /^[0-9a-f]{64}$/.test(key)
  const isName = (name: unknown): boolean => typeof name === 'string' && /^[\w.-]{1,64}$/.test(name)
  const isTier = (tier: unknown): boolean => tiers.includes(tier as Tier)
  const isWallet = (wallet: unknown): boolean => walletForm.optional().safeParse(wallet).success
  for (const { account, key, tiers: allowed, scopes, wallet, deal } of file.clients) {
    const hasTiers = Array.isArray(allowed) && allowed.length > 0 && allowed.every(isTier)
    const mayPay = isWallet(wallet) && dealForm.optional().safeParse(deal).success
    const hasScopes = scopeForm.array().optional().safeParse(scopes).success
    if (!isName(account) || !isKey(key) || !hasTiers || !mayPay || !hasScopes)
      return bad(`the client ${String(account)} is not valid`)
  }
  for (const { miner, key, tier, wallet } of file.miners) {
    if (!isName(miner) || !isKey(key) || !isTier(tier) || !isWallet(wallet))
      return bad(`the miner ${String(miner)} is not valid`)
  }
  if (file.services !== undefined && !Array.isArray(file.services)) return bad('its services are no list')
  for (const { name, wallet, terms } of file.services ?? []) {
    if (!isName(name) || !isWallet(wallet) || !dserviceTermsForm.safeParse(terms).success)
      return bad(`the terms of ${String(name)} are not valid`)
  }
  return file
}
