import { fail, fromHex, type Hex, toHex } from '@banyan/base'
import type { Direction } from '../anchor/anchor.js'
import { decodePublic } from '../charge/decode.js'
import type { Keccak } from '../charge/seal.js'
import type { BillingEvent } from '../rollup/event.js'
import type { Plan, PlanLine } from '../rollup/plan.js'
import type { ChargeBook } from '../store/port.js'
import { amountFor, type PartyAmount } from './amount.js'

/** The transfer that met a line, on the chain. */
export type StatementTransfer = {
  readonly id: Hex
  readonly height: number
  /** Whether the operator paid in for the account. */
  readonly isAdvance: boolean
}

/** One account in one period. */
export type StatementPart = Omit<PlanLine, 'account' | 'direction'> & {
  readonly direction: Direction
  readonly period: string
  /** Missing while it is open, and where the amount was carried over. */
  readonly transfer?: StatementTransfer
  /** Public parts of the rows, rising by id. */
  readonly rows: readonly Hex[]
}

/** What one account paid and got in a month, with all that is needed to check it. */
export type Statement = {
  readonly format: 'banyan-statement/1'
  readonly region: string
  readonly account: Hex
  /** `YYYY-MM`. */
  readonly month: string
  readonly parts: readonly StatementPart[]
}

/** One row of a statement, for people. */
export type StatementLine = PartyAmount & {
  readonly period: string
  readonly direction: Direction
  readonly id: string
  /** ms since the Unix epoch. */
  readonly at: number
  readonly dservice: string
  readonly tier: string
  readonly deal: string
  readonly currency: string
  readonly rowHash: Hex
  readonly anchor: Hex
  readonly transfer: StatementTransfer | undefined
}

export type StatementOptions = {
  readonly book: ChargeBook
  readonly region: string
  readonly account: Hex
  readonly month: string
}

/** The statement of an account from what a book holds. A month without rows has no parts. Error: RowsRetired. */
export async function makeStatement({ book, region, account, month }: StatementOptions): Promise<Statement> {
  const plans: Plan[] = []
  const transfers = new Map<string, StatementTransfer>()
  for await (const event of book.events()) {
    if (event.type === 'planned') {
      if (event.plan.period.startsWith(month)) plans.push(event.plan)
    } else if (event.type === 'settled' && event.account === account) {
      noteTransfer(transfers, plans.at(-1), event)
    }
  }
  const parts: StatementPart[] = []
  for (const plan of plans) {
    const lines = plan.lines.filter((line) => line.account === account)
    if (lines.length === 0) continue
    const rows = await rowsOf(book, plan)
    for (const { account: _, ...line } of lines) {
      const transfer = transfers.get(plan.period + line.direction)
      const own = rows.filter((row) => amountFor(decodePublic(row), account, line.direction).micro > 0n)
      const part = { ...line, period: plan.period, rows: own.map((row) => toHex(row)) }
      parts.push(transfer === undefined ? part : { ...part, transfer })
    }
  }
  return { format: 'banyan-statement/1', region, account, month, parts }
}

function noteTransfer(
  transfers: Map<string, StatementTransfer>,
  plan: Plan | undefined,
  { way, id, height }: Extract<BillingEvent, { readonly type: 'settled' }>,
): void {
  if (plan === undefined) return
  const direction: Direction = way === 'pay' ? 'out' : 'in'
  transfers.set(plan.period + direction, { id, height, isAdvance: way === 'advance' })
}

/** Public parts of a period's rows in the order of their ids. Error: RowsRetired. */
async function rowsOf(book: ChargeBook, { first, last, period }: Plan): Promise<readonly Uint8Array[]> {
  const rows: { readonly id: string; readonly open: Uint8Array }[] = []
  for await (const group of book.rows(first, last)) {
    for (const row of group) {
      const open = row.public.slice()
      rows.push({ id: decodePublic(open).id, open })
    }
  }
  if (rows.length < last - first + 1) fail('RowsRetired', { period })
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ open }) => open)
}

/** All rows of a statement, for tables. Error: StatementInvalid if one is malformed. */
export function* statementLines(
  { account, parts }: Statement,
  keccak256: Keccak,
): Generator<StatementLine, void, undefined> {
  for (const { rows, direction, period, anchor, transfer } of parts) {
    for (const hex of rows) {
      const bytes = rowBytes(hex)
      const { id, at, dservice, tier, deal, currency, ...columns } = decodePublic(bytes)
      yield {
        ...{ period, direction, id, at: Number(at), dservice, tier, deal, currency, anchor, transfer },
        rowHash: toHex(keccak256(bytes)),
        ...amountFor(columns, account, direction),
      }
    }
  }
}

/** Bytes of a row in a statement; none if the text is no row. */
export function rowBytes(hex: Hex): Uint8Array {
  return fromHex(hex) ?? new Uint8Array(0)
}
