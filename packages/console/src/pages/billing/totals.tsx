import type { Statement } from '../../data/sponsor.js'
import { countText } from '../../format/amount.js'
import { Address } from '../../parts/address.js'
import { FigMoney } from '../../parts/fig-money.js'
import { type Column, List } from '../../parts/list.js'
import { methodText } from '../../sentences/methods.js'

type UserTotal = Statement['users'][number]
type MethodTotal = Statement['methods'][number]

const count = {
  head: 'Transactions',
  end: true,
  cell: (row: { readonly count: number }) => countText(row.count),
}
const fee = {
  head: 'Fees',
  end: true,
  cell: (row: { readonly fee: bigint }) => <FigMoney amount={row.fee} />,
  at: 'b',
} as const

const userColumns: readonly Column<UserTotal>[] = [
  { head: 'User', cell: ({ user }) => <Address value={user} brief />, at: 'a' },
  count,
  fee,
]

/** What was paid for each user. */
export function UserTotals({ users }: { readonly users: readonly UserTotal[] }) {
  return <List label="By user" rows={users} columns={userColumns} rowKey={({ user }) => user} />
}

/** Methods of tokens that move money, which sentences tell by what was moved. */
const payments: Readonly<Record<string, string>> = {
  payment: 'Payments in FIG',
  '0xa9059cbb': 'Payments in tokens',
}

function nameOf(method: string): string {
  const text = payments[method] ?? methodText(method) ?? method
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const methodColumns: readonly Column<MethodTotal>[] = [
  { head: 'What', cell: ({ method }) => nameOf(method), at: 'a' },
  count,
  fee,
]

/** What was paid for each kind of act. */
export function MethodTotals({ methods }: { readonly methods: readonly MethodTotal[] }) {
  return (
    <List label="By what was done" rows={methods} columns={methodColumns} rowKey={({ method }) => method} />
  )
}
