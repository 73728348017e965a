import type { Spend } from '@banyan/region/api'
import type { Context } from '../command-spec.js'
import { askRegion, moneyText } from '../region-api.js'
import { table } from '../table.js'

/** What the enterprise of the network has spent in this month. */
export async function run(context: Context): Promise<undefined> {
  const { output } = context
  const spend = await askRegion<Spend>(context, 'spend')
  const { month, currency, spent, budget, services, unsettled } = spend
  const money = (micro: string): string => moneyText(micro, currency)
  const rows = services.map(({ name, count, amount }) => [name, String(count), money(amount)])
  output.result(spend, [
    `${output.paint.bold(money(spent))}  in ${month}${budget === null ? ', without a budget' : ` of ${money(budget.perMonth)}`}`,
    ...(rows.length === 0 ? [] : ['', ...table(['service', 'requests', 'cost'], rows, output.paint)]),
    ...(unsettled === '0' ? [] : ['', `${money(unsettled)} wait for the next settlement.`]),
  ])
}
