import type { Broker, Miner, Request, Slot } from './state.js'

/** Tokens that lead a client back to the miner that it had before. */

/** The miner that a request's token leads to: its id, and its slot if it is connected. */
export function boundSlot(
  broker: Broker,
  request: Request,
  now: number,
): { readonly slot: Slot | undefined } | undefined {
  const { affinity, service } = request.order
  if (affinity?.known === undefined) return undefined
  const bound = broker.affinities.get(affinity.known)
  if (bound === undefined || bound.service !== service || bound.expiresAt < now) {
    return affinity.mode === 'hard' ? { slot: undefined } : undefined
  }
  const slot = slotOn(broker, bound.miner, request)
  return slot !== undefined || affinity.mode === 'hard' ? { slot } : undefined
}

function slotOn(broker: Broker, id: string, request: Request): Slot | undefined {
  const miner = broker.minersById.get(id)
  if (miner === undefined || !request.order.tiers.includes(miner.tier)) return undefined
  return [...miner.slots.values()].find((slot) => slot.offer.name === request.order.service)
}

/** Binds the client to the miner that answers. Returns the token to give it, if it asked for one. */
export function bind(broker: Broker, request: Request, miner: Miner, now: number): string | undefined {
  const { affinity, service } = request.order
  if (affinity === undefined) return undefined
  const { affinities, limits } = broker
  const isKnown = affinity.known !== undefined && affinities.get(affinity.known)?.service === service
  const token = isKnown ? affinity.known! : affinity.fresh
  affinities.delete(token)
  // The oldest goes: entries that are used move to the end.
  if (affinities.size >= limits.maxAffinities) affinities.delete(affinities.keys().next().value!)
  affinities.set(token, { miner: miner.id, service, expiresAt: now + limits.affinityMs })
  return token
}
