import { BanyanError, type Hex } from '@banyan/base'
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

export type Total = { readonly count: number; readonly fee: bigint }

export type Statement = {
  readonly total: Total
  /** What open promises may still cost at most. */
  readonly open: Total
  readonly methods: readonly (Total & { readonly method: string })[]
  readonly users: readonly (Total & { readonly user: Hex })[]
}

type TermsJson = Omit<SponsorTerms, 'budgetPerMonth' | 'maxFee'> & Record<'budgetPerMonth' | 'maxFee', string>
type TotalJson = { readonly count: number; readonly fee: string }
type StatementJson = {
  readonly total: TotalJson
  readonly open: TotalJson
  readonly methods: readonly (TotalJson & { readonly method: string })[]
  readonly users: readonly (TotalJson & { readonly user: Hex })[]
}

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

const nothing: Total = { count: 0, fee: 0n }
const renewMs = 3_000

function readTotal<Json extends TotalJson>(json: Json): Omit<Json, 'fee'> & Total {
  return { ...json, fee: BigInt(json.fee) }
}

/** The statement of a month such as 2026-11; empty if nothing was sponsored in it. */
export function useStatement(month: string, enabled: boolean) {
  return useQuery({
    queryKey: ['sponsor', 'statement', month],
    queryFn: async ({ signal }): Promise<Statement> => {
      try {
        const json = await askOrigin<StatementJson>(`/sponsor/statements/${month}`, { signal })
        return {
          total: readTotal(json.total),
          open: readTotal(json.open),
          methods: json.methods.map(readTotal),
          users: json.users.map(readTotal),
        }
      } catch (error) {
        if (!(error instanceof BanyanError) || error.kind !== 'StatementUnknown') throw error
        return { total: nothing, open: nothing, methods: [], users: [] }
      }
    },
    enabled,
    refetchInterval: renewMs,
  })
}
