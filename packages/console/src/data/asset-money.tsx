import { figDecimals } from '@banyan/base'
import { Money } from '../parts/money.js'
import { useAssetNames } from './asset-names.js'

/** The coin of the chain is the same on every chain, so it is known before anything is read. */
const coin = 0
const fig = { decimals: figDecimals, symbol: 'FIG' }

type AssetMoneyProps = {
  readonly asset: number
  readonly amount: bigint
  readonly direction?: 'in' | 'out'
  readonly exact?: boolean
}

/** An amount of any asset. */
export function AssetMoney({ asset, amount, direction, exact = false }: AssetMoneyProps) {
  const names = useAssetNames()
  const known = asset === coin ? fig : names.get(asset)
  // Without its decimals an amount would be told wrong.
  if (known === undefined) return <span className="money">…</span>
  const way = { exact, ...(direction !== undefined && { direction }) }
  return <Money amount={amount} decimals={known.decimals} symbol={known.symbol} {...way} />
}
