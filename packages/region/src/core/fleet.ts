import type { Offer, ServiceOffer } from '@banyan/tunnel'
import { anyVersion, type Broker, type Miner, type Slot, slotKey, tierOf } from './state.js'
import type { Tier } from './types.js'

/** Which miners there are and what they offer. */

const maxServices = 10_000

export function addMiner(
  broker: Broker,
  { link, miner: id, tier, offer }: { link: number; miner: string; tier: Tier; offer: Offer },
  now: number,
): Miner {
  const miner: Miner = { link, id, tier, offer, slots: new Map(), attempts: new Set(), rttMs: 0 }
  broker.miners.set(link, miner)
  broker.minersById.set(id, miner)
  applyOffer(broker, miner, offer, now)
  return miner
}

/** Changes what a miner offers. Work under way of a service that it drops goes on; lines for its slot are returned. */
export function applyOffer(broker: Broker, miner: Miner, offer: Offer, now: number): Slot[] {
  miner.offer = offer
  const kept = new Set<string>()
  for (const service of offer.services) {
    const key = slotKey(service.name, service.version)
    kept.add(key)
    const slot = miner.slots.get(key)
    if (slot === undefined) addSlot(broker, miner, key, service)
    else {
      tierOf(broker, miner.tier).capacity += service.concurrency - slot.offer.concurrency
      slot.offer = service
    }
    if (broker.lastOffered.size < maxServices || broker.lastOffered.has(service.name)) {
      broker.lastOffered.set(service.name, now)
    }
  }
  const dropped = [...miner.slots.values()].filter((slot) => !kept.has(slot.key))
  for (const slot of dropped) removeSlot(broker, slot)
  return dropped
}

/** Takes a miner out; its slots are returned for what waits in their lines. */
export function removeMiner(broker: Broker, miner: Miner, now: number): Slot[] {
  broker.miners.delete(miner.link)
  if (broker.minersById.get(miner.id) === miner) broker.minersById.delete(miner.id)
  const slots = [...miner.slots.values()]
  for (const slot of slots) {
    removeSlot(broker, slot)
    broker.lastOffered.set(slot.offer.name, now)
  }
  return slots
}

function addSlot(broker: Broker, miner: Miner, key: string, offer: ServiceOffer): void {
  const slot: Slot = { miner, key, offer, active: 0, meanMs: undefined, line: [], pausedUntil: 0 }
  miner.slots.set(key, slot)
  const tier = tierOf(broker, miner.tier)
  tier.capacity += offer.concurrency
  for (const name of [key, anyVersion(offer.name)]) {
    const list = tier.slots.get(name)
    if (list === undefined) tier.slots.set(name, [slot])
    else list.push(slot)
  }
}

function removeSlot(broker: Broker, slot: Slot): void {
  slot.miner.slots.delete(slot.key)
  const tier = tierOf(broker, slot.miner.tier)
  tier.capacity -= slot.offer.concurrency
  for (const name of [slot.key, anyVersion(slot.offer.name)]) {
    const rest = tier.slots.get(name)!.filter((other) => other !== slot)
    if (rest.length === 0) tier.slots.delete(name)
    else tier.slots.set(name, rest)
  }
}

/** Whether a tier has miners, busy or not, for `service@version` or `service@*`. */
export function offers(broker: Broker, tier: Tier, key: string): boolean {
  return tierOf(broker, tier).slots.has(key)
}

/** Whether any miner offers a service, or did a short while ago. */
export function isExpected(broker: Broker, service: string, now: number): boolean {
  const last = broker.lastOffered.get(service)
  if (last === undefined) return false
  if (now - last <= broker.limits.graceMs) return true
  return [...broker.tiers.values()].some(({ slots }) => slots.has(anyVersion(service)))
}
