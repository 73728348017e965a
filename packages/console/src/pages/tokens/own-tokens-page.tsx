import type { Asset } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { useAssets } from '../../data/chain.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import type { DeviceAccount } from '../../wallet/device-accounts.js'
import { useWallet } from '../../wallet/use-wallet.js'
import { OwnTokenList } from './own-token-list.js'

const coin = 0
const create = (
  <Link to="/tokens/create" className="button is-primary">
    Create a token
  </Link>
)

/** The tokens that the account in use has issued. */
export function OwnTokensPage() {
  const { account } = useWallet()
  const assets = useAssets()
  return (
    <Page
      title="Your tokens"
      lead={
        <>
          Points, tickets, shares or a currency: what you issue is kept by the chain like money. All tokens of
          this chain are <Link to="/explorer/tokens">in the explorer</Link>.
        </>
      }
      actions={create}
    >
      <Loaded query={assets} what="The tokens could not be read">
        {(found) => <Issued account={account} assets={found} />}
      </Loaded>
    </Page>
  )
}

type IssuedProps = { readonly account: DeviceAccount | undefined; readonly assets: readonly Asset[] }

function Issued({ account, assets }: IssuedProps) {
  const own = assets.filter(({ asset, issuer }) => asset !== coin && issuer === account?.address)
  if (own.length === 0)
    return <Empty>You have issued none yet. A name and an amount are enough to begin.</Empty>
  return <OwnTokenList assets={own} />
}
