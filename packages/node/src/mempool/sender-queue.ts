import type { Entry } from './entry.js'

/**
 * The waiting and travelling transactions of one sender. Those with a nonce leave in the order of their nonces and never
 * over a gap; the others in the order of arrival.
 */
export class SenderQueue {
  readonly sender: string
  bytes = 0
  /** By nonce, ascending. */
  readonly #nonced: Entry[] = []
  /** By arrival. */
  readonly #free: Entry[] = []

  constructor(sender: string) {
    this.sender = sender
  }

  get count(): number {
    return this.#nonced.length + this.#free.length
  }

  add(entry: Entry): void {
    this.bytes += entry.size
    const list = entry.nonce === undefined ? this.#free : this.#nonced
    let at = list.length
    while (at > 0 && comesAfter(list[at - 1]!, entry)) at--
    list.splice(at, 0, entry)
  }

  remove(entry: Entry): void {
    const list = entry.nonce === undefined ? this.#free : this.#nonced
    const at = list.indexOf(entry)
    if (at < 0) return
    list.splice(at, 1)
    this.bytes -= entry.size
  }

  withNonce(nonce: bigint): Entry | undefined {
    return this.#nonced.find((entry) => entry.nonce === nonce)
  }

  /** First nonce from `start` on that no transaction here has. */
  nextNonce(start: bigint): bigint {
    let next = start
    for (const { nonce } of this.#nonced) {
      if (nonce === next) next++
      else if (nonce! > next) break
    }
    return next
  }

  /**
   * Up to `limit` transactions that can leave now, in their order. The nonce of the account is asked for only where
   * transactions with nonces wait, since reading final state costs.
   */
  ready(accountNonce: () => bigint, limit: number): readonly Entry[] {
    const ready: Entry[] = []
    let next = this.#nonced.length > 0 ? accountNonce() : 0n
    for (const entry of this.#nonced) {
      if (entry.nonce! < next) continue
      if (entry.nonce !== next || ready.length >= limit) break
      if (!entry.travelling) ready.push(entry)
      next++
    }
    for (const entry of this.#free) {
      if (ready.length >= limit) break
      if (!entry.travelling) ready.push(entry)
    }
    return ready
  }

  /** What has not left, in the order in which it is missed least: by nonce from the highest, then from the newest. */
  waitingFromLast(): readonly Entry[] {
    return [...this.#nonced.toReversed(), ...this.#free.toReversed()].filter(({ travelling }) => !travelling)
  }
}

function comesAfter(entry: Entry, added: Entry): boolean {
  return entry.nonce === undefined ? entry.arrival > added.arrival : entry.nonce > added.nonce!
}
