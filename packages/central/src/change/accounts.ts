import { fail } from '@banyan/base'
import {
  type AccountKind,
  accountKinds,
  type DealTerms,
  type Scope,
  type TrustTier,
} from '@banyan/central-link'
import type { AccountChanges } from '../events.js'
import type { Account, AccountState } from '../records.js'
import { limits, scopesOf } from '../rules/kinds.js'
import { accountOf, type Change, type Context } from './change.js'

export type NewAccount = {
  readonly kind: AccountKind
  readonly name: string
  readonly contact?: string | undefined
  readonly parent?: string | undefined
  /** Missing: all that the kind has. */
  readonly scopes?: readonly Scope[] | undefined
  readonly tier?: TrustTier | undefined
  readonly identified?: boolean | undefined
  readonly tiers?: readonly TrustTier[] | undefined
  readonly wallet?: string | undefined
  readonly deal?: DealTerms | undefined
  readonly developerKey?: string | undefined
}

const allTiers: readonly TrustTier[] = [1, 2, 3, 4]

/** Makes an account without credentials. Errors: AccountInvalid, AccountFieldTaken, CentralAccountUnknown, CentralBusy. */
export function createAccount(context: Context, given: NewAccount): Change<Account> {
  const { state, vault, now } = context
  if (state.accounts.size >= limits.accounts) fail('CentralBusy', { what: 'accounts' })
  const { kind } = given
  const account: Account = {
    id: `${accountKinds[kind]}_${vault.random(12)}`,
    kind,
    name: given.name,
    contact: given.contact?.toLowerCase(),
    parent: given.parent,
    scopes: given.scopes ?? scopesOf[kind],
    tier: given.tier,
    identified: given.identified ?? false,
    tiers: kind === 'enterprise' ? (given.tiers ?? allTiers) : [],
    wallet: given.wallet,
    deal: given.deal,
    developerKey: given.developerKey,
    terms: undefined,
    state: 'active',
    reason: '',
    created: now,
  }
  checkParent(context, account)
  checkAccount(context, account)
  if (account.contact !== undefined && state.contacts.has(account.contact))
    fail('AccountFieldTaken', { field: 'contact' })
  return { events: [{ type: 'accountCreated', account }], result: account }
}

/** Errors: CentralAccountUnknown, AccountInvalid, AccountFieldTaken. */
export function changeAccount(context: Context, id: string, changes: AccountChanges): Change<Account> {
  const changed = { ...accountOf(context, id), ...changes }
  checkAccount(context, changed)
  return { events: [{ type: 'accountChanged', id, changes }], result: changed }
}

function checkParent(context: Context, { kind, parent }: Account): void {
  if (kind !== 'child') {
    if (parent !== undefined)
      fail('AccountInvalid', { reason: `an account of the kind ${kind} has no parent` })
    return
  }
  if (parent === undefined) fail('AccountInvalid', { reason: 'an end user belongs to an enterprise' })
  if (accountOf(context, parent).kind !== 'enterprise')
    fail('AccountInvalid', { reason: 'an end user belongs to an enterprise' })
}

function checkAccount({ state }: Context, account: Account): void {
  const { kind, scopes, tier, wallet, deal, developerKey } = account
  const foreign = scopes.find((scope) => !scopesOf[kind].includes(scope))
  if (foreign !== undefined)
    fail('AccountInvalid', { reason: `an account of the kind ${kind} cannot have the scope ${foreign}` })
  if ((kind === 'miner') !== (tier !== undefined))
    fail('AccountInvalid', { reason: 'a miner has a trust tier, and nobody else' })
  if (kind !== 'enterprise' && account.tiers.length > 0)
    fail('AccountInvalid', { reason: 'only an enterprise chooses trust tiers' })
  if (kind !== 'enterprise' && deal !== undefined)
    fail('AccountInvalid', { reason: 'only an enterprise has a deal' })
  if (deal?.kind === 'subscription') {
    if (wallet === undefined) fail('AccountInvalid', { reason: 'a subscription is paid from a wallet' })
    if (state.accounts.get(deal.region)?.kind !== 'region')
      fail('AccountInvalid', { reason: 'a subscription is paid to a region' })
  }
  if (kind !== 'developer' && developerKey !== undefined)
    fail('AccountInvalid', { reason: 'only a developer signs releases' })
  const owner = wallet === undefined ? undefined : state.wallets.get(wallet)
  if (owner !== undefined && owner !== account.id) fail('AccountFieldTaken', { field: 'wallet' })
}

const nextStates: Readonly<Record<AccountState, readonly AccountState[]>> = {
  active: ['suspended', 'banned'],
  suspended: ['active', 'banned'],
  banned: ['suspended'],
}

/**
 * Suspends an account, bans it, or lets it work again. A ban revokes its keys for good; a suspension only stops them. Errors: CentralAccountUnknown,
 * StateChangeRefused.
 */
export function setAccountState(
  context: Context,
  id: string,
  next: AccountState,
  reason: string,
): Change<Account> {
  const account = accountOf(context, id)
  if (!nextStates[account.state].includes(next)) fail('StateChangeRefused', { from: account.state, to: next })
  const revoked =
    next === 'banned'
      ? [...(context.state.keysOf.get(id) ?? [])].map((key) => ({ type: 'keyRevoked', id: key }) as const)
      : []
  return {
    events: [{ type: 'accountStateSet', id, state: next, reason }, ...revoked],
    result: { ...account, state: next, reason },
  }
}

/** Ends all sessions of an account; its keys go on working. Error: CentralAccountUnknown. */
export function endSessions(context: Context, id: string): Change<undefined> {
  accountOf(context, id)
  return { events: [{ type: 'sessionsEnded', id }], result: undefined }
}
