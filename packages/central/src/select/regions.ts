import { fail } from '@banyan/base'
import type { RegionStatus, TrustTier } from '@banyan/central-link'
import type { Hasher } from '@banyan/crypto'
import type { Region } from '../records.js'
import type { CentralState } from '../state.js'
import { distanceKm, type Place } from './distance.js'
import { type Weighted, weightedOrder } from './draw.js'
import type { Statuses } from './statuses.js'

export type SelectParts = {
  readonly state: Pick<CentralState, 'accounts' | 'regions'>
  readonly statuses: Statuses
  readonly hasher: Pick<Hasher, 'sha256'>
}

/** What a client looks for. */
export type ClientWish = {
  readonly place: Place
  /** Country of the client, two letters. */
  readonly country: string
  readonly dservices: readonly string[]
  /** Trust tiers that may do the work. */
  readonly tiers: readonly TrustTier[]
  /** Requests at the same time. */
  readonly volume: number
  /** Countries and zones that the data may go to; empty: anywhere. */
  readonly dataMayGoTo: readonly string[]
  /** Most regions in the answer. */
  readonly count: number
  readonly seed: string
}

export type SuitableRegion = {
  readonly region: Region
  readonly distanceKm: number
  /** Requests at the same time of the wanted DService that it has least room for. */
  readonly capacity: number
}

/** Light goes some 200 km in a ms through glass, there and back. */
const kmPerMs = 100
/** What any request takes besides its way, ms: near regions differ little. */
const baseMs = 20
/** Regions much farther than the nearest are no help while nearer ones have room. */
const farMs = 60

/**
 * Regions for a client, the best first: those that are up, offer every wanted DService, may have the data, and have room. Near ones with much
 * room are likelier to come first, so that clients spread; one region need not fit the whole volume, but all of the answer together do. The same
 * seed, registry and statuses give the same answer. Error: NoRegionSuits.
 */
export function regionsForClient(
  parts: SelectParts,
  wish: ClientWish,
  now: number,
): readonly SuitableRegion[] {
  const legal = upRegions(parts, now).filter(({ region }) => mayServe(region, wish))
  if (legal.length === 0) return fail('NoRegionSuits', { reason: 'none that is up may have these data' })
  const able = legal
    .map(({ region, status }) => ({
      region,
      distanceKm: distanceKm(wish.place, region),
      capacity: Math.min(...wish.dservices.map((name) => capacityOf(status, name, wish.tiers))),
    }))
    .filter(({ capacity }) => capacity > 0)
  if (able.length === 0) return fail('NoRegionSuits', { reason: 'none has room for these DServices' })
  const ordered = weightedOrder(parts.hasher, wish.seed, nearby(able, wish.volume).map(weighted))
  return enough(ordered, wish)
}

function weighted(suitable: SuitableRegion): Weighted<SuitableRegion> {
  const { region, capacity } = suitable
  return { value: suitable, id: region.account, weight: capacity / (baseMs + wayMs(suitable)) ** 2 }
}

function wayMs({ distanceKm: km }: SuitableRegion): number {
  return km / kmPerMs
}

/** The nearest ones and those that are not much farther, and as many beyond as the volume needs. */
function nearby(able: readonly SuitableRegion[], volume: number): readonly SuitableRegion[] {
  const sorted = [...able].sort((a, b) => a.distanceKm - b.distanceKm)
  const bound = wayMs(sorted[0]!) + farMs
  let room = 0
  return sorted.filter((suitable) => {
    const isTaken = wayMs(suitable) <= bound || room < volume
    room += suitable.capacity
    return isTaken
  })
}

/** At most `count` regions with room for the volume together: the roomiest, where those drawn first are too small. Error: NoRegionSuits. */
function enough(
  ordered: readonly SuitableRegion[],
  { count, volume }: ClientWish,
): readonly SuitableRegion[] {
  const drawn = ordered.slice(0, count)
  if (roomOf(drawn) >= volume) return drawn
  const roomiest = [...ordered].sort((a, b) => b.capacity - a.capacity).slice(0, count)
  const room = roomOf(roomiest)
  return room >= volume
    ? roomiest
    : fail('NoRegionSuits', { reason: `there is room for ${room} requests at the same time` })
}

function roomOf(regions: readonly SuitableRegion[]): number {
  return regions.reduce((sum, { capacity }) => sum + capacity, 0)
}

export type UpRegion = { readonly region: Region; readonly status: RegionStatus }

/** Regions whose account is active and that told a short while ago that they are well. */
export function upRegions({ state, statuses }: SelectParts, now: number): readonly UpRegion[] {
  const up: UpRegion[] = []
  for (const region of state.regions.values()) {
    if (state.accounts.get(region.account)?.state !== 'active') continue
    const status = statuses.current(region.account, now)
    if (status?.healthy) up.push({ region, status })
  }
  return up
}

function mayServe({ country, zones, serves }: Region, wish: ClientWish): boolean {
  if (serves.length > 0 && !serves.includes(wish.country)) return false
  return wish.dataMayGoTo.length === 0 || [country, ...zones].some((area) => wish.dataMayGoTo.includes(area))
}

function capacityOf({ services }: RegionStatus, name: string, tiers: readonly TrustTier[]): number {
  return services
    .filter((service) => service.name === name && tiers.includes(service.tier))
    .reduce((sum, { capacity, demand }) => sum + Math.max(0, capacity - demand), 0)
}
