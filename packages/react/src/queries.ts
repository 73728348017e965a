import {
  type BanyanError,
  type BlockChoice,
  type Client,
  getActivity,
  getAsset,
  getAssets,
  getBalance,
  getBalances,
  getBlock,
  getBlocks,
  getBlockTransactions,
  getStatus,
  getTransaction,
  getTransactions,
  getValidators,
  type Hex,
} from '@banyan/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

/**
 * Questions to the chain as options of TanStack Query, for hooks, loaders and prefetching alike. Answers stay good until a
 * block changes them: `followChain` says when.
 */

/** `chain` changes with every block, `state` with blocks that hold transactions, `fixed` never. */
type Scope = 'chain' | 'newest blocks' | 'state' | 'fixed'

/** Key under which all answers of a scope stand. */
export function scopeKey({ url }: Client, scope: Scope) {
  return ['banyan', url, scope] as const
}

const common = {
  staleTime: Number.POSITIVE_INFINITY,
  retry: (failures: number, error: unknown): boolean =>
    failures < 3 && (error as Partial<BanyanError> | null)?.retryable === true,
} as const

export const networkQueryOptions = (client: Client) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'chain'), 'status'] as const,
    queryFn: ({ signal }) => getStatus(client, { signal }),
  })

export const validatorsQueryOptions = (client: Client) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'state'), 'validators'] as const,
    queryFn: ({ signal }) => getValidators(client, { signal }),
  })

/** A block by height or id stays what it is. */
export const blockQueryOptions = (client: Client, block: BlockChoice) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, block === 'latest' ? 'chain' : 'fixed'), 'block', block] as const,
    queryFn: ({ signal }) => getBlock(client, { block, signal }),
  })

/** The newest blocks, newest first. */
export const blocksQueryOptions = (client: Client, limit = 20) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'newest blocks'), limit] as const,
    queryFn: ({ signal }) => getBlocks(client, { limit, signal }),
  })

export const blockTransactionsQueryOptions = (client: Client, block: number | Hex) =>
  infiniteQueryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'fixed'), 'block transactions', block] as const,
    queryFn: ({ signal, pageParam }) => getBlockTransactions(client, { block, from: pageParam, signal }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  })

const newestFirst = { initialPageParam: '', getNextPageParam: (page: { next: string | null }) => page.next }
const before = (cursor: string) => (cursor === '' ? {} : { before: cursor })

/** Newest transactions of the chain in pages. */
export const transactionsQueryOptions = (client: Client) =>
  infiniteQueryOptions({
    ...common,
    ...newestFirst,
    queryKey: [...scopeKey(client, 'state'), 'transactions'] as const,
    queryFn: ({ signal, pageParam }) => getTransactions(client, { ...before(pageParam), signal }),
  })

/** What happened to an account, newest first, in pages. */
export const activityQueryOptions = (client: Client, address: Hex) =>
  infiniteQueryOptions({
    ...common,
    ...newestFirst,
    queryKey: [...scopeKey(client, 'state'), 'activity', address] as const,
    queryFn: ({ signal, pageParam }) => getActivity(client, { address, ...before(pageParam), signal }),
  })

export const transactionQueryOptions = (client: Client, id: Hex) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'state'), 'transaction', id] as const,
    queryFn: ({ signal }) => getTransaction(client, { id, signal }),
  })

export const balanceQueryOptions = (client: Client, address: Hex, asset = 0) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'state'), 'balance', address, asset] as const,
    queryFn: ({ signal }) => getBalance(client, { address, asset, signal }),
  })

export const balancesQueryOptions = (client: Client, address: Hex) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'state'), 'balances', address] as const,
    queryFn: ({ signal }) => getBalances(client, { address, signal }),
  })

export const assetQueryOptions = (client: Client, asset: number) =>
  queryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'state'), 'asset', asset] as const,
    queryFn: ({ signal }) => getAsset(client, { asset, signal }),
  })

/** Assets by number in pages. */
export const assetsQueryOptions = (client: Client) =>
  infiniteQueryOptions({
    ...common,
    queryKey: [...scopeKey(client, 'state'), 'assets'] as const,
    queryFn: ({ signal, pageParam }) => getAssets(client, { from: pageParam, signal }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  })
