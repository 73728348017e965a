import type { Asset } from '@banyan/sdk'
import { Address } from '../../parts/address.js'
import { type Column, List } from '../../parts/list.js'
import { tokenName, tokenState, tokenSupply } from './token-columns.js'

/** FIG is the coin of the chain; nobody issues it. */
const coin = 0

const columns: readonly Column<Asset>[] = [
  tokenName,
  tokenSupply,
  { ...tokenState, at: 'd' },
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
