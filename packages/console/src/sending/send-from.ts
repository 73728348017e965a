import { fail, fromHex } from '@banyan/base'
import {
  type Calls,
  type Client,
  ed25519Account,
  type KeyAccount,
  passkeyAccount,
  type Sending,
  secp256k1Account,
  send,
  type Transfer,
} from '@banyan/sdk'
import { fetchPeople } from '../data/local-network.js'
import type { DeviceAccount } from '../wallet/device-accounts.js'

/** What signs for an account of this device. Error: AccountGone if a test person is not of this network. */
async function signerOf(account: DeviceAccount): Promise<KeyAccount> {
  if (account.kind === 'passkey') {
    const { address, credentialId } = account
    const publicKey = fromHex(account.publicKey) ?? fail('KeyMalformed', { algorithm: 'P-256' })
    return passkeyAccount({ address, credentialId, publicKey })
  }
  const people = await fetchPeople()
  const person = people.find(({ address }) => address === account.address)
  if (person === undefined) fail('AccountUnknownHere', { account: account.name })
  return person.scheme === 'ed25519' ? ed25519Account(person.secret) : secp256k1Account(person.secret)
}

/** Sends in the name of an account of this device. Errors: those of `send`, through the parts of what it returns. */
export async function sendFrom(
  client: Client,
  account: DeviceAccount,
  request: Transfer | Calls,
  signal: AbortSignal,
): Promise<Sending> {
  return send(client, { ...request, account: await signerOf(account), signal })
}
