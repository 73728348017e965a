import type { Asset } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import type { Column } from '../../parts/list.js'
import { Money } from '../../parts/money.js'
import { StateMark } from '../../parts/states.js'
import { isPaused } from '../../sentences/token-rights.js'

/** Columns that all lists of tokens have. */

export const tokenName: Column<Asset> = {
  head: 'Token',
  cell: ({ asset, name, symbol }) => (
    <Link to="/explorer/token/$asset" params={{ asset: String(asset) }}>
      {name === '' ? symbol : name}
    </Link>
  ),
  at: 'a',
}

export const tokenSupply: Column<Asset> = {
  head: 'Supply',
  end: true,
  cell: ({ supply, decimals, symbol }) => <Money amount={supply} decimals={decimals} symbol={symbol} />,
  at: 'b',
}

/** Where it stands in the row of narrow screens is for each list to say. */
export const tokenState: Omit<Column<Asset>, 'at'> = {
  head: 'State',
  cell: (asset) =>
    isPaused(asset) ? <StateMark kind="waiting">Paused</StateMark> : <StateMark kind="done">Open</StateMark>,
}
