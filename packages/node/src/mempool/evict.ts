import type { Entry } from './entry.js'
import type { SenderQueue } from './sender-queue.js'

/** More is evicted than is needed at once, so that the search is not repeated for every transaction. */
const slack = 1 / 32

/**
 * Transactions that give way to `entry` and free at least `needed` bytes: of those that pay less, or as much while their
 * sender uses more than the `used` bytes of this one's, the cheapest first; of a sender always its last. `undefined` if
 * they do not suffice. `limit` is the bound of the mempool in bytes.
 */
export function evict(
  entry: Entry,
  used: number,
  needed: number,
  queues: Iterable<SenderQueue>,
  limit: number,
): readonly Entry[] | undefined {
  const weaker = [...queues]
    .filter((queue) => queue !== entry.sender)
    .flatMap(candidatesOf)
    .filter((other) => other.rate < entry.rate || (other.rate === entry.rate && other.used > used))
    .sort((a, b) => (a.rate < b.rate ? -1 : a.rate > b.rate ? 1 : b.used - a.used))
  const victims: Entry[] = []
  let freed = 0
  for (const { victim } of weaker) {
    if (freed >= Math.max(needed, limit * slack)) break
    victims.push(victim)
    freed += victim.size
  }
  return freed >= needed ? victims : undefined
}

type Candidate = { readonly victim: Entry; readonly rate: bigint; readonly used: number }

/**
 * A sender's waiting transactions from its last to its first. Each counts with the highest rate of itself and those after
 * it that leave before, so that no cheap one drags a dear one along, and with the bytes that the sender uses until then.
 */
function candidatesOf(queue: SenderQueue): readonly Candidate[] {
  let used = queue.bytes
  let rate = 0n
  return queue.waitingFromLast().map((victim) => {
    rate = victim.rate > rate ? victim.rate : rate
    const candidate = { victim, rate, used }
    used -= victim.size
    return candidate
  })
}
