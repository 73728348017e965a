'use client'
import { BanyanError, clientErrors } from '@banyan/base'
import type { Account, Client } from '@banyan/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'

/** What the hooks share. */
export type Banyan = {
  readonly client: Client
  readonly queryClient: QueryClient
  readonly account: Account | undefined
  readonly setAccount: (account: Account | undefined) => void
}

export const BanyanContext = createContext<Banyan | undefined>(undefined)

/** What the provider above offers. Error: ProviderMissing. */
export function useBanyan(): Banyan {
  const banyan = useContext(BanyanContext)
  if (banyan === undefined) throw new BanyanError('ProviderMissing', clientErrors.ProviderMissing, {})
  return banyan
}
