import type { Client } from '../client.js'
import { type Address, type Hash, requireCount } from '../hex.js'
import { ask, type Options } from '../http.js'
import type { Page } from './transactions.js'

export type Asset = {
  /** Its number; 0 is FIG. */
  readonly asset: number
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  readonly issuer: Address
  /** Base units. */
  readonly supply: bigint
  readonly cap: bigint
  /** Bits: 1 can be minted, 2 can be burned, 4 can be paused, 8 is paused. */
  readonly flags: number
  readonly metadataHash: Hash
}

type AssetJson = Omit<Asset, 'supply' | 'cap'> & Record<'supply' | 'cap', string>

function readAsset({
  asset,
  name,
  symbol,
  decimals,
  issuer,
  supply,
  cap,
  flags,
  metadataHash,
}: AssetJson): Asset {
  const amounts = { supply: BigInt(supply), cap: BigInt(cap) }
  return { asset, name, symbol, decimals, issuer, ...amounts, flags, metadataHash }
}

/** Errors: AssetUnknown, ArgumentInvalid, those of `ask`. */
export async function getAsset(
  client: Client,
  { asset, signal }: Options & { readonly asset: number },
): Promise<Asset> {
  const json = (await ask(client, `/v1/assets/${requireCount(asset, 'asset')}`, { signal })) as AssetJson
  return readAsset({ ...json, asset })
}

/** Assets by number, at most 1,000 at a time; `from` is the `next` of the page before. */
export async function getAssets(
  client: Client,
  { from = 0, limit = 100, signal }: Options & { readonly from?: number; readonly limit?: number } = {},
): Promise<Page<Asset, number>> {
  const json = await ask(client, `/v1/assets?from=${requireCount(from, 'from')}&limit=${limit}`, { signal })
  const { assets, next } = json as { readonly assets: readonly AssetJson[]; readonly next: number | null }
  return { items: assets.map(readAsset), next }
}
