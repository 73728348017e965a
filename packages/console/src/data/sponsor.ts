import type { Hex } from '@banyan/base'
import { useQuery } from '@tanstack/react-query'
import { askOrigin } from './local-network.js'

/** The sponsor of a local network: docs/sponsor.md, docs/local.md. */

/** Where it answers. */
export const sponsorUrl = `${location.origin}/sponsor`

export type SponsorTerms = {
  readonly sponsor: Hex
  /** pip. */
  readonly budgetPerMonth: bigint
  /** Most of one transaction, pip. */
  readonly maxFee: bigint
  /** Transactions of one user within a time. */
  readonly rate: { readonly count: number; readonly windowMs: number }
}

type TermsJson = Omit<SponsorTerms, 'budgetPerMonth' | 'maxFee'> & Record<'budgetPerMonth' | 'maxFee', string>
/** What the sponsor of this network pays; nothing where there is none. */
export function useSponsor(): SponsorTerms | undefined {
  const { data } = useQuery({
    queryKey: ['sponsor', 'terms'],
    queryFn: async ({ signal }): Promise<SponsorTerms> => {
      const json = await askOrigin<TermsJson>('/local/sponsor', { signal })
      return { ...json, budgetPerMonth: BigInt(json.budgetPerMonth), maxFee: BigInt(json.maxFee) }
    },
    retry: false,
  })
  return data
}
