import {
  assetQueryOptions,
  balancesQueryOptions,
  blockQueryOptions,
  blocksQueryOptions,
  scopeKey,
  transactionQueryOptions,
  validatorsQueryOptions,
} from '@banyan/react'
import {
  getAccount,
  getActivity,
  getAssets,
  getBlocks,
  getBlockTransactions,
  getTransactions,
  type Hex,
  type Summary,
  type Transaction,
} from '@banyan/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { client } from './client.js'

/** What pages read of the chain: the queries of @banyan/react, and lists that are read page by page, since a page has its own address. */

/** Beginnings of the keys of what blocks with transactions can change, and of what never changes: those of @banyan/react. */
export const stateKey = scopeKey(client, 'state')
const finalKey = scopeKey(client, 'fixed')

/** Blocks that pages keep of those that come: the first answer has fewer, the rest comes with time. */
const keptBlocks = 240

/** The newest blocks, live; or those below a height. */
export function useBlocks(limit: number, before?: number) {
  const live = useQuery({
    ...blocksQueryOptions(client, keptBlocks),
    enabled: before === undefined,
    select: (blocks) => blocks.slice(0, limit),
  })
  const older = useQuery({
    queryKey: [...finalKey, 'blocks', limit, before],
    queryFn: ({ signal }) => getBlocks(client, { limit, before: before ?? 0, signal }),
    enabled: before !== undefined,
  })
  return before === undefined ? live : older
}

/** A block by height or id. */
export function useBlock(block: string) {
  return useQuery(blockQueryOptions(client, block.startsWith('0x') ? (block as Hex) : Number(block)))
}

export function useBlockTransactions(block: number, limit: number, from?: number) {
  return useQuery({
    queryKey: [...finalKey, 'block transactions', block, limit, from],
    queryFn: ({ signal }) =>
      getBlockTransactions(client, { block, limit, ...(from !== undefined && { from }), signal }),
  })
}

export function useLatestTransactions(limit: number, before?: string) {
  return useQuery({
    queryKey: [...stateKey, 'newest transactions', limit, before],
    queryFn: ({ signal }) =>
      getTransactions(client, { limit, ...(before !== undefined && { before }), signal }),
    placeholderData: keepPreviousData,
  })
}

const unsettledMs = 500

export function useTransaction(id: string) {
  return useQuery({
    ...transactionQueryOptions(client, id as Hex),
    // What is final stays; before that only asking tells.
    refetchInterval: ({ state: { data } }) => (data === undefined || isSettled(data) ? false : unsettledMs),
  })
}

function isSettled({ state }: Transaction): boolean {
  return state !== 'pending' && state !== 'included'
}

/** What a transaction did, once it is in a final block. */
export function useSummary(transaction: Transaction | undefined): Summary | undefined {
  const place = transaction?.block
  const { data } = useQuery({
    queryKey: [...finalKey, 'summary', transaction?.id],
    queryFn: async ({ signal }) => {
      const from = place!.index!
      const { items } = await getBlockTransactions(client, { block: place!.height, from, limit: 1, signal })
      return items[0]
    },
    enabled: transaction !== undefined && isSettled(transaction) && typeof place?.index === 'number',
  })
  return data
}

export function useActivity(address: string, limit: number, before?: string, enabled = true) {
  return useQuery({
    queryKey: [...stateKey, 'activity page', address, limit, before],
    queryFn: ({ signal }) =>
      getActivity(client, {
        address: address as Hex,
        limit,
        ...(before !== undefined && { before }),
        signal,
      }),
    enabled,
  })
}

export function useBalances(address: string, enabled = true) {
  return useQuery({ ...balancesQueryOptions(client, address as Hex), enabled })
}

export function useAccountState(address: string) {
  return useQuery({
    queryKey: [...stateKey, 'account', address],
    queryFn: ({ signal }) => getAccount(client, { address: address as Hex, signal }),
  })
}

const maxAssets = 1_000

/** All assets, as far as one page of them goes. */
export function useAssets() {
  return useQuery({
    queryKey: [...stateKey, 'all assets'],
    queryFn: async ({ signal }) => (await getAssets(client, { limit: maxAssets, signal })).items,
  })
}

export function useAsset(asset: number) {
  return useQuery(assetQueryOptions(client, asset))
}

export function useValidators() {
  return useQuery(validatorsQueryOptions(client))
}
