import { Link } from '@tanstack/react-router'
import { useAssets } from '../../data/chain.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { ExplorerLinks } from './explorer-links.js'
import { TokenList } from './token-list.js'

/** All tokens of the chain. */
export function AllTokensPage() {
  const query = useAssets()
  return (
    <Page
      title="Tokens"
      tab="All tokens"
      lead="FIG, the coin of the chain, and every token that somebody has created on it."
      actions={
        <Link to="/tokens/create" className="button">
          Create a token
        </Link>
      }
    >
      <ExplorerLinks />
      <Loaded query={query} what="The tokens could not be read">
        {(assets) => <TokenList assets={assets} />}
      </Loaded>
    </Page>
  )
}
