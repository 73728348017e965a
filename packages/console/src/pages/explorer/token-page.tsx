import { asAssetId, toHex } from '@banyan/base'
import { assetAddress } from '@banyan/contracts/abi'
import type { Asset } from '@banyan/sdk'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAsset } from '../../data/chain.js'
import { amountText, countText } from '../../format/amount.js'
import { Address } from '../../parts/address.js'
import { Facts, Figures } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { RawBox } from '../../parts/raw-box.js'
import { StateMark } from '../../parts/states.js'
import { capText, isPaused, rightsText } from '../../sentences/token-rights.js'
import { IssuerActions } from '../tokens/issuer-actions.js'
import { HolderList } from './holder-list.js'

const crumb = <Link to="/explorer/tokens">Tokens</Link>
const coin = 0

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

function TokenView({ asset }: { readonly asset: Asset }) {
  const { name, symbol, decimals, supply, issuer } = asset
  const isCoin = asset.asset === coin
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Issued by', isCoin ? 'the chain itself' : <Address key="issuer" value={issuer} />],
    ['Rights', rightsText(asset)],
    ['Decimals', String(decimals)],
    [
      'Contract',
      <FullValue
        key="contract"
        value={toHex(assetAddress(asAssetId(asset.asset)))}
        what="address of the contract"
      />,
    ],
  ]
  return (
    <Page
      crumb={crumb}
      tab={name === '' ? symbol : name}
      title={name === '' ? symbol : `${name} (${symbol})`}
      lead={
        isPaused(asset) ? (
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
      <IssuerActions asset={asset} />
      {!isCoin && <HolderList asset={asset} />}
      <RawBox value={asset} />
    </Page>
  )
}
