import { getAccount, getAsset, getBalances } from '@banyan/sdk'
import { figAsset, openClient, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'
import { addressOf, shownAddress } from '../names.js'

/** Balances of an account after the newest final block. */
export async function run(context: Context): Promise<undefined> {
  const { output, signal } = context
  const client = await openClient(context)
  const address = await addressOf(context.arguments['account'] ?? '', client.url, context)
  const [state, held] = await Promise.all([
    getAccount(client, { address, signal }),
    getBalances(client, { address, signal }),
  ])
  const balances = await Promise.all(
    held.map(async ({ asset, balance }) => {
      const known = asset === 0 ? figAsset : await getAsset(client, { asset, signal })
      return {
        asset,
        symbol: known.symbol,
        decimals: known.decimals,
        balance,
        shown: shownAmount(balance, known),
      }
    }),
  )
  const { height, exists, nonce } = state
  output.result({ address, exists, height, nonce, balances }, [
    output.paint.bold(shownAddress(address)),
    ...(balances.length === 0
      ? ['  holds nothing']
      : balances.map((balance) => `  ${lineOf(balance, balances)}`)),
    output.paint.quiet(`  after block ${height}`),
  ])
}

type ShownBalance = { readonly asset: number; readonly symbol: string; readonly shown: string }

/** An amount; where several tokens have a symbol, their numbers tell them apart. */
function lineOf({ asset, symbol, shown }: ShownBalance, all: readonly ShownBalance[]): string {
  const isOnly = all.every((other) => other.asset === asset || other.symbol !== symbol)
  return isOnly ? shown : `${shown} (number ${asset})`
}
