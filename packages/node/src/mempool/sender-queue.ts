import type { Address } from '@banyan/base'
import type { Entry } from './entry.js'
import { addressOf } from './keys.js'

/**
 * The waiting and travelling transactions of one account, and how much of its FIG they may take. Those with a nonce leave in
 * the order of their nonces and never over a gap; the others in the order of arrival. However many there are, each costs
 * about the same.
 */
export class SenderQueue {
  readonly key: string
  readonly address: Address
  /** What its own transactions count with. */
  bytes = 0
  count = 0
  /** Those that have not left. */
  waiting = 0
  /** FIG that transactions may take from the account, its own and those that it pays for, in pip. */
  reserved = 0n
  readonly #nonced = new Map<bigint, Entry>()
  /** Nonces of [from, next) are all here: what `nextNonce` has found out. */
  #from = 0n
  #next = 0n
  /** The first nonce that may not have left yet; those before it, down to the account's, have. */
  #ready = 0n
  /** Without nonce and not travelling, by arrival, from place `first` on. */
  readonly #free: Entry[] = []
  #first = 0

  constructor(key: string) {
    this.key = key
    this.address = addressOf(key)
  }

  /** Whether nothing has to be known about the account. */
  get isUnused(): boolean {
    return this.count === 0 && this.reserved === 0n
  }

  get hasNonces(): boolean {
    return this.#nonced.size > 0
  }

  /** Adds what has just arrived. */
  add(entry: Entry): void {
    this.count++
    this.waiting++
    this.bytes += entry.size
    if (entry.nonce === undefined) this.#free.push(entry)
    else this.#nonced.set(entry.nonce, entry)
  }

  remove(entry: Entry): void {
    this.count--
    this.bytes -= entry.size
    if (!entry.travelling) this.waiting--
    const { nonce } = entry
    if (nonce === undefined) {
      if (!entry.travelling) this.#free.splice(this.#placeOf(entry), 1)
      return
    }
    this.#nonced.delete(nonce)
    if (nonce >= this.#from && nonce < this.#next) this.#next = nonce
    if (nonce < this.#ready) this.#ready = nonce
  }

  /** A transaction that `ready` returned leaves. */
  leave(entry: Entry): void {
    entry.travelling = true
    this.waiting--
    if (entry.nonce === undefined) this.#dropFirst()
  }

  /** A transaction that had left waits again. */
  comeBack(entry: Entry): void {
    entry.travelling = false
    this.waiting++
    if (entry.nonce === undefined) this.#free.splice(this.#placeOf(entry), 0, entry)
    else if (entry.nonce < this.#ready) this.#ready = entry.nonce
  }

  withNonce(nonce: bigint): Entry | undefined {
    return this.#nonced.get(nonce)
  }

  /** First nonce from `start` on that no transaction here has. */
  nextNonce(start: bigint): bigint {
    let next = start >= this.#from && start <= this.#next ? this.#next : start
    while (this.#nonced.has(next)) next++
    this.#from = start
    this.#next = next
    return next
  }

  /** The next transaction that can leave, if any. `accountNonce` is that of the account, where nonces wait. */
  ready(accountNonce: bigint): Entry | undefined {
    if (this.#ready < accountNonce) this.#ready = accountNonce
    for (;;) {
      const entry = this.#nonced.get(this.#ready)
      if (entry === undefined) return this.#free[this.#first]
      if (!entry.travelling) return entry
      this.#ready++
    }
  }

  /** What has not left, in the order in which it is missed least: by nonce from the highest, then from the newest. */
  waitingFromLast(): readonly Entry[] {
    const nonced = [...this.#nonced.values()].filter(({ travelling }) => !travelling)
    nonced.sort((a, b) => (a.nonce! > b.nonce! ? -1 : 1))
    return [...nonced, ...this.#free.slice(this.#first).toReversed()]
  }

  /** Where a transaction without nonce stands, or would stand. */
  #placeOf({ arrival }: Entry): number {
    let [low, high] = [this.#first, this.#free.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#free[middle]!.arrival < arrival) low = middle + 1
      else high = middle
    }
    return low
  }

  #dropFirst(): void {
    this.#first++
    // Moving the others costs no more than the transactions that have left since the last time.
    if (this.#first * 2 < this.#free.length) return
    this.#free.splice(0, this.#first)
    this.#first = 0
  }
}
