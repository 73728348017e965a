import { prepareTransaction, type Transfer } from '@banyan/sdk'
import { client } from '../data/client.js'
import { type KeptAccount, keyOf } from './signer.js'

/** Largest network fee of a payment, pip. Errors: those of `prepareTransaction`. */
export async function paymentFee(
  account: KeptAccount,
  payment: Transfer,
  signal: AbortSignal,
): Promise<bigint> {
  const prepared = await prepareTransaction(client, {
    ...payment,
    account: await keyOf(account),
    sponsor: false,
    signal,
  })
  return prepared.maxFee
}
