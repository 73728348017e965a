import { fail, fromHex } from '@banyan/base'
import { type Account, ed25519Account, type KeyAccount, passkeyAccount, secp256k1Account } from '@banyan/sdk'
import { fetchPeople } from '../data/local-network.js'
import type { DeviceAccount } from '../wallet/device-accounts.js'
import { injectedAccount } from '../wallet/injected.js'

/** An account of this device whose key the console may use: all but those of wallets. */
export type KeptAccount = Exclude<DeviceAccount, { readonly kind: 'wallet' }>

/** Who signs for an account of this device. Errors: those of `keyOf` and `injectedAccount`. */
export function signerOf(account: DeviceAccount): Promise<Account> {
  return account.kind === 'wallet' ? injectedAccount(account) : keyOf(account)
}

/** The key of an account. Error: AccountMissing if a test person is not of this network. */
export async function keyOf(account: KeptAccount): Promise<KeyAccount> {
  if (account.kind === 'passkey') {
    const { credentialId } = account
    const publicKey = fromHex(account.publicKey) ?? fail('KeyMalformed', { algorithm: 'P-256' })
    return passkeyAccount({ credentialId, publicKey })
  }
  const { people } = await fetchPeople()
  const person =
    people.find(({ address }) => address === account.address) ?? fail('AccountMissing', { what: 'sign' })
  return person.scheme === 'ed25519' ? ed25519Account(person.secret) : secp256k1Account(person.secret)
}
