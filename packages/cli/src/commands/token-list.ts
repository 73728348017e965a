import { formatAmount } from '@banyan/base'
import { allAssets, openClient, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'
import { shownAddress } from '../names.js'
import { table } from '../table.js'

/** All tokens, without FIG. */
export async function run(context: Context): Promise<undefined> {
  const { output, signal } = context
  const tokens = (await allAssets(await openClient(context), signal)).filter(({ asset }) => asset !== 0)
  const rows = tokens.map((token) => [
    String(token.asset),
    token.symbol,
    token.name,
    shownAmount(token.supply, token),
    shownAddress(token.issuer),
  ])
  const lines =
    tokens.length === 0
      ? ['None yet.']
      : table(['number', 'symbol', 'name', 'supply', 'issuer'], rows, output.paint)
  const records = tokens.map(({ asset, symbol, name, supply, decimals, issuer }) => [
    ...[String(asset), symbol, name, formatAmount(supply, decimals)],
    ...[String(decimals), shownAddress(issuer)],
  ])
  output.rows({ tokens }, ['number', 'symbol', 'name', 'supply', 'decimals', 'issuer'], records, lines)
}
