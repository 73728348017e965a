import { fromHex, toHex } from '@banyan/base'
import { type Account, passkeyAccount } from '@banyan/sdk'

/** The part of the Web Storage API that keeps an account. */
export type AccountStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const name = 'banyan.passkey'

/** The account that was kept; `undefined` if there is none, or what is there is damaged. */
export function restoreAccount(storage: AccountStorage): Account | undefined {
  const [credentialId, key] = storage.getItem(name)?.split(' ') ?? []
  const publicKey = fromHex(key ?? '')
  if (credentialId === undefined || publicKey?.length !== 64) return undefined
  return passkeyAccount({ credentialId, publicKey })
}

/** Keeps the account of a passkey, and forgets any other one. Local keys are secrets, and wallets keep themselves. */
export function saveAccount(storage: AccountStorage, account: Account | undefined): void {
  if (account?.kind === 'passkey' && 'credentialId' in account) {
    storage.setItem(name, `${account.credentialId} ${toHex(account.publicKey)}`)
  } else storage.removeItem(name)
}
