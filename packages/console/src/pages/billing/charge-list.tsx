import { Link } from '@tanstack/react-router'
import type { ListedCharge } from '../../data/compute/statement.js'
import { countText } from '../../format/amount.js'
import { exactText } from '../../format/time.js'
import { Ago } from '../../parts/ago.js'
import { type Column, List } from '../../parts/list.js'
import { Price } from '../../parts/price.js'
import { tierText } from '../compute/tiers.js'

const columns: readonly Column<ListedCharge>[] = [
  {
    head: 'Charge',
    cell: ({ id, at }) => (
      <Link to="/billing/charges/$id" params={{ id }} title={exactText(at)}>
        <Ago at={at} />
      </Link>
    ),
    at: 'a',
  },
  { head: 'Service', cell: ({ dservice }) => dservice, at: 'c' },
  { head: 'Machines', cell: ({ tier }) => tierText(tier), at: 'd' },
  { head: 'Id', cell: ({ id }) => <span className="hash">{id.slice(2, 14)}…</span> },
  {
    head: 'Amount',
    end: true,
    cell: ({ micro, currency }) => <Price micro={micro} currency={currency} />,
    at: 'b',
  },
]

type ChargeListProps = {
  readonly charges: readonly ListedCharge[]
  /** Of the invoice; the list may be shorter. */
  readonly count: number
}

/** Charges of an invoice, each with the way to its receipt. */
export function ChargeList({ charges, count }: ChargeListProps) {
  return (
    <>
      <List label="Charges" rows={charges} columns={columns} rowKey={({ id }) => id} density="compact" />
      {charges.length < count && (
        <p className="list-foot">
          The first {countText(charges.length)} of {countText(count)}; the files hold all of them.
        </p>
      )}
    </>
  )
}
