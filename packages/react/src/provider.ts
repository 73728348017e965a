'use client'
import type { Account, Client } from '@banyan/sdk'
import { QueryClient } from '@tanstack/react-query'
import {
  createElement,
  type ReactElement,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { BanyanContext } from './context.js'
import { followChain } from './follow.js'
import { type AccountStorage, restoreAccount, saveAccount } from './storage.js'

export type BanyanProviderProps = {
  readonly client: Client
  /** The application's own, if it has one; no provider of it is needed. */
  readonly queryClient?: QueryClient
  /** Keeps a passkey's account over reloads, such as `localStorage`. Nothing secret is written. */
  readonly storage?: AccountStorage
  readonly children?: ReactNode
}

/** Makes a client, an account and data that follow the chain known to all hooks below. The only provider there is. */
export function BanyanProvider({
  client,
  queryClient,
  storage,
  children,
}: BanyanProviderProps): ReactElement {
  const [own] = useState(() => queryClient ?? new QueryClient())
  const queries = queryClient ?? own
  const [account, choose] = useState<Account | undefined>(client.account)
  /** Who has signed in or out meanwhile is not overruled by what was kept. */
  const hasChosen = useRef(false)

  // After the first rendering, so that a page rendered by a server is the same.
  useEffect(() => {
    if (client.account !== undefined || storage === undefined) return
    let isWanted = true
    const restore = async () => {
      const kept = await restoreAccount(storage)
      if (isWanted && !hasChosen.current) choose(kept)
    }
    restore().catch(() => undefined)
    return () => {
      isWanted = false
    }
  }, [client, storage])

  const setAccount = useCallback(
    (next: Account | undefined) => {
      hasChosen.current = true
      choose(next)
      if (storage !== undefined) saveAccount(storage, next)
    },
    [storage],
  )

  useEffect(() => {
    const stop = new AbortController()
    followChain(client, queries, stop.signal).catch(() => undefined)
    return () => stop.abort()
  }, [client, queries])

  const value = useMemo(
    () => ({ client, queryClient: queries, account, setAccount }),
    [client, queries, account, setAccount],
  )
  return createElement(BanyanContext, { value }, children)
}
