import { Money } from '../parts/money.js'
import { useAssetNames } from './asset-names.js'

type AssetMoneyProps = {
  readonly asset: number
  readonly amount: bigint
  readonly direction?: 'in' | 'out'
  readonly exact?: boolean
}

/** An amount of any asset; its number stands for a name that is not known yet. */
export function AssetMoney({ asset, amount, direction, exact = false }: AssetMoneyProps) {
  const known = useAssetNames().get(asset)
  const way = { exact, ...(direction !== undefined && { direction }) }
  if (known === undefined)
    return <Money amount={amount} decimals={0} symbol={`units of token ${asset}`} {...way} />
  return <Money amount={amount} decimals={known.decimals} symbol={known.symbol} {...way} />
}
