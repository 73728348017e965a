import type { Asset } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { Address } from '../../parts/address.js'
import { type Column, List } from '../../parts/list.js'
import { Money } from '../../parts/money.js'
import { StateMark } from '../../parts/states.js'
import { isPaused } from '../../sentences/token-rights.js'

/** FIG is the coin of the chain; nobody issues it. */
const coin = 0

const columns: readonly Column<Asset>[] = [
  {
    head: 'Token',
    cell: ({ asset, name, symbol }) => (
      <Link to="/explorer/token/$asset" params={{ asset: String(asset) }}>
        {name === '' ? symbol : name}
      </Link>
    ),
    at: 'a',
  },
  {
    head: 'Supply',
    end: true,
    cell: ({ supply, decimals, symbol }) => <Money amount={supply} decimals={decimals} symbol={symbol} />,
    at: 'b',
  },
  {
    head: 'State',
    cell: (asset) =>
      isPaused(asset) ? (
        <StateMark kind="waiting">Paused</StateMark>
      ) : (
        <StateMark kind="done">Open</StateMark>
      ),
    at: 'd',
  },
  {
    head: 'Issued by',
    cell: ({ asset, issuer }) => (asset === coin ? 'the chain itself' : <Address value={issuer} />),
    at: 'c',
  },
]

/** Tokens with their supply. */
export function TokenList({ assets }: { readonly assets: readonly Asset[] }) {
  return <List label="Tokens" rows={assets} columns={columns} rowKey={({ asset }) => String(asset)} />
}
