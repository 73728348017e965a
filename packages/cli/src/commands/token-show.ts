import { getAsset } from '@banyan/sdk'
import { findAsset, openClient, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'
import { shownAddress } from '../names.js'

/** One token. */
export async function run(context: Context): Promise<undefined> {
  const { output, signal } = context
  const client = await openClient(context)
  const { asset } = await findAsset(client, context.arguments['token'] ?? '', signal)
  const token = await getAsset(client, { asset, signal })
  output.result(token, [
    `${output.paint.bold(token.symbol)}  ${token.name}`,
    `  number   ${token.asset}`,
    `  supply   ${shownAmount(token.supply, token)} of at most ${shownAmount(token.cap, token)}`,
    `  issuer   ${shownAddress(token.issuer)}`,
  ])
}
