import { prepareTransaction, type Transfer } from '@banyan/sdk'
import { client } from '../data/client.js'
import type { DeviceAccount } from '../wallet/device-accounts.js'
import { signerOf } from './signer.js'

/** Largest network fee of a payment, pip. Errors: those of `prepareTransaction`. */
export async function paymentFee(
  account: DeviceAccount,
  payment: Transfer,
  signal: AbortSignal,
): Promise<bigint> {
  const prepared = await prepareTransaction(client, {
    ...payment,
    account: await signerOf(account),
    sponsor: false,
    signal,
  })
  return prepared.maxFee
}
