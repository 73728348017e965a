'use client'
import { type BlockChoice, type Connection, type Hex, watchConnection } from '@banyan/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useBanyan } from './context.js'
import * as queries from './queries.js'

/**
 * Each hook is its query options at the provider's client; what it returns is a query of TanStack. Where an argument is
 * not known yet, `undefined` waits for it.
 */

const nobody = `0x${'00'.repeat(20)}` as const

/** Balance in base units; asset 0, the default, is FIG. */
export function useBalance({
  address,
  asset = 0,
}: {
  readonly address: Hex | undefined
  readonly asset?: number
}) {
  const { client, queryClient } = useBanyan()
  const options = queries.balanceQueryOptions(client, address ?? nobody, asset)
  return useQuery({ ...options, enabled: address !== undefined }, queryClient)
}

/** All that an account holds. */
export function useBalances({ address }: { readonly address: Hex | undefined }) {
  const { client, queryClient } = useBanyan()
  const options = queries.balancesQueryOptions(client, address ?? nobody)
  return useQuery({ ...options, enabled: address !== undefined }, queryClient)
}

/** What happened to an account, newest first; `fetchNextPage` goes back in time. */
export function useActivity({ address }: { readonly address: Hex | undefined }) {
  const { client, queryClient } = useBanyan()
  const options = queries.activityQueryOptions(client, address ?? nobody)
  return useInfiniteQuery({ ...options, enabled: address !== undefined }, queryClient)
}

/** The newest blocks, newest first. */
export function useBlocks({ limit = 20 }: { readonly limit?: number } = {}) {
  const { client, queryClient } = useBanyan()
  return useQuery(queries.blocksQueryOptions(client, limit), queryClient)
}

export function useBlock({ block }: { readonly block: BlockChoice }) {
  const { client, queryClient } = useBanyan()
  return useQuery(queries.blockQueryOptions(client, block), queryClient)
}

/** Transactions of a block in its order. */
export function useBlockTransactions({ block }: { readonly block: number | Hex }) {
  const { client, queryClient } = useBanyan()
  return useInfiniteQuery(queries.blockTransactionsQueryOptions(client, block), queryClient)
}

/** Newest transactions of the chain. */
export function useTransactions() {
  const { client, queryClient } = useBanyan()
  return useInfiniteQuery(queries.transactionsQueryOptions(client), queryClient)
}

/** Where a transaction is on its way. */
export function useTransaction({ id }: { readonly id: Hex | undefined }) {
  const { client, queryClient } = useBanyan()
  const options = queries.transactionQueryOptions(client, id ?? nobody)
  return useQuery({ ...options, enabled: id !== undefined }, queryClient)
}

export function useAsset({ asset }: { readonly asset: number }) {
  const { client, queryClient } = useBanyan()
  return useQuery(queries.assetQueryOptions(client, asset), queryClient)
}

export function useAssets() {
  const { client, queryClient } = useBanyan()
  return useInfiniteQuery(queries.assetsQueryOptions(client), queryClient)
}

export function useValidators() {
  const { client, queryClient } = useBanyan()
  return useQuery(queries.validatorsQueryOptions(client), queryClient)
}

/** Status of the chain and the node, and how the page is connected to it. */
export function useNetwork() {
  const { client, queryClient } = useBanyan()
  return { ...useQuery(queries.networkQueryOptions(client), queryClient), connection: useConnection() }
}

/** How live data come in. */
export function useConnection(): Connection {
  const { client } = useBanyan()
  const [connection, setConnection] = useState<Connection>('idle')
  useEffect(() => watchConnection(client, setConnection), [client])
  return connection
}
