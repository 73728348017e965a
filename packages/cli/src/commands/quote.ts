import { fail } from '@banyan/base'
import type { Quote } from '@banyan/region/api'
import type { Context } from '../command-spec.js'
import { askRegion, moneyText } from '../region-api.js'
import { table } from '../table.js'

/** What a request would cost, with the use that is given or usual. */
export async function run(context: Context): Promise<undefined> {
  const { options, output } = context
  const query = new URLSearchParams({ service: context.arguments['service'] ?? '' })
  for (const [option, name] of [
    ['cpuMs', 'cpuMs'],
    ['bytes', 'bytes'],
  ] as const) {
    const given = options[option]
    if (given !== undefined) query.set(name, countOf(option, String(given)))
  }
  const quote = await askRegion<Quote>(context, `quote?${query}`)
  const { service, currency, estimate, quotes } = quote
  const rows = quotes.map(({ tier, price, enterpriseAmount, houseAmount }) => [
    String(tier),
    moneyText(price, currency),
    moneyText(enterpriseAmount, currency),
    houseAmount === '0' ? '' : moneyText(houseAmount, currency),
  ])
  output.result(quote, [
    `${output.paint.bold(service)}  with ${estimate.cpuMs} ms of a processor and ${estimate.bytes} bytes`,
    ...table(['tier', 'price', 'you pay', 'the house pays'], rows, output.paint),
  ])
}

function countOf(option: string, text: string): string {
  if (/^\d{1,12}$/.test(text)) return text
  const flag = option === 'cpuMs' ? '--cpu-ms' : '--bytes'
  return fail('UsageWrong', { command: 'banyan quote', reason: `${flag} is not a whole number` })
}
