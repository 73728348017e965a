import type { Summary } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { shortHex } from '../../names/address-marks.js'
import { Ago } from '../../parts/ago.js'
import { type Column, List } from '../../parts/list.js'
import { StateMark } from '../../parts/states.js'
import { Sentence } from '../../sentences/sentence-view.js'

const columns: readonly Column<Summary>[] = [
  { head: 'What happened', cell: (summary) => <Sentence summary={summary} />, at: 'a' },
  {
    head: 'State',
    cell: ({ status }) =>
      status === 'success' ? (
        <StateMark kind="done">Final</StateMark>
      ) : (
        <StateMark kind="failed">Failed</StateMark>
      ),
    at: 'b',
  },
  { head: 'When', cell: ({ timestamp }) => <Ago at={timestamp} />, at: 'c' },
  {
    head: 'Transaction',
    end: true,
    cell: ({ id }) => (
      <Link to="/explorer/tx/$id" params={{ id }} className="hash">
        {shortHex(id)}
      </Link>
    ),
    at: 'd',
  },
]

/** Transactions as sentences. */
export function TransactionList({ transactions }: { readonly transactions: readonly Summary[] }) {
  return <List label="Transactions" rows={transactions} columns={columns} rowKey={({ id }) => id} />
}
