import type { Movement } from '@banyan/sdk'
import { AssetMoney } from '../../data/asset-money.js'
import { Address } from '../../parts/address.js'
import { type Column, List } from '../../parts/list.js'

type Row = Movement & { readonly key: string }

const columns: readonly Column<Row>[] = [
  { head: 'From', cell: ({ from }) => <Address value={from} />, at: 'a' },
  { head: 'To', cell: ({ to }) => <Address value={to} />, at: 'c' },
  {
    head: 'Amount',
    end: true,
    cell: ({ asset, amount }) => <AssetMoney asset={asset} amount={amount} />,
    at: 'b',
  },
]

/** What a transaction moved. */
export function MovementList({ movements }: { readonly movements: readonly Movement[] }) {
  const rows = movements.map((movement, index) => ({ ...movement, key: String(index) }))
  return (
    <List label="What was moved" rows={rows} columns={columns} rowKey={({ key }) => key} density="compact" />
  )
}
