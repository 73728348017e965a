import type { Settled, Spend } from '@banyan/region/api'
import type { Context } from '../command-spec.js'
import { askRegion, moneyText } from '../region-api.js'

/** Settles what was charged since the last time. Amounts are in the currency of the local network's prices. */
export async function run(context: Context): Promise<undefined> {
  const { output } = context
  const { currency } = await askRegion<Spend>(context, 'spend')
  const settled = await askRegion<Settled>(context, 'settle', 'operator', 'POST')
  const { period, rows, transfers, collected, paid, totalMs } = settled
  output.result(settled, [
    `${output.paint.good('Settled')}  ${period}, ${rows} ${rows === 1 ? 'request' : 'requests'} in ${transfers} transfers, ${(totalMs / 1_000).toFixed(1)} s`,
    `  collected  ${moneyText(collected, currency)}`,
    `  paid out   ${moneyText(paid, currency)}`,
  ])
}
