import { Link } from '@tanstack/react-router'
import { ArrowDownLeft, ArrowUpRight, Coins } from 'lucide-react'
import { useState } from 'react'
import { useAssetNames } from '../../data/asset-names.js'
import { useActivity, useBalances } from '../../data/chain.js'
import { askFaucet, useIsTestNetwork } from '../../data/local.js'
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
import { StartPanel } from './start-panel.js'

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

function OpenWallet({ account }: { readonly account: DeviceAccount }) {
  const { address } = account
  const balances = useBalances(address)
  const activity = useActivity(address, shownActivity)
  const assets = useAssetNames()
  const held = balances.data ?? []
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
        </>
      }
    >
      <Loaded query={balances} what="The balances could not be read" rows={2}>
        {() => (
          <Figures
            figures={figures.length > 0 ? figures : [{ label: 'Balance', value: '0', unit: 'FIG' }]}
          />
        )}
      </Loaded>
      <TestMoney address={address} isPoor={held.length === 0} />
      {held.length > shownFigures && (
        <Section title="Everything you hold">
          <BalanceList balances={held} />
        </Section>
      )}
      <Section title="Activity" aside={<Link to="/explorer/address/$address" params={{ address }}>All of it</Link>}>
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

type Asking = 'idle' | 'busy' | { readonly error: unknown }

/** Test money for the asking, where the network gives some away. */
function TestMoney({ address, isPoor }: { readonly address: string; readonly isPoor: boolean }) {
  const hasFaucet = useIsTestNetwork()
  const [asking, setAsking] = useState<Asking>('idle')
  if (!hasFaucet) return null
  const ask = async () => {
    setAsking('busy')
    try {
      await askFaucet(address)
      setAsking('idle')
    } catch (error) {
      setAsking({ error })
    }
  }
  const button = (
    <button
      type="button"
      className={isPoor ? 'button is-primary' : 'button is-small'}
      disabled={asking === 'busy'}
      onClick={() => void ask()}
    >
      <Coins size={18} aria-hidden="true" />
      {asking === 'busy' ? 'It is on its way…' : 'Get test money'}
    </button>
  )
  return (
    <>
      {isPoor ? (
        <Empty action={button}>Your account is ready and empty. The faucet of this test network gives money to try with.</Empty>
      ) : (
        <div className="actions">{button}</div>
      )}
      {typeof asking === 'object' && <ErrorNote error={asking.error} what="The faucet gave nothing" />}
    </>
  )
}
