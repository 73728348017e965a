import type { LocalPeople, LocalStatus, PersonWithKey } from '@banyan/local/api'
import { useQuery } from '@tanstack/react-query'
import { askOrigin, fetchLocalStatus, fetchPeople } from './local-network.js'

/** Nobody asks twice whether this is a local network. */
const once = { retry: false, staleTime: Number.POSITIVE_INFINITY } as const
const statusMs = 2_000
const statusKey = ['local', 'status'] as const

const nobody: LocalPeople = { people: [], services: [] }

/** People of a test network; none elsewhere. */
export function usePeople(): readonly PersonWithKey[] {
  return useLocalPeople().people
}

/** The same with the accounts of the network itself. */
export function useLocalPeople(): LocalPeople {
  const { data } = useQuery({
    ...once,
    queryKey: ['local', 'people'],
    queryFn: ({ signal }) => fetchPeople(signal),
  })
  return data ?? nobody
}

/** State of the parts of a local network; an error elsewhere. */
export function useLocalStatus(isLive: boolean) {
  return useQuery<LocalStatus>({
    ...once,
    queryKey: statusKey,
    queryFn: ({ signal }) => fetchLocalStatus(signal),
    refetchInterval: ({ state: { data } }) => (isLive && data !== undefined ? statusMs : false),
  })
}

/** Whether money of this network is for tests only. */
export function useIsTestNetwork(): boolean {
  return useLocalStatus(false).data !== undefined
}

/** Asks for test money, which comes with one of the next blocks. Errors: ParametersInvalid, FaucetLimited. */
export async function askFaucet(address: string): Promise<void> {
  await askOrigin('/local/faucet', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address }),
  })
}
