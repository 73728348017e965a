import { BanyanError, type Hex } from '@banyan/base'
import { useQuery } from '@tanstack/react-query'
import { askOrigin } from '../../data/local-network.js'

/** Statements of the sponsor of a local network: docs/sponsor.md. */

export type Total = { readonly count: number; readonly fee: bigint }

export type Statement = {
  readonly total: Total
  /** What open promises may still cost at most. */
  readonly open: Total
  readonly methods: readonly (Total & { readonly method: string })[]
  readonly users: readonly (Total & { readonly user: Hex })[]
}

type TotalJson = { readonly count: number; readonly fee: string }
type StatementJson = {
  readonly total: TotalJson
  readonly open: TotalJson
  readonly methods: readonly (TotalJson & { readonly method: string })[]
  readonly users: readonly (TotalJson & { readonly user: Hex })[]
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
