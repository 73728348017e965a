import { maxAmount } from '@banyan/base'
import type { Asset } from '@banyan/sdk'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { assetAddress, useAsset } from '../../data/chain.js'
import { amountText, countText } from '../../format/amount.js'
import { Address } from '../../parts/address.js'
import { Facts, Figures } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { RawBox } from '../../parts/raw-box.js'
import { StateMark } from '../../parts/states.js'
import { pausedFlag } from './token-list.js'

const crumb = <Link to="/explorer/tokens">Tokens</Link>
const coin = 0
const rights = [
  [1, 'more can be issued'],
  [2, 'holders can destroy theirs'],
  [4, 'the issuer can pause transfers'],
] as const

/** One token. */
export function TokenPage() {
  const { asset } = useParams({ from: '/explorer/token/$asset' })
  const query = useAsset(Number(asset))
  if (query.data === undefined) {
    return (
      <Page title="Token" crumb={crumb}>
        <Loaded query={query} what="This token could not be read">
          {() => null}
        </Loaded>
      </Page>
    )
  }
  return <TokenView asset={query.data} />
}

function capText({ cap, decimals, symbol }: Asset): string {
  return cap >= maxAmount ? 'no limit' : `${amountText(cap, decimals).full} ${symbol}`
}

function TokenView({ asset }: { readonly asset: Asset }) {
  const { name, symbol, decimals, supply, flags, issuer } = asset
  const isPaused = (flags & pausedFlag) !== 0
  const granted = rights.filter(([bit]) => (flags & bit) !== 0).map(([, words]) => words)
  const isCoin = asset.asset === coin
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Issued by', isCoin ? 'the chain itself' : <Address key="issuer" value={issuer} />],
    ['Rights', granted.length === 0 ? 'the supply is fixed' : granted.join(', ')],
    ['Decimals', String(decimals)],
    ['Contract', <FullValue key="contract" value={assetAddress(asset.asset)} what="address of the contract" />],
  ]
  return (
    <Page
      crumb={crumb}
      tab={name === '' ? symbol : name}
      title={name === '' ? symbol : `${name} (${symbol})`}
      lead={
        isPaused ? (
          <StateMark kind="waiting">Transfers are paused by the issuer</StateMark>
        ) : (
          <StateMark kind="done">Can be transferred</StateMark>
        )
      }
      actions={
        <Link to="/wallet/send" search={{ asset: asset.asset }} className="button">
          Send {symbol}
        </Link>
      }
    >
      <Figures
        figures={[
          { label: 'Supply', value: amountText(supply, decimals).short, unit: symbol },
          { label: 'Limit', value: capText(asset) },
          { label: 'Number of the token', value: countText(asset.asset) },
        ]}
      />
      <Facts facts={facts} />
      <RawBox value={asset} />
    </Page>
  )
}
