import type { ChargeBook, PlanLine } from '@banyan/billing'
import { amountOf } from '@banyan/billing'
import type { Period, PeriodLine } from '../api/index.js'

type OpenPeriod = Omit<Period, 'state' | 'lines'> & {
  state: 'open' | 'settled'
  readonly lines: Map<string, PeriodLine>
}

/** All periods, the newest first, with the lines that are wanted. */
export async function periodsOf(
  book: Pick<ChargeBook, 'events'>,
  isWanted: (line: Pick<PeriodLine, 'account'>) => boolean,
): Promise<readonly Period[]> {
  const periods: OpenPeriod[] = []
  for await (const event of book.events()) {
    if (event.type === 'planned') {
      const { period, first, last, lines } = event.plan
      const wanted = lines
        .filter(isWanted)
        .map((line) => [keyOf(line.direction, line.account), viewOf(line)] as const)
      periods.push({ period, first, last, rows: last - first + 1, state: 'open', lines: new Map(wanted) })
    } else if (event.type === 'closed') periods.at(-1)!.state = 'settled'
    else if (event.type === 'settled') {
      const { lines } = periods.at(-1)!
      const key = keyOf(event.way === 'pay' ? 'out' : 'in', event.account)
      const line = lines.get(key)
      const transfer = { id: event.id, height: event.height }
      if (line !== undefined) lines.set(key, { ...line, way: event.way, transfer })
    }
  }
  return periods.reverse().map((period) => ({ ...period, lines: [...period.lines.values()] }))
}

function keyOf(direction: 'in' | 'out', account: string): string {
  return direction + account
}

function viewOf(line: PlanLine): PeriodLine {
  const { direction, account, count, anchor, xor, isCarriedOver } = line
  const way = isCarriedOver ? 'carried' : direction === 'in' ? 'collect' : 'pay'
  return { way, account, count, amountPip: String(amountOf(line)), anchor, xor, transfer: null }
}
