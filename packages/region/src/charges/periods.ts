import { amountOf, type BillingEvent, type ChargeBook, type PlanLine } from '@banyan/billing'
import type { Period, PeriodLine } from '../api/index.js'

/** Periods of settlement, which go with the events of the book as they are written. */
export type Periods = {
  /** Records an event in the book, and here. Errors: those of the book. */
  readonly record: ChargeBook['record']
  /** The name of the period that has taken in a row. */
  readonly holding: (sequence: number) => string | undefined
  /** All periods, the newest first, with the lines of one account or with all. */
  readonly list: (account: string | undefined) => Promise<readonly Period[]>
}

type OpenPeriod = Omit<Period, 'state' | 'lines'> & {
  state: Period['state']
  lines: Map<string, PeriodLine>
}

/** Lines in memory, half a kilobyte each. Those of older periods are read from the book when they are asked for. */
const maxLines = 50_000

/** Reads the events of a book. `most`: lines to keep in memory. */
export async function openPeriods(
  book: Pick<ChargeBook, 'events' | 'record'>,
  most = maxLines,
): Promise<Periods> {
  const periods: OpenPeriod[] = []
  /** Lines of the periods from `oldest` on; those before have none here. */
  let lines = 0
  let oldest = 0

  const take = (event: BillingEvent): void => {
    applyTo(periods, event, undefined)
    if (event.type !== 'planned') return
    lines += event.plan.lines.length
    for (; lines > most && oldest < periods.length - 1; oldest++) {
      lines -= periods[oldest]!.lines.size
      periods[oldest]!.lines = new Map()
    }
  }
  const readOlder = async (account: string | undefined): Promise<readonly OpenPeriod[]> => {
    const older: OpenPeriod[] = []
    const end = periods[oldest]!.first
    for await (const event of book.events()) {
      if (event.type === 'planned' && event.plan.first >= end) break
      applyTo(older, event, account)
    }
    return older
  }

  for await (const event of book.events()) take(event)
  return {
    record: async (event) => {
      await book.record(event)
      take(event)
    },
    holding: (sequence) => periods.find(({ first, last }) => first <= sequence && sequence <= last)?.period,
    list: async (account) => {
      const older = oldest === 0 ? [] : await readOlder(account)
      return [...older, ...periods.slice(older.length)]
        .reverse()
        .map((period) => ({ ...period, lines: linesOf(period, account) }))
    },
  }
}

function linesOf({ lines }: OpenPeriod, account: string | undefined): readonly PeriodLine[] {
  if (account === undefined) return [...lines.values()]
  return [lines.get(keyOf('in', account)), lines.get(keyOf('out', account))].filter(
    (line) => line !== undefined,
  )
}

/** Takes an event in, with the lines of one account or with all. */
function applyTo(periods: OpenPeriod[], event: BillingEvent, account: string | undefined): void {
  if (event.type === 'planned') {
    const { period, first, last, lines } = event.plan
    const wanted = lines
      .filter((line) => account === undefined || line.account === account)
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

function keyOf(direction: PlanLine['direction'], account: string): string {
  return direction + account
}

function viewOf(line: PlanLine): PeriodLine {
  const { direction, account, count, anchor, xor, isCarriedOver } = line
  const way = isCarriedOver ? 'carried' : direction === 'in' ? 'collect' : 'pay'
  return { way, account, count, amountPip: String(amountOf(line)), anchor, xor, transfer: null }
}
