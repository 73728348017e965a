import { fail } from '@banyan/base'
import type { Scope as ScopeName } from '@banyan/central-link'
import type { Identity } from '../../check/credentials.js'
import type { Account } from '../../records.js'

/** Who asks. Only open routes get none. */
export function identityOf({ identity }: { readonly identity: Identity | undefined }): Identity {
  return identity ?? fail('CredentialsRefused')
}

/** Error: ScopeRefused. */
export function needScope(request: { readonly identity: Identity | undefined }, scope: ScopeName): Identity {
  const identity = identityOf(request)
  if (!identity.scopes.includes(scope)) fail('ScopeRefused', { scope })
  return identity
}

/**
 * Whether somebody may manage an account: its owner, who signed in by password; the enterprise of an end user; or an admin of accounts, of
 * another admin only with all that this one may do. Error: ScopeRefused.
 */
export function needManager(
  request: { readonly identity: Identity | undefined },
  account: Account,
): Identity {
  const identity = identityOf(request)
  if (identity.account === account.id && identity.credential === 'password') return identity
  if (account.parent === identity.account && identity.scopes.includes('children')) return identity
  needScope(request, 'accounts')
  return needScopesOf(identity, account.kind === 'admin' ? account.scopes : [])
}

/** Nobody gives away more than they have. Error: ScopeRefused. */
export function needScopesOf(identity: Identity, scopes: readonly ScopeName[]): Identity {
  const missing = scopes.find((scope) => !identity.scopes.includes(scope))
  return missing === undefined ? identity : fail('ScopeRefused', { scope: missing })
}
