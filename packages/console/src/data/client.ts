import { createClient } from '@banyan/sdk'
import { QueryClient } from '@tanstack/react-query'

/** The network whose pages these are: the origin that serves them. */
export const client = createClient({ url: location.origin })

/** Data that follow the chain are renewed by its blocks, so nothing grows stale by time alone. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, retry: 1 },
  },
})
