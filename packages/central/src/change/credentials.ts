import { fail } from '@banyan/base'
import type { Scope } from '@banyan/central-link'
import type { CentralEvent } from '../events.js'
import type { Account, ApiKey, OnceToken } from '../records.js'
import { limits } from '../rules/kinds.js'
import { isSecret, makeSecret, secretId } from '../vault.js'
import { accountOf, type Change, type Context } from './change.js'

/** A key as it is shown, this once. */
export type ShownKey = { readonly id: string; readonly key: string; readonly expires: number | undefined }

const longestGraceMs = 30 * 86_400_000

/** Makes an API key for an active account. Errors: CentralAccountUnknown, AccountInvalid, CentralBusy. */
export function createKey(
  context: Context,
  account: string,
  scopes: readonly Scope[],
  expires: number | undefined,
): Change<ShownKey> {
  const owner = activeAccount(context, account)
  const foreign = scopes.find((scope) => !owner.scopes.includes(scope))
  if (foreign !== undefined) fail('AccountInvalid', { reason: `it does not have the scope ${foreign}` })
  if (scopes.length === 0) fail('AccountInvalid', { reason: 'a key is good for something' })
  return newKey(context, owner, scopes, expires)
}

function newKey(
  { state, vault, now }: Context,
  { id: account }: Account,
  scopes: readonly Scope[],
  expires: number | undefined,
): Change<ShownKey> {
  if (expires !== undefined && expires <= now)
    fail('AccountInvalid', { reason: 'the key would have expired' })
  const own = [...(state.keysOf.get(account) ?? [])].map((id) => state.keys.get(id)!)
  const past = own.filter((key) => isPast(key, now))
  if (own.length - past.length >= limits.keysOfAccount)
    fail('CentralBusy', { what: 'keys of the account; revoke some' })
  const { id, text, mac } = makeSecret(vault, 'key')
  const key: ApiKey = { id, account, scopes, mac, created: now, expires }
  const events: CentralEvent[] = past.map((old) => ({ type: 'keyRevoked', id: old.id }))
  return { events: [...events, { type: 'keyCreated', key }], result: { id, key: text, expires } }
}

function isPast({ expires }: ApiKey, now: number): boolean {
  return expires !== undefined && expires <= now
}

/**
 * Makes a new key with the scopes and the expiry of an old one, which goes on working for `graceMs`, at most 30 days. Errors: KeyUnknown,
 * AccountInvalid, CentralBusy.
 */
export function rotateKey(context: Context, id: string, graceMs: number): Change<ShownKey> {
  const old = workingKey(context, id)
  if (graceMs < 0 || graceMs > longestGraceMs)
    fail('AccountInvalid', { reason: 'the old key works for 30 days at most' })
  const { events, result } = newKey(context, activeAccount(context, old.account), old.scopes, old.expires)
  const end = Math.min(context.now + graceMs, old.expires ?? Number.POSITIVE_INFINITY)
  const ended: CentralEvent =
    graceMs === 0 ? { type: 'keyRevoked', id } : { type: 'keyExpirySet', id, expires: end }
  return { events: [...events, ended], result }
}

/** Error: KeyUnknown. */
export function revokeKey(context: Context, id: string): Change<undefined> {
  workingKey(context, id)
  return { events: [{ type: 'keyRevoked', id }], result: undefined }
}

function workingKey({ state, now }: Context, id: string): ApiKey {
  const key = state.keys.get(id)
  return key === undefined || isPast(key, now) ? fail('KeyUnknown', { key: id }) : key
}

/** A token as it is shown, this once. */
export type ShownToken = { readonly id: string; readonly token: string; readonly expires: number }

/** Makes a token with which a miner gets its key, or a password is set. Errors: CentralAccountUnknown, AccountInvalid, CentralBusy. */
export function createToken(
  context: Context,
  account: string,
  purpose: OnceToken['purpose'],
  lifeMs: number,
): Change<ShownToken> {
  const { state, vault, now } = context
  const { kind } = activeAccount(context, account)
  if (purpose === 'join' && kind !== 'miner') fail('AccountInvalid', { reason: 'only a miner joins' })
  const past = [...state.tokens.values()].filter(({ expires }) => expires <= now)
  if (state.tokens.size - past.length >= limits.tokens) fail('CentralBusy', { what: 'tokens' })
  const { id, text, mac } = makeSecret(vault, purpose)
  const expires = now + lifeMs
  const events: CentralEvent[] = past.map((token) => ({ type: 'tokenUsed', id: token.id }))
  events.push({ type: 'tokenCreated', token: { id, purpose, account, mac, expires } })
  return { events, result: { id, token: text, expires } }
}

/** Exchanges a join token for the first key of a miner. Error: TokenRefused. */
export function redeemJoin(
  context: Context,
  text: string,
): Change<{ readonly miner: string; readonly key: string }> {
  const { id, account } = usableToken(context, 'join', text)
  const owner = accountOf(context, account)
  const { events, result } = newKey(context, owner, ['join'], undefined)
  return { events: [{ type: 'tokenUsed', id }, ...events], result: { miner: account, key: result.key } }
}

/** Sets a password by its hash; all sessions of the account end. Error: TokenRefused. */
export function redeemReset(
  context: Context,
  text: string,
  hash: string,
): Change<{ readonly account: string }> {
  const { id, account } = usableToken(context, 'reset', text)
  return {
    events: [
      { type: 'tokenUsed', id },
      { type: 'passwordSet', id: account, hash },
    ],
    result: { account },
  }
}

/** The token that a text is. Error: TokenRefused. */
export function usableToken(
  { state, vault, now }: Pick<Context, 'state' | 'vault' | 'now'>,
  purpose: OnceToken['purpose'],
  text: string,
): OnceToken {
  const token = state.tokens.get(secretId(purpose, text) ?? '')
  const isGood =
    token !== undefined &&
    token.purpose === purpose &&
    isSecret(vault, purpose, text, token.mac) &&
    now < token.expires &&
    state.accounts.get(token.account)?.state === 'active'
  return isGood ? token : fail('TokenRefused')
}

function activeAccount(context: Context, id: string): Account {
  const account = accountOf(context, id)
  if (account.state !== 'active') fail('AccountInvalid', { reason: `it is ${account.state}` })
  return account
}
