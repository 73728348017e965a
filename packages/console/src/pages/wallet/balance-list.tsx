import type { Balance } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { AssetMoney } from '../../data/asset-money.js'
import { useAssetNames } from '../../data/asset-names.js'
import { type Column, List } from '../../parts/list.js'

function AssetName({ asset }: { readonly asset: number }) {
  const known = useAssetNames().get(asset)
  return (
    <Link to="/explorer/token/$asset" params={{ asset: String(asset) }}>
      {known === undefined ? `Token ${asset}` : known.name === '' ? known.symbol : known.name}
    </Link>
  )
}

const columns: readonly Column<Balance>[] = [
  { head: 'Asset', cell: ({ asset }) => <AssetName asset={asset} />, at: 'a' },
  {
    head: 'Balance',
    end: true,
    cell: ({ asset, balance }) => <AssetMoney asset={asset} amount={balance} />,
    at: 'b',
  },
]

/** What an account holds. */
export function BalanceList({ balances }: { readonly balances: readonly Balance[] }) {
  return (
    <List
      label="Balances"
      rows={balances}
      columns={columns}
      rowKey={({ asset }) => String(asset)}
      density="relaxed"
    />
  )
}
