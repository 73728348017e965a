import { fail } from '@banyan/base'
import type { WorkPage } from '@banyan/region/api'
import type { Context } from '../command-spec.js'
import { askRegion, moneyText } from '../region-api.js'
import { table } from '../table.js'

const maxLimit = 200

/** Finished requests of the enterprise of the network. */
export async function run(context: Context): Promise<undefined> {
  const { options, output } = context
  const limit = limitOf(String(options['limit'] ?? '20'))
  const page = await askRegion<WorkPage>(context, `work?limit=${limit}`)
  const heads = ['id', 'when', 'service', 'outcome', 'time', 'cost', 'miner']
  const rows = page.items.map(({ id, endedAt, acceptedAt, service, outcome, status, charge, miner }) => [
    id,
    new Date(acceptedAt).toISOString().slice(0, 19).replace('T', ' '),
    service,
    outcome === 'done' ? String(status) : outcome,
    `${endedAt - acceptedAt} ms`,
    charge === null ? '' : moneyText(charge.price, charge.currency),
    miner,
  ])
  const lines =
    rows.length === 0
      ? ['Nothing was computed yet. `banyan up` shows an address that makes a picture.']
      : table(heads, rows, output.paint)
  output.rows(page, heads, rows, lines)
}

function limitOf(text: string): number {
  const limit = Number(text)
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= maxLimit) return limit
  return fail('UsageWrong', {
    command: 'banyan work list',
    reason: `--limit is not a number from 1 to ${maxLimit}`,
  })
}
