import { fromHex, toHex } from '@banyan/base'
import type { Account } from '@banyan/sdk'

/** The part of the Web Storage API that keeps an account. */
export type AccountStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const name = 'banyan.passkey'

/**
 * The account that was kept; `undefined` if there is none, or what is there is damaged. What knows passkeys is loaded only
 * where one was kept.
 */
export async function restoreAccount(storage: AccountStorage): Promise<Account | undefined> {
  const [credentialId, key] = storage.getItem(name)?.split(' ') ?? []
  const publicKey = fromHex(key ?? '')
  if (credentialId === undefined || publicKey?.length !== 64) return undefined
  const { passkeyAccount } = await import('@banyan/sdk/passkey')
  return passkeyAccount({ credentialId, publicKey })
}

/** Keeps the account of a passkey, and forgets any other one. Local keys are secrets, and wallets keep themselves. */
export function saveAccount(storage: AccountStorage, account: Account | undefined): void {
  if (account?.kind === 'passkey' && 'credentialId' in account) {
    storage.setItem(name, `${account.credentialId} ${toHex(account.publicKey)}`)
  } else storage.removeItem(name)
}
