import type { Asset } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { type Column, List } from '../../parts/list.js'
import { Money } from '../../parts/money.js'
import { StateMark } from '../../parts/states.js'
import { isPaused, mayIssueMore } from '../../sentences/token-rights.js'

const columns: readonly Column<Asset>[] = [
  {
    head: 'Token',
    cell: ({ asset, name }) => (
      <Link to="/explorer/token/$asset" params={{ asset: String(asset) }}>
        {name}
      </Link>
    ),
    at: 'a',
  },
  {
    head: 'State',
    cell: (asset) =>
      isPaused(asset) ? (
        <StateMark kind="waiting">Paused</StateMark>
      ) : (
        <StateMark kind="done">Open</StateMark>
      ),
    at: 'c',
  },
  {
    head: 'Supply',
    end: true,
    cell: ({ supply, decimals, symbol }) => <Money amount={supply} decimals={decimals} symbol={symbol} />,
    at: 'b',
  },
  {
    head: 'What you can do',
    end: true,
    cell: (asset) =>
      mayIssueMore(asset) ? (
        <Link to="/tokens/issue/$asset" params={{ asset: String(asset.asset) }}>
          Issue more
        </Link>
      ) : (
        <span className="is-quiet">supply is fixed</span>
      ),
    at: 'd',
  },
]

/** Tokens of one issuer, with what it can do with them. */
export function OwnTokenList({ assets }: { readonly assets: readonly Asset[] }) {
  return (
    <List
      label="Your tokens"
      rows={assets}
      columns={columns}
      rowKey={({ asset }) => String(asset)}
      density="relaxed"
    />
  )
}
