import type { WorkCharge, WorkItem } from '@banyan/region/api'
import type { Context } from '../command-spec.js'
import { askRegion, moneyText } from '../region-api.js'

/** One request, in the order of its life. */
export async function run(context: Context): Promise<undefined> {
  const { output } = context
  const id = encodeURIComponent(context.arguments['id'] ?? '')
  const item = await askRegion<WorkItem>(context, `work/${id}`)
  output.result(item, [
    `${output.paint.bold(item.id)}  ${item.service}@${item.version}, ${outcomeOf(item)}`,
    `  accepted  ${new Date(item.acceptedAt).toISOString()}`,
    `  waited    ${item.startedAt - item.acceptedAt} ms`,
    `  worked    ${item.firstByteAt - item.startedAt} ms, ${Math.round(item.cpuMs)} ms of a processor`,
    `  answered  ${item.endedAt - item.firstByteAt} ms, ${item.bytesOut} bytes`,
    `  miner     ${item.miner}, tier ${item.tier}${item.attempts > 1 ? `, attempt ${item.attempts}` : ''}`,
    ...(item.charge === null ? ['  nothing was charged'] : chargeLines(item.charge)),
  ])
}

function outcomeOf({ outcome, status }: WorkItem): string {
  return outcome === 'done' ? `answered with ${status}` : outcome
}

function chargeLines(charge: WorkCharge): readonly string[] {
  const money = (micro: string): string => moneyText(micro, charge.currency)
  const house = charge.houseAmount === '0' ? '' : `, of which the house pays ${money(charge.houseAmount)}`
  return [
    `  costs     ${money(charge.price)}${house}`,
    `    miner      ${money(charge.contributorAmount)}`,
    `    developer  ${money(charge.developerAmount)}`,
    `    operator   ${money(charge.operatorAmount)}`,
    `  charge    ${charge.id}`,
  ]
}
