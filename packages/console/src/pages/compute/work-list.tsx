import type { WorkItem } from '@banyan/region/api'
import { Link } from '@tanstack/react-router'
import { bytesText, spanText } from '../../format/time.js'
import { Ago } from '../../parts/ago.js'
import { type Column, List } from '../../parts/list.js'
import { MinerName } from '../../parts/miner-name.js'
import { Price } from '../../parts/price.js'
import { OutcomeMark } from './outcome.js'

const columns: readonly Column<WorkItem>[] = [
  {
    head: 'When',
    cell: ({ id, endedAt }) => (
      <Link to="/requests/$id" params={{ id }}>
        <Ago at={endedAt} />
      </Link>
    ),
    at: 'a',
  },
  { head: 'Service', cell: ({ service }) => service, at: 'c' },
  { head: 'What came of it', cell: (item) => <OutcomeMark item={item} />, at: 'd' },
  { head: 'Miner', cell: ({ miner }) => <MinerName miner={miner} /> },
  { head: 'Took', end: true, cell: ({ acceptedAt, endedAt }) => spanText(endedAt - acceptedAt) },
  { head: 'Answer', end: true, cell: ({ bytesOut }) => bytesText(bytesOut) },
  {
    head: 'Price',
    end: true,
    cell: ({ charge }) =>
      charge === null ? '–' : <Price micro={charge.enterpriseAmount} currency={charge.currency} />,
    at: 'b',
  },
]

/** Requests that are over. */
export function WorkList({ label, items }: { readonly label: string; readonly items: readonly WorkItem[] }) {
  return <List label={label} rows={items} columns={columns} rowKey={({ id }) => id} density="compact" />
}
