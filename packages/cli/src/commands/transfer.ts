import { send } from '@banyan/sdk'
import { figAsset, followSending, openClient, readAmount, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'
import { addressOf, signer } from '../names.js'

/** Pays FIG. */
export async function run(context: Context): Promise<number> {
  const { signal } = context
  const { amount: text = '', to: name = '' } = context.arguments
  const amount = readAmount(text, figAsset)
  const client = await openClient(context)
  const account = await signer(client.url, context)
  const to = await addressOf(name, client.url, context)
  const sending = send(client, { to, amount, account, signal })
  const value = { from: account.address, to, asset: 0, amount }
  return followSending(context, sending, figAsset, value, `${shownAmount(amount, figAsset)} to ${name}`)
}
