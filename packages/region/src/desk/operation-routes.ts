import type { Tariff } from '@banyan/billing'
import type {
  RecentWork,
  RegionMiner,
  RegionOperations,
  Service,
  Services,
  TierPrices,
  WorkItem,
} from '../api/index.js'
import { tiers } from '../core/index.js'
import type { Region } from '../region.js'
import { type DeskParts, type DeskRoute, needScope } from './desk.js'
import type { History } from './history.js'

/** How the region does: for those who run it, and what it offers for everybody. */
export const operationRoutes: readonly DeskRoute[] = [
  {
    method: 'GET',
    path: 'services',
    run: async ({ region, services }): Promise<Services> => {
      const rows = new Map<string, { versions: Set<string>; places: number; active: number }>()
      for (const { offer, active } of slotsOf(region)) {
        const row = rows.get(offer.name) ?? { versions: new Set(), places: 0, active: 0 }
        row.versions.add(offer.version)
        row.places += offer.concurrency
        row.active += active
        rows.set(offer.name, row)
      }
      const listed = [...rows].map(async ([name, { versions, places, active }]): Promise<Service> => {
        const tariff = (await services.find(name))?.tariff
        const currency = tariff?.currency ?? null
        const prices = tariff?.tiers.map(pricesOf) ?? []
        return { name, versions: [...versions].sort(), places, active, currency, tiers: prices }
      })
      return { services: await Promise.all(listed) }
    },
  },
  {
    method: 'GET',
    path: 'operations',
    run: async (parts, { client }): Promise<RegionOperations> => {
      needScope(client, 'operate')
      const { region } = parts
      const { broker } = region
      return {
        region: broker.limits.region,
        accepting: !broker.draining,
        tiers: tiers.map((name) => {
          const { queue, capacity, active, overloaded } = broker.tiers.get(name)!
          return { tier: name, queued: queue.depth, capacity, active, overloaded }
        }),
        miners: minersOf(parts),
        work: workOf(parts),
        ...(await chargesNow(parts)),
      }
    },
  },
]

function pricesOf({
  name,
  perRequest,
  perCpuHour,
  perGpuHour,
  perGigabyte,
}: Tariff['tiers'][number]): TierPrices {
  return {
    tier: Number(name),
    perRequest: String(perRequest),
    perCpuHour: String(perCpuHour),
    perGpuHour: String(perGpuHour),
    perGigabyte: String(perGigabyte),
  }
}

function* slotsOf({ broker }: Region) {
  for (const miner of broker.miners.values()) {
    if (!miner.offer.draining) yield* miner.slots.values()
  }
}

function minersOf({ region: { broker, now }, history }: DeskParts): readonly RegionMiner[] {
  const requests = new Map<string, number>()
  for (const { miner } of recentWork(history, now())) requests.set(miner, (requests.get(miner) ?? 0) + 1)
  return [...broker.miners.values()].map((miner) => {
    const until = broker.health.get(miner.id)?.quarantinedUntil ?? 0
    return {
      miner: miner.id,
      tier: miner.tier,
      rttMs: Math.round(miner.rttMs),
      aside: until > now() ? { until: Math.floor(until) } : null,
      draining: miner.offer.draining,
      requests: requests.get(miner.id) ?? 0,
      failures: broker.health.get(miner.id)?.failures ?? 0,
      services: [...miner.slots.values()].map(({ offer, active }) => ({ ...offer, active })),
    }
  })
}

const minuteMs = 60_000

/** Of the last minute, as far as it is remembered. */
function recentWork(history: History, now: number): readonly WorkItem[] {
  const { items } = history.list(undefined, 10_000, undefined)
  return items.filter(({ endedAt }) => endedAt >= now - minuteMs)
}

function workOf({ history, region }: DeskParts): RecentWork {
  const recent = recentWork(history, region.now())
  const times = recent
    .filter(({ outcome }) => outcome === 'done')
    .map(({ acceptedAt, endedAt }) => endedAt - acceptedAt)
    .sort((a, b) => a - b)
  const at = (share: number): number | null =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null
  const failed = recent.filter(({ outcome }) => outcome === 'failed' || outcome === 'deadline').length
  return { perMinute: recent.length, p50Ms: at(0.5), p99Ms: at(0.99), failed }
}

async function chargesNow({ charges }: DeskParts): Promise<Pick<RegionOperations, 'charges' | 'settlement'>> {
  if (charges === undefined) return { charges: null, settlement: null }
  const { plan, isOpen, flagged } = charges.settlement.state()
  const rows = await charges.store.last()
  return {
    charges: { rows, waiting: charges.books.waiting() },
    settlement: {
      period: plan?.period ?? null,
      isOpen,
      unsettledRows: rows - (plan?.last ?? 0),
      advanced: [...flagged].map(([account, period]) => ({ account, period })),
    },
  }
}
