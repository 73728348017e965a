import { fail } from '@banyan/base'
import type { KeyVerdict, MinerVerdict, Query, Scope, SessionClaims, Sessions } from '@banyan/central-link'
import type { Account, ApiKey } from '../records.js'
import type { CentralState } from '../state.js'
import { isSecret, secretId, type Vault } from '../vault.js'
import type { Attempts } from './attempts.js'

export type CredentialParts = {
  readonly state: CentralState
  readonly vault: Vault
  readonly attempts: Attempts
  readonly sessions: Sessions
  readonly now: () => number
}

/** Who asks, and what for. */
export type Identity = {
  readonly account: string
  /** Id of a key, or `password`. */
  readonly credential: string
  readonly scopes: readonly Scope[]
}

export type Credentials = {
  /** What an API key is good for. Errors: CredentialsRefused, AttemptsExhausted. */
  readonly checkKey: (key: string, address: string) => KeyVerdict
  /** Whether a miner may join a region: both must show their keys. Errors: CredentialsRefused, AttemptsExhausted. */
  readonly checkJoin: (query: Omit<Extract<Query, { kind: 'join' }>, 'kind'>) => MinerVerdict
  /** Whether a key is one of this region's. It bounds nothing: only regions that were dialled can try. */
  readonly isRegion: (region: string, key: string) => boolean
  /** Who a session token belongs to. Error: CredentialsRefused. */
  readonly checkSession: (token: string) => Identity
  /** A session for whoever has the password. Errors: CredentialsRefused, AttemptsExhausted, HashesBusy. */
  readonly signIn: (
    contact: string,
    password: string,
    address: string,
  ) => Promise<{ readonly token: string; readonly expires: number; readonly account: string }>
}

const sessionMs = 30 * 60_000

export function createCredentials(parts: CredentialParts): Credentials {
  const { state, vault, attempts, sessions, now } = parts

  const isActive = ({ state: own, parent }: Account): boolean =>
    own === 'active' && (parent === undefined || state.accounts.get(parent)?.state === 'active')

  /** A key that works, and its account. */
  const find = (text: string): { readonly key: ApiKey; readonly account: Account } | undefined => {
    const key = state.keys.get(secretId('key', text) ?? '')
    if (key === undefined || !isSecret(vault, 'key', text, key.mac)) return undefined
    if (key.expires !== undefined && now() >= key.expires) return undefined
    const account = state.accounts.get(key.account)!
    return isActive(account) ? { key, account } : undefined
  }

  /** `find` within the bounds on guessing; `subject` is what somebody would guess the secret of. */
  const guarded = <Found>(subject: string, address: string, look: () => Found | undefined): Found => {
    attempts.begin(address, subject, now())
    const found = look() ?? fail('CredentialsRefused')
    attempts.succeeded(address, subject)
    return found
  }

  const allowed = ({ key, account }: { readonly key: ApiKey; readonly account: Account }) =>
    key.scopes.filter((scope) => account.scopes.includes(scope))

  const verdictOf = (found: { readonly key: ApiKey; readonly account: Account }): KeyVerdict => {
    const { key, account } = found
    const payer = account.parent === undefined ? account : state.accounts.get(account.parent)!
    return {
      kind: 'key',
      account: account.id,
      ...(account.parent === undefined ? {} : { parent: account.parent }),
      key: key.id,
      scopes: allowed(found),
      tiers: [...payer.tiers],
      ...(payer.wallet === undefined ? {} : { wallet: payer.wallet }),
      ...(payer.deal === undefined ? {} : { deal: payer.deal }),
      ...(key.expires === undefined ? {} : { expires: key.expires }),
    }
  }

  const keyOf = (account: string, text: string, scope: Scope) => {
    const found = find(text)
    return found?.account.id === account && allowed(found).includes(scope) ? found : undefined
  }

  const isLive = ({ account: id, credential, generation }: SessionClaims): boolean => {
    const account = state.accounts.get(id)
    if (account === undefined || !isActive(account)) return false
    if (generation < (state.voidBefore.get(id) ?? 0)) return false
    return credential === 'password'
  }

  return {
    checkKey: (text, address) => verdictOf(guarded(secretId('key', text) ?? '', address, () => find(text))),
    checkJoin: ({ region, regionKey, miner, minerKey, address }) =>
      guarded(miner, address, () => {
        const host = keyOf(region, regionKey, 'link')
        const guest = keyOf(miner, minerKey, 'join')
        return host === undefined || guest === undefined ? undefined : minerVerdict(guest)
      }),
    isRegion: (region, text) => keyOf(region, text, 'link') !== undefined,
    checkSession: (token) => {
      const claims = sessions.check(token, now())
      if (claims === undefined || !isLive(claims)) return fail('CredentialsRefused')
      const { account, credential, scopes } = claims
      const own = state.accounts.get(account)!.scopes
      return { account, credential, scopes: scopes.filter((scope) => own.includes(scope)) }
    },
    signIn: async (contact, password, address) => {
      const subject = contact.toLowerCase()
      attempts.begin(address, subject, now())
      const id = state.contacts.get(subject)
      const hash = id === undefined ? undefined : state.passwords.get(id)
      const isRight = await vault.isPassword(hash, password)
      const account = id === undefined ? undefined : state.accounts.get(id)
      // The password may have been changed while the old hash was being compared.
      const isCurrent = id !== undefined && state.passwords.get(id) === hash
      if (!isRight || !isCurrent || account === undefined || !isActive(account))
        return fail('CredentialsRefused')
      attempts.succeeded(address, subject)
      const issued = now()
      const expires = issued + sessionMs
      const token = sessions.issue({
        account: account.id,
        parent: account.parent,
        credential: 'password',
        generation: state.sequence(),
        scopes: account.scopes,
        tiers: account.tiers,
        issued,
        expires,
      })
      return { token, expires, account: account.id }
    },
  }
}

function minerVerdict({ key, account }: { readonly key: ApiKey; readonly account: Account }): MinerVerdict {
  return {
    kind: 'join',
    miner: account.id,
    key: key.id,
    tier: account.tier!,
    identified: account.identified,
    ...(account.wallet === undefined ? {} : { wallet: account.wallet }),
  }
}
