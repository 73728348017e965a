import { asAssetId, toHex } from '@banyan/base'
import { assetAddress } from '@banyan/contracts/abi'
import { type Asset, getLogs, getStatus, type PlacedLog } from '@banyan/sdk'
import { useQuery } from '@tanstack/react-query'
import { stateKey } from './chain.js'
import { client } from './client.js'
import { type Holder, holdersOf } from './token-holders.js'

/** Who holds a token, the most first. */
export type Holders = {
  readonly holders: readonly Holder[]
  /** Whether they hold the whole supply: older transfers may be missing, and there are bounds. */
  readonly areAll: boolean
}

/** keccak256 of "Transfer(address,address,uint256)". */
const transfer = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
/** Heights of one question, and questions at most. */
const span = 10_000
const mostQuestions = 50

async function readHolders({ asset, supply }: Asset, signal: AbortSignal): Promise<Holders> {
  const { height, oldest } = await getStatus(client, { signal })
  const filter = { addresses: [toHex(assetAddress(asAssetId(asset)))], topics: [[transfer]] } as const
  const logs: PlacedLog[] = []
  let after: string | null = null
  let from = oldest
  for (let i = 0; i < mostQuestions && from <= height; i++) {
    const to = Math.min(height, from + span - 1)
    const page: Awaited<ReturnType<typeof getLogs>> = await getLogs(client, {
      ...filter,
      from,
      to,
      limit: 1_000,
      ...(after !== null && { after }),
      signal,
    })
    logs.push(...page.items)
    after = page.next
    if (after === null) from = to + 1
  }
  const holders = holdersOf(logs)
  return { holders, areAll: holders.reduce((sum, { balance }) => sum + balance, 0n) === supply }
}

/** The holders of a token, from its transfers. */
export function useHolders(asset: Asset) {
  return useQuery({
    queryKey: [...stateKey, 'holders', asset.asset, String(asset.supply)],
    queryFn: ({ signal }) => readHolders(asset, signal),
  })
}
