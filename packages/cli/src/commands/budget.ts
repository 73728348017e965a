import { fail } from '@banyan/base'
import type { Spend } from '@banyan/region/api'
import type { Context } from '../command-spec.js'
import { askRegion, moneyText } from '../region-api.js'

const digits = 6

/** Sets what may be spent on computing in a month, or lifts the limit. Error: ArgumentInvalid. */
export async function run(context: Context): Promise<undefined> {
  const { output } = context
  const text = context.arguments['amount'] ?? ''
  const perMonth = text === 'none' ? null : microOf(text)
  const body = JSON.stringify({ perMonth })
  const spend = await askRegion<Spend>(context, 'budget', 'enterprise', 'PUT', body)
  const { currency, spent, budget } = spend
  const money = (micro: string): string => moneyText(micro, currency)
  output.result(spend, [
    budget === null
      ? `${output.paint.good('No budget')}  ${money(spent)} were spent this month.`
      : `${output.paint.good('Budget')}  ${money(budget.perMonth)} a month, of which ${money(spent)} are spent. Work that could exceed it is refused.`,
  ])
}

/** Whole millionths of the currency. */
function microOf(text: string): string {
  const [, whole = '', part = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? []
  if (whole === '')
    fail('ArgumentInvalid', { argument: 'amount', reason: 'it is neither like 5 or 0.25 nor none' })
  return String(BigInt(whole + part.padEnd(digits, '0')))
}
