import { countText } from '../../format/amount.js'
import { Address } from '../../parts/address.js'
import { FigMoney } from '../../parts/fig-money.js'
import { type Column, List } from '../../parts/list.js'
import { methodText } from '../../sentences/methods.js'
import type { Statement } from './statement.js'

type UserTotal = Statement['users'][number]
type MethodTotal = Statement['methods'][number]

const counted = {
  head: 'Transactions',
  end: true,
  cell: (row: { readonly count: number }) => countText(row.count),
}
const paid = {
  head: 'Fees',
  end: true,
  cell: (row: { readonly fee: bigint }) => <FigMoney amount={row.fee} />,
  at: 'b',
} as const

const userColumns: readonly Column<UserTotal>[] = [
  { head: 'User', cell: ({ user }) => <Address value={user} brief />, at: 'a' },
  counted,
  paid,
]

/** What was paid for each user. */
export function UserTotals({ users }: { readonly users: readonly UserTotal[] }) {
  return <List label="By user" rows={users} columns={userColumns} rowKey={({ user }) => user} />
}

/** Methods that move money, which sentences tell by what was moved. */
const payments: Readonly<Record<string, string>> = {
  payment: 'payments in FIG',
  '0xa9059cbb': 'payments in tokens',
}

/** What was done, in words: the sponsor names a contract or payee, and the method or `payment`. */
function kindOf(method: string): string {
  const name = method.split(' ').at(-1) ?? method
  return payments[name] ?? methodText(name) ?? name
}

/** Totals of each kind of act, whatever contract or payee it was for; the most expensive first. */
function totalsByKind(methods: readonly MethodTotal[]): readonly MethodTotal[] {
  const sums = new Map<string, MethodTotal>()
  for (const { method, count, fee } of methods) {
    const kind = kindOf(method)
    const known = sums.get(kind)
    sums.set(kind, { method: kind, count: count + (known?.count ?? 0), fee: fee + (known?.fee ?? 0n) })
  }
  return [...sums.values()].toSorted((a, b) => (a.fee < b.fee ? 1 : -1))
}

const methodColumns: readonly Column<MethodTotal>[] = [
  { head: 'What', cell: ({ method }) => method.charAt(0).toUpperCase() + method.slice(1), at: 'a' },
  counted,
  paid,
]

/** What was paid for each kind of act. */
export function MethodTotals({ methods }: { readonly methods: readonly MethodTotal[] }) {
  return (
    <List
      label="By what was done"
      rows={totalsByKind(methods)}
      columns={methodColumns}
      rowKey={({ method }) => method}
    />
  )
}
