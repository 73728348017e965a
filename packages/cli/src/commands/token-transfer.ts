import { send } from '@banyan/sdk'
import { findAsset, followSending, openClient, readAmount, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'
import { addressOf, signer } from '../names.js'

/** Pays in a token. */
export async function run(context: Context): Promise<number> {
  const { signal } = context
  const { token = '', amount: text = '', to: name = '' } = context.arguments
  const client = await openClient(context)
  const account = await signer(client.url, context)
  const known = await findAsset(client, token, signal)
  const amount = readAmount(text, known)
  const to = await addressOf(name, client.url, context)
  const sending = send(client, { to, amount, asset: known.asset, account, signal })
  const value = { from: account.address, to, asset: known.asset, amount }
  return followSending(context, sending, known, value, `${shownAmount(amount, known)} to ${name}`)
}
