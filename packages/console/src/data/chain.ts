import {
  type Block,
  getAccount,
  getActivity,
  getAsset,
  getAssets,
  getBalances,
  getBlock,
  getBlocks,
  getBlockTransactions,
  getTransaction,
  getTransactions,
  getValidators,
  type Hex,
  type Summary,
  type Transaction,
} from '@banyan/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { client } from './client.js'
import { recentKey } from './follow-chain.js'

/**
 * What pages read of the chain. Keys that begin with `chain` are read again after blocks with transactions, those that begin with
 * `final` never change.
 */

/** The newest blocks, live; or those below a height. */
export function useBlocks(limit: number, before?: number) {
  const live = useQuery<readonly Block[]>({
    queryKey: recentKey,
    queryFn: ({ signal }) => getBlocks(client, { limit: 100, signal }),
    enabled: before === undefined,
    select: (blocks) => blocks.slice(0, limit),
  })
  const older = useQuery({
    queryKey: ['final', 'blocks', limit, before],
    queryFn: ({ signal }) => getBlocks(client, { limit, before: before ?? 0, signal }),
    enabled: before !== undefined,
  })
  return before === undefined ? live : older
}

/** A block by height or id. */
export function useBlock(block: string) {
  return useQuery({
    queryKey: ['final', 'block', block],
    queryFn: ({ signal }) =>
      getBlock(client, { block: block.startsWith('0x') ? (block as Hex) : Number(block), signal }),
  })
}

export function useBlockTransactions(block: number, limit: number, from?: number) {
  return useQuery({
    queryKey: ['final', 'blockTransactions', block, limit, from],
    queryFn: ({ signal }) =>
      getBlockTransactions(client, { block, limit, ...(from !== undefined && { from }), signal }),
  })
}

export function useLatestTransactions(limit: number, before?: string) {
  return useQuery({
    queryKey: ['chain', 'transactions', limit, before],
    queryFn: ({ signal }) =>
      getTransactions(client, { limit, ...(before !== undefined && { before }), signal }),
    placeholderData: keepPreviousData,
  })
}

const unsettledMs = 500

export function useTransaction(id: string) {
  return useQuery({
    queryKey: ['final', 'transaction', id],
    queryFn: ({ signal }) => getTransaction(client, { id: id as Hex, signal }),
    // What is final stays; before that only asking tells.
    refetchInterval: ({ state: { data } }) => (data === undefined || isSettled(data) ? false : unsettledMs),
  })
}

function isSettled(transaction: Transaction | undefined): boolean {
  return transaction !== undefined && transaction.state !== 'pending' && transaction.state !== 'included'
}

/** What a transaction did, once it is in a final block. */
export function useSummary(transaction: Transaction | undefined): Summary | undefined {
  const place = transaction?.block
  const { data } = useQuery({
    queryKey: ['final', 'summary', transaction?.id],
    queryFn: async ({ signal }) => {
      const from = place!.index!
      const { items } = await getBlockTransactions(client, { block: place!.height, from, limit: 1, signal })
      return items[0]
    },
    enabled: isSettled(transaction) && typeof place?.index === 'number',
  })
  return data
}

export function useActivity(address: string, limit: number, before?: string, enabled = true) {
  return useQuery({
    queryKey: ['chain', 'activity', address, limit, before],
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
  return useQuery({
    queryKey: ['chain', 'balances', address],
    queryFn: ({ signal }) => getBalances(client, { address: address as Hex, signal }),
    enabled,
  })
}

export function useAccountState(address: string) {
  return useQuery({
    queryKey: ['chain', 'account', address],
    queryFn: ({ signal }) => getAccount(client, { address: address as Hex, signal }),
  })
}

const maxAssets = 1_000

/** All assets, as far as one page of them goes. */
export function useAssets() {
  return useQuery({
    queryKey: ['chain', 'assets'],
    queryFn: async ({ signal }) => (await getAssets(client, { limit: maxAssets, signal })).items,
  })
}

export function useAsset(asset: number) {
  return useQuery({
    queryKey: ['chain', 'asset', asset],
    queryFn: ({ signal }) => getAsset(client, { asset, signal }),
  })
}

export function useValidators() {
  return useQuery({
    queryKey: ['chain', 'validators'],
    queryFn: ({ signal }) => getValidators(client, { signal }),
  })
}
