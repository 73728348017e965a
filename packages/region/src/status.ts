import { tiers } from './core/index.js'
import type { Region } from './region.js'

/** What anybody may know of a region: how full it is, and what it can do. */
export function statusOf({ broker }: Region, location: string | undefined) {
  const perTier = tiers.flatMap((name) => {
    const tier = broker.tiers.get(name)!
    if (tier.capacity === 0 && tier.queue.depth === 0) return []
    return [
      {
        tier: name,
        capacity: tier.capacity,
        active: tier.active,
        waiting: tier.queue.depth,
        overloaded: tier.overloaded,
      },
    ]
  })
  return {
    region: broker.limits.region,
    location: location ?? null,
    accepting: !broker.draining,
    load: loadOf(perTier),
    miners: broker.miners.size,
    tiers: perTier,
    services: servicesOf(broker),
  }
}

/** Share of all places in use, counting those who wait; 1 if there are none. */
function loadOf(perTier: readonly { capacity: number; active: number; waiting: number }[]): number {
  let capacity = 0
  let wanted = 0
  for (const tier of perTier) {
    capacity += tier.capacity
    wanted += tier.active + tier.waiting
  }
  return capacity === 0 ? 1 : Math.round((1_000 * wanted) / capacity) / 1_000
}

/** Free places by service, version and tier. */
function servicesOf(broker: Region['broker']) {
  const rows = new Map<
    string,
    { name: string; version: string; tier: number; places: number; free: number }
  >()
  for (const miner of broker.miners.values()) {
    if (miner.offer.draining) continue
    for (const { key, offer, active } of miner.slots.values()) {
      const id = `${key} ${miner.tier}`
      let row = rows.get(id)
      if (row === undefined) {
        row = { name: offer.name, version: offer.version, tier: miner.tier, places: 0, free: 0 }
        rows.set(id, row)
      }
      row.places += offer.concurrency
      row.free += Math.max(0, offer.concurrency - active)
    }
  }
  return [...rows.values()]
}
