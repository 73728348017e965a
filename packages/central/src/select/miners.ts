import { fail } from '@banyan/base'
import type { RegionStatus, TrustTier } from '@banyan/central-link'
import { distanceKm, type Place } from './distance.js'
import { weightedOrder } from './draw.js'
import { type SelectParts, type SuitableRegion, upRegions } from './regions.js'

/** What a miner brings. */
export type MinerOffer = {
  readonly place: Place
  readonly tier: TrustTier
  readonly dservices: readonly string[]
  /** Most regions in the answer. */
  readonly count: number
  readonly seed: string
}

/** A region by the demand for what the miner offers that it lacks the capacity for, requests at the same time. */
export type NeedyRegion = Omit<SuitableRegion, 'capacity'> & { readonly shortage: number }

/** Beyond this a miner's answers come late, km. */
const maxDistanceKm = 4_000
const nearKm = 300

/**
 * Regions for a miner to join, the best first. Those that lack capacity for the DServices it offers in its tier are likelier to come first, near
 * ones likelier than far ones. The same seed, registry and statuses give the same answer. Error: NoRegionSuits.
 */
export function regionsForMiner(parts: SelectParts, offer: MinerOffer, now: number): readonly NeedyRegion[] {
  const near = upRegions(parts, now)
    .map(({ region, status }) => ({
      region,
      distanceKm: distanceKm(offer.place, region),
      shortage: shortageOf(status, offer),
    }))
    .filter((needy) => needy.distanceKm <= maxDistanceKm)
  if (near.length === 0) return fail('NoRegionSuits', { reason: 'none that is up is near' })
  const candidates = near.map((needy) => ({
    value: needy,
    id: needy.region.account,
    weight: (1 + needy.shortage) / (nearKm + needy.distanceKm),
  }))
  return weightedOrder(parts.hasher, offer.seed, candidates).slice(0, offer.count)
}

function shortageOf({ services }: RegionStatus, { dservices, tier }: MinerOffer): number {
  return services
    .filter((service) => service.tier === tier && dservices.includes(service.name))
    .reduce((sum, { capacity, demand }) => sum + Math.max(0, demand - capacity), 0)
}
