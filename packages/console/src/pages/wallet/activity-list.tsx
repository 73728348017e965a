import type { Summary } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { AssetMoney } from '../../data/asset-money.js'
import { Ago } from '../../parts/ago.js'
import { type Column, List } from '../../parts/list.js'
import { StateMark } from '../../parts/states.js'
import { Sentence } from '../../sentences/sentence-view.js'

const mostMovements = 2

/** What a transaction moved to or from an account. */
function Movements({ summary, owner }: { readonly summary: Summary; readonly owner: string }) {
  const own = summary.movements
    .filter(({ from, to }) => (from === owner) !== (to === owner))
    .slice(0, mostMovements)
  return own
    .map((movement, index) => ({ movement, key: `${index} ${movement.asset}` }))
    .map(({ movement, key }) => (
      <span key={key} className="stacked">
        <AssetMoney
          asset={movement.asset}
          amount={movement.amount}
          direction={movement.to === owner ? 'in' : 'out'}
        />
      </span>
    ))
}

function columnsFor(owner: string): readonly Column<Summary>[] {
  return [
    { head: 'What happened', cell: (summary) => <Sentence summary={summary} />, at: 'a' },
    {
      head: 'When',
      cell: ({ id, timestamp }) => (
        <Link to="/explorer/tx/$id" params={{ id }}>
          <Ago at={timestamp} />
        </Link>
      ),
      at: 'c',
    },
    {
      head: 'State',
      cell: ({ status }) =>
        status === 'success' ? (
          <StateMark kind="done">Final</StateMark>
        ) : (
          <StateMark kind="failed">Failed</StateMark>
        ),
      at: 'd',
    },
    { head: 'Amount', end: true, cell: (summary) => <Movements summary={summary} owner={owner} />, at: 'b' },
  ]
}

type ActivityListProps = { readonly owner: string; readonly transactions: readonly Summary[] }

/** Transactions as seen from an account. */
export function ActivityList({ owner, transactions }: ActivityListProps) {
  return (
    <List
      label="Activity"
      rows={transactions}
      columns={columnsFor(owner.toLowerCase())}
      rowKey={({ id }) => id}
      density="relaxed"
    />
  )
}
