import type { Asset } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { type Column, List } from '../../parts/list.js'
import { mayIssueMore } from '../../sentences/token-rights.js'
import { tokenName, tokenState, tokenSupply } from '../explorer/token-columns.js'

const columns: readonly Column<Asset>[] = [
  tokenName,
  { ...tokenState, at: 'c' },
  tokenSupply,
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
