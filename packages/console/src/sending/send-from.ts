import { type Calls, type Sending, send, type Transfer } from '@banyan/sdk'
import { client } from '../data/client.js'
import type { DeviceAccount } from '../wallet/device-accounts.js'
import { signerOf } from './signer.js'

/** Sends in the name of an account of this device. Errors: those of `send`, through the parts of what it returns. */
export async function sendFrom(
  account: DeviceAccount,
  request: Transfer | Calls,
  signal: AbortSignal,
): Promise<Sending> {
  return send(client, { ...request, account: await signerOf(account), signal })
}
