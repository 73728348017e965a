import { fail } from '@banyan/base'

/** Bytes that requests of all clients may hold at the same time, so that many together cannot exhaust the memory. */
export type Budget = {
  /** Error: RequestLimitExceeded. */
  readonly take: (bytes: number) => void
  readonly give: (bytes: number) => void
}

export function createBudget(limit: number): Budget {
  let used = 0
  return {
    take: (bytes) => {
      if (used + bytes > limit) {
        fail('RequestLimitExceeded', { what: 'the size of all requests of the moment in bytes', limit })
      }
      used += bytes
    },
    give: (bytes) => {
      used -= bytes
    },
  }
}
