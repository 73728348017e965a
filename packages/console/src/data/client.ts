import { BanyanError, createClient } from '@banyan/sdk'
import { QueryClient } from '@tanstack/react-query'

/** The network whose pages these are: the origin that serves them. */
export const client = createClient({ url: location.origin })

const maxRetries = 2
const retryDelay = 400

/** Trying again is for failures that may pass by themselves. */
function retry(failures: number, error: unknown): boolean {
  return failures < maxRetries && error instanceof BanyanError && error.retryable
}

/** Data that follow the chain are renewed by its blocks, so nothing grows stale by time alone. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, retry, retryDelay },
  },
})
