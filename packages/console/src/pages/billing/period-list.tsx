import type { Period, PeriodLine } from '@banyan/region/api'
import { Link } from '@tanstack/react-router'
import { countText } from '../../format/amount.js'
import { shortHex } from '../../names/address-marks.js'
import { FigMoney } from '../../parts/fig-money.js'
import { type Column, List } from '../../parts/list.js'
import { StateMark } from '../../parts/states.js'
import { periodText } from './period-text.js'

type Row = { readonly period: Period; readonly line: PeriodLine }

/** What is done by a line, as seen from its account. */
export const wayTexts = {
  collect: 'paid',
  advance: 'advanced by the operator',
  pay: 'received',
  carried: 'carried over',
} as const satisfies Record<PeriodLine['way'], string>

const columns: readonly Column<Row>[] = [
  {
    head: 'Invoice',
    cell: ({ period: { period } }) => (
      <Link to="/billing/invoices/$period" params={{ period }}>
        {periodText(period)}
      </Link>
    ),
    at: 'a',
  },
  {
    head: 'State',
    cell: ({ line: { transfer, way } }) =>
      transfer === null ? (
        <StateMark kind="waiting">Open</StateMark>
      ) : (
        <StateMark kind="done">{wayTexts[way].charAt(0).toUpperCase() + wayTexts[way].slice(1)}</StateMark>
      ),
    at: 'd',
  },
  {
    head: 'Transaction',
    cell: ({ line: { transfer } }) =>
      transfer === null ? (
        '–'
      ) : (
        <Link to="/explorer/tx/$id" params={{ id: transfer.id }} className="hash">
          {shortHex(transfer.id)}
        </Link>
      ),
    at: 'c',
  },
  { head: 'Charges', end: true, cell: ({ line: { count } }) => countText(count) },
  {
    head: 'Amount',
    end: true,
    cell: ({ line: { amountPip } }) => <FigMoney amount={BigInt(amountPip)} />,
    at: 'b',
  },
]

/** Invoices of the reader: a row for each period and direction. */
export function PeriodList({ periods }: { readonly periods: readonly Period[] }) {
  const rows = periods.flatMap((period) => period.lines.map((line) => ({ period, line })))
  return (
    <List
      label="Invoices"
      rows={rows}
      columns={columns}
      rowKey={({ period, line }) => `${period.period} ${line.way} ${line.account}`}
    />
  )
}
