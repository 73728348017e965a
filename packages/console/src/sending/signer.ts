import { fail, fromHex } from '@banyan/base'
import { ed25519Account, type KeyAccount, passkeyAccount, secp256k1Account } from '@banyan/sdk'
import { fetchPeople } from '../data/local-network.js'
import type { DeviceAccount } from '../wallet/device-accounts.js'

/** What signs for an account of this device. Error: AccountMissing if a test person is not of this network. */
export async function signerOf(account: DeviceAccount): Promise<KeyAccount> {
  if (account.kind === 'passkey') {
    const { credentialId } = account
    const publicKey = fromHex(account.publicKey) ?? fail('KeyMalformed', { algorithm: 'P-256' })
    return passkeyAccount({ credentialId, publicKey })
  }
  const people = await fetchPeople()
  const person =
    people.find(({ address }) => address === account.address) ?? fail('AccountMissing', { what: 'sign' })
  return person.scheme === 'ed25519' ? ed25519Account(person.secret) : secp256k1Account(person.secret)
}
