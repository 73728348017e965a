import { offers } from './fleet.js'
import { anyVersion, type Broker, slotKey } from './state.js'
import type { Split, Tier } from './types.js'

/** How much of a service's work goes to which version. */

const maxRollouts = 10_000

/** No splits: any version will do. The same splits as before leave turns as they are. */
export function setRollout(broker: Broker, service: string, splits: readonly Split[]): void {
  const usable = splits.filter((split) => split.weight > 0)
  const before = broker.rollouts.get(service)?.splits
  if (before !== undefined && isSame(before, usable)) return
  broker.rollouts.delete(service)
  if (usable.length === 0 || broker.rollouts.size >= maxRollouts) return
  broker.rollouts.set(service, { splits: usable, credit: usable.map(() => 0) })
}

function isSame(some: readonly Split[], others: readonly Split[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ version, weight }, i) => version === others[i]!.version && weight === others[i]!.weight)
  )
}

/**
 * The line for a request: of the version that it names, else of the one whose turn it is. Turns are smooth: with weights
 * 1 and 9 every tenth request goes to the first, not ten in a hundred at once. Versions that nobody offers are passed over.
 */
export function chooseKey(
  broker: Broker,
  service: string,
  version: string | undefined,
  allowed: readonly Tier[],
): string {
  if (version !== undefined) return slotKey(service, version)
  const rollout = broker.rollouts.get(service)
  if (rollout === undefined) return anyVersion(service)
  const { splits, credit } = rollout
  let total = 0
  let chosen = -1
  for (let i = 0; i < splits.length; i++) {
    const { version: candidate, weight } = splits[i]!
    const key = slotKey(service, candidate)
    if (!allowed.some((tier) => offers(broker, tier, key))) continue
    credit[i]! += weight
    total += weight
    if (chosen < 0 || credit[i]! > credit[chosen]!) chosen = i
  }
  if (chosen < 0) return slotKey(service, splits[0]!.version)
  credit[chosen]! -= total
  return slotKey(service, splits[chosen]!.version)
}
