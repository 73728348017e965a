import { decodeJson } from '@banyan/base'
import type { ComputeStatus, Role } from '@banyan/local/api'
import type {
  ChargeView,
  Earnings,
  Periods,
  Quote,
  RegionOperations,
  Services,
  Spend,
  WorkItem,
  WorkPage,
} from '@banyan/region/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { askOrigin, askText } from '../local-network.js'
import { askRegion, computePath } from './ask.js'

/** What pages read of the region. All of it is read again when work is done, see `useWorkEvents`. */
export const computeKey = ['compute'] as const
/** What follows from finished work. */
export const workKey = [...computeKey, 'work'] as const

const liveMs = 2_000
const slowMs = 10_000

/** Computing of this network, asked for again until it is ready, or for as long as it is shown; an error where there is none. */
export function useLocalCompute(isLive = false) {
  return useQuery<ComputeStatus>({
    queryKey: [...computeKey, 'local'],
    queryFn: ({ signal }) => askOrigin<ComputeStatus>('/local/compute', { signal }),
    retry: false,
    refetchInterval: ({ state: { data } }) => (isLive || data?.ready === false ? liveMs : slowMs),
  })
}

export function useServices() {
  return useQuery({
    queryKey: [...workKey, 'services'],
    queryFn: async ({ signal }) => (await askRegion<Services>('services', { signal })).services,
    refetchInterval: slowMs,
  })
}

/** What a request of usual size would cost. */
export function useQuote(service: string) {
  return useQuery({
    queryKey: [...workKey, 'quote', service],
    queryFn: ({ signal }) => askRegion<Quote>(`quote?service=${encodeURIComponent(service)}`, { signal }),
    placeholderData: keepPreviousData,
  })
}

/** Finished requests, newest first, before one of them. */
export function useWorkPage(limit: number, before?: string) {
  const from = before === undefined ? '' : `&before=${encodeURIComponent(before)}`
  return useQuery({
    queryKey: [...workKey, 'page', limit, before],
    queryFn: ({ signal }) => askRegion<WorkPage>(`work?limit=${limit}${from}`, { signal }),
    placeholderData: keepPreviousData,
  })
}

const unchargedMs = 300
/** A charge follows its request at once; who is not charged by then is not charged at all. */
const chargedWithinMs = 10_000

/** One request, asked for until it has its charge. */
export function useWorkItem(id: string) {
  return useQuery({
    queryKey: [...computeKey, 'request', id],
    queryFn: ({ signal }) => askRegion<WorkItem>(`work/${encodeURIComponent(id)}`, { signal }),
    retry: 5,
    retryDelay: unchargedMs,
    refetchInterval: ({ state: { data } }) =>
      data?.charge === null && Date.now() - data.endedAt < chargedWithinMs ? unchargedMs : false,
  })
}

export function useSpend() {
  return useQuery({
    queryKey: [...workKey, 'spend'],
    queryFn: ({ signal }) => askRegion<Spend>('spend', { signal }),
  })
}

export function usePeriods(as: Role = 'enterprise') {
  return useQuery({
    queryKey: [...workKey, 'periods', as],
    queryFn: async ({ signal }) => (await askRegion<Periods>('periods', { as, signal })).periods,
  })
}

export function useCharge(id: string) {
  return useQuery({
    queryKey: [...workKey, 'charge', id],
    queryFn: async ({ signal }) => {
      const path = `${computePath}/_banyan/charges/${encodeURIComponent(id)}`
      return decodeJson(await askText(path, { signal })) as ChargeView
    },
  })
}

export function useEarnings(as: Role) {
  return useQuery({
    queryKey: [...workKey, 'earnings', as],
    queryFn: ({ signal }) => askRegion<Earnings>('earnings', { as, signal }),
    refetchInterval: slowMs,
  })
}

export function useRegionOperations() {
  return useQuery({
    queryKey: [...computeKey, 'operations'],
    queryFn: ({ signal }) => askRegion<RegionOperations>('operations', { as: 'operator', signal }),
    refetchInterval: liveMs,
  })
}
