import { Link } from '@tanstack/react-router'
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react'
import { useAssetNames } from '../../data/asset-names.js'
import { useActivity, useBalances } from '../../data/chain.js'
import { ErrorNote } from '../../errors/error-note.js'
import { amountText } from '../../format/amount.js'
import { Address } from '../../parts/address.js'
import { Figures } from '../../parts/figures.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import type { DeviceAccount } from '../../wallet/device-accounts.js'
import { useWallet } from '../../wallet/use-wallet.js'
import { AccountSwitch } from './account-switch.js'
import { ActivityList } from './activity-list.js'
import { BalanceList } from './balance-list.js'
import { FaucetButton } from './faucet-button.js'
import { StartPanel } from './start-panel.js'
import { useFaucet } from './use-faucet.js'

/** The wallet of this device. */
export function WalletPage() {
  const { account } = useWallet()
  if (account === undefined) {
    return (
      <Page title="Wallet" lead="Money of this network, held by your own device.">
        <StartPanel />
      </Page>
    )
  }
  return <OpenWallet key={account.address} account={account} />
}

const shownActivity = 15
const shownFigures = 4
const coin = 0

function OpenWallet({ account }: { readonly account: DeviceAccount }) {
  const { address } = account
  const balances = useBalances(address)
  const activity = useActivity(address, shownActivity)
  const assets = useAssetNames()
  const held = balances.data ?? []
  const faucet = useFaucet(address, held.find(({ asset }) => asset === coin)?.balance ?? 0n)
  const isPoor = balances.data !== undefined && held.length === 0
  const figures = held.slice(0, shownFigures).map(({ asset, balance }) => {
    const known = assets.get(asset)
    return {
      label: known === undefined || known.name === '' ? `Token ${asset}` : known.name,
      value: amountText(balance, known?.decimals ?? 0).short,
      unit: known?.symbol ?? '',
    }
  })
  return (
    <Page
      tab="Wallet"
      title={account.kind === 'person' ? `${account.name}'s wallet` : 'Your wallet'}
      lead={<Address value={address} />}
      actions={
        <>
          <Link to="/wallet/send" className="button is-primary">
            <ArrowUpRight size={18} aria-hidden="true" />
            Send
          </Link>
          <Link to="/wallet/receive" className="button">
            <ArrowDownLeft size={18} aria-hidden="true" />
            Receive
          </Link>
          {!isPoor && faucet.isOffered && <FaucetButton faucet={faucet} />}
        </>
      }
    >
      <Loaded query={balances} what="The balances could not be read" rows={2}>
        {() => (
          <Figures figures={figures.length > 0 ? figures : [{ label: 'Balance', value: '0', unit: 'FIG' }]} />
        )}
      </Loaded>
      {isPoor && faucet.isOffered && (
        <Empty action={<FaucetButton faucet={faucet} isMain />}>
          Your account is ready and empty. The faucet of this test network gives money to try with.
        </Empty>
      )}
      {faucet.error !== undefined && <ErrorNote error={faucet.error} what="The faucet gave nothing" />}
      {held.length > shownFigures && (
        <Section title="Everything you hold">
          <BalanceList balances={held} />
        </Section>
      )}
      <Section
        title="Activity"
        aside={
          <Link to="/explorer/address/$address" params={{ address }}>
            All of it, and as a file
          </Link>
        }
      >
        <Loaded query={activity} what="The activity could not be read">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>Nothing yet. What you send and receive will stand here, newest first.</Empty>
            ) : (
              <ActivityList owner={address} transactions={items} />
            )
          }
        </Loaded>
      </Section>
      <Section title="Accounts on this device">
        <AccountSwitch />
      </Section>
    </Page>
  )
}
