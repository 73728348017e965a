import { fail, type Hash, type Hex, toHex } from '@banyan/base'
import type { ApiLimits } from '../limits.js'
import type { NodeApi } from '../port.js'
import type { LogPattern } from './log-query.js'

/** What a filter of `eth_newFilter` and its relatives waits for. */
export type Filter =
  | {
      readonly kind: 'logs'
      readonly pattern: LogPattern
      readonly range: { readonly from: number; readonly to: number }
      next: number
    }
  | { readonly kind: 'blocks'; next: number }
  | { readonly kind: 'pending'; readonly ids: Hash[] }

/** Filters of all clients of a node. They are in memory only; each is forgotten when nobody asks it for a while. */
export type Filters = {
  /** Error: RequestLimitExceeded when there are too many. */
  readonly add: (filter: Filter) => Hex
  /** The filter, which counts as used from now. Error: FilterUnknown. */
  readonly use: (id: string) => Filter
  readonly remove: (id: string) => boolean
  readonly close: () => void
}

type Kept = { readonly filter: Filter; usedAt: number }

/** `now` gives milliseconds; `random` gives the bytes of an id, so that no client can guess that of another. */
export function createFilters(
  node: NodeApi,
  limits: Pick<ApiLimits, 'filters' | 'filterMs' | 'filterItems'>,
  now: () => number,
  random: (length: number) => Uint8Array,
): Filters {
  const kept = new Map<string, Kept>()

  const forget = (): void => {
    const oldest = now() - limits.filterMs
    for (const [id, { usedAt }] of kept) if (usedAt < oldest) kept.delete(id)
  }

  const end = node.onPending((ids) => {
    forget()
    for (const { filter } of kept.values()) {
      if (filter.kind !== 'pending') continue
      const room = Math.max(0, limits.filterItems - filter.ids.length)
      filter.ids.push(...ids.slice(0, room))
    }
  })

  return {
    add: (filter) => {
      forget()
      if (kept.size >= limits.filters) {
        fail('RequestLimitExceeded', { what: 'the number of filters of a node', limit: limits.filters })
      }
      const id = toHex(random(16))
      kept.set(id, { filter, usedAt: now() })
      return id
    },
    use: (id) => {
      forget()
      const found = kept.get(id)
      if (found === undefined) return fail('FilterUnknown', { id: id.slice(0, 66) })
      found.usedAt = now()
      return found.filter
    },
    remove: (id) => kept.delete(id),
    close: end,
  }
}
