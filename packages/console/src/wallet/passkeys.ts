import { toHex } from '@banyan/base'
import { createPasskey as create, findPasskey as find, type PasskeyAccount } from '@banyan/sdk'
import { client } from '../data/client.js'
import { deviceWallet, keepAccount } from './device-accounts.js'

/** Makes a passkey and puts its account in use. Errors: PasskeyUnavailable, ConfirmationRefused. */
export async function createPasskey(): Promise<void> {
  const count = deviceWallet().accounts.filter(({ kind }) => kind === 'passkey').length
  const name = count === 0 ? 'You' : `You, ${count + 1}`
  keep(await create({ name: `Banyan, ${name}` }), name)
}

/** Lets the device find a passkey that was made before, and puts its account in use. Errors as above. */
export async function findPasskey(): Promise<void> {
  keep(await find(client), 'You')
}

function keep({ address, credentialId, publicKey }: PasskeyAccount, name: string): void {
  keepAccount({ kind: 'passkey', name, address, credentialId, publicKey: toHex(publicKey) })
}
