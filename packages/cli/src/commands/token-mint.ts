import { mintToken } from '@banyan/sdk'
import { findAsset, followSending, openClient, readAmount, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'
import { addressOf, signer } from '../names.js'

/** Makes more of a token. */
export async function run(context: Context): Promise<number> {
  const { signal } = context
  const { token = '', amount: text = '', to: name } = context.arguments
  const client = await openClient(context)
  const account = await signer(client.url, context)
  const known = await findAsset(client, token, signal)
  const amount = readAmount(text, known)
  const to = name === undefined ? account.address : await addressOf(name, client.url, context)
  const sending = mintToken(client, { asset: known.asset, to, amount, account, signal })
  const value = { issuer: account.address, to, asset: known.asset, amount }
  return followSending(
    context,
    sending,
    known,
    value,
    `${shownAmount(amount, known)} made for ${name ?? 'you'}`,
  )
}
