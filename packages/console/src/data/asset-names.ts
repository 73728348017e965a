import type { Asset } from '@banyan/sdk'
import { useMemo } from 'react'
import { useAssets } from './chain.js'

/** Assets by number, as far as they are known yet. */
export function useAssetNames(): ReadonlyMap<number, Asset> {
  const { data } = useAssets()
  return useMemo(() => new Map(data?.map((asset) => [asset.asset, asset])), [data])
}
