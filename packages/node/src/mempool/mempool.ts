import { type Address, fail, type Hash, toHex } from '@banyan/base'
import type { Admission } from '@banyan/ledger'
import type { Outcome } from '../engine/mempool-port.js'
import { type Entry, entryOf } from './entry.js'
import { evict } from './evict.js'
import { Reservations } from './reservations.js'
import { SenderQueue } from './sender-queue.js'

export type MempoolOptions = {
  /** Bound of everything held, about 1 KiB for each transaction besides its bytes. */
  readonly maxBytes: number
  readonly maxPerSender: number
  /** Blocks after which a transaction that does not expire by itself is dropped. */
  readonly waitBlocks: number
}

/** What the mempool asks about an account: as the newest final block left it. */
export type FinalAccounts = {
  /** In pip; 0 for an unknown account. */
  readonly balanceOf: (account: Address) => bigint
  /** Nonce of its next Ethereum transaction. */
  readonly nonceOf: (account: Address) => bigint
}

/** A transaction that left the mempool without being included, and why. */
export type Dropped = {
  /** Hexadecimal id. */
  readonly key: string
  readonly envelope: Uint8Array
  readonly sender: Address
  readonly reason: 'expired' | 'evicted' | 'replaced' | 'skipped'
  /** Last height at which it could have been included. */
  readonly validUntil: number
}

/** How often a transaction that a block left out is tried again. */
const maxReturns = 16
/** How far a nonce may run ahead of those that wait. */
const maxNonceGap = 64n
const senderBytes = 20
/** Ends that are remembered until somebody takes them. */
const maxDropped = 10_000

/**
 * Transactions that were admitted and are not final yet. Nothing is admitted that the sum of what waits leaves no funds
 * for; every sender gets its turn; where there is not room for all, those stay that pay more, and then those whose sender
 * uses less. Pure: time is counted in blocks.
 */
export class Mempool {
  readonly #options: MempoolOptions
  readonly #accounts: FinalAccounts
  readonly #entries = new Map<string, Entry>()
  /** In the order in which senders have their turn. */
  readonly #senders = new Map<string, SenderQueue>()
  readonly #reserved = new Reservations()
  readonly #dropped: Dropped[] = []
  #bytes = 0
  #waiting = 0
  #arrivals = 0
  /** What found no room since the last removal: nothing that pays no more and uses no less has to be tried. */
  #refused: { readonly rate: bigint; readonly used: number } | undefined

  constructor(options: MempoolOptions, accounts: FinalAccounts) {
    this.#options = options
    this.#accounts = accounts
  }

  /** Bytes that it counts against its bound. */
  get bytes(): number {
    return this.#bytes
  }

  /** Transactions that have not left in a batch. */
  get waiting(): number {
    return this.#waiting
  }

  /** All transactions, travelling ones included. */
  get count(): number {
    return this.#entries.size
  }

  /** A transaction that waits or travels. */
  find(id: Hash): { readonly envelope: Uint8Array; readonly sender: Address } | undefined {
    const entry = this.#entries.get(toHex(id))
    return entry && { envelope: entry.envelope, sender: addressOf(entry.sender) }
  }

  /** All that waits or travels, in the order of arrival. */
  *envelopes(): Generator<Uint8Array, void, undefined> {
    for (const { envelope } of this.#entries.values()) yield envelope
  }

  /** For `admit`: the nonce by which a transaction is judged, so that it may queue up or replace another. */
  nonceFor(sender: Address, given: bigint): bigint {
    const next = this.pendingNonce(sender)
    if (given > next) return given - next <= maxNonceGap ? given : next
    return this.#senders.get(toHex(sender))?.withNonce(given) === undefined ? next : given
  }

  /** Nonce of the sender's next Ethereum transaction, after all that wait without a gap. */
  pendingNonce(sender: Address): bigint {
    const nonce = this.#accounts.nonceOf(sender)
    return this.#senders.get(toHex(sender))?.nextNonce(nonce) ?? nonce
  }

  /**
   * Keeps an admitted transaction; `envelope` must not change afterwards. Errors: TransactionKnown, SenderQueueFull,
   * FundsInsufficient, ReplacementUnderpriced, ReplacementTooLate, MempoolFull. On error nothing has changed.
   */
  add(admission: Admission, envelope: Uint8Array, height: number): void {
    const { waitBlocks, maxBytes } = this.#options
    const entry = entryOf(admission, envelope, { height, arrival: this.#arrivals, waitBlocks })
    if (this.#entries.has(entry.key)) fail('TransactionKnown')
    const replaced = this.#replacedBy(entry)
    if (replaced === undefined) this.#requirePlace(entry)
    this.#requireFunds(entry, replaced)
    this.#makeRoom(entry, this.#bytes + entry.size - (replaced?.size ?? 0) - maxBytes)
    if (replaced !== undefined) this.#drop(replaced, 'replaced')
    this.#insert(entry)
  }

  /**
   * Takes what may leave in a batch: a transaction of every sender in turn, then the next of each, up to the limits. If
   * not all senders can have one, those that pay more go first.
   */
  take(limits: { readonly transactions: number; readonly bytes: number }): readonly Entry[] {
    const taken: Entry[] = []
    let bytes = 0
    const turns = this.#turns(limits.transactions)
    for (let round = 0; ; round++) {
      let found = false
      for (const { queue, ready } of turns) {
        const entry = ready[round]
        if (entry === undefined) continue
        const size = entry.envelope.length + 4
        if (taken.length >= limits.transactions || bytes + size > limits.bytes) return taken
        found = true
        bytes += size
        taken.push(entry)
        entry.travelling = true
        this.#waiting--
        if (round === 0) this.#moveToEnd(queue)
      }
      if (!found) return taken
    }
  }

  /** What came of a transaction that had left. Unknown ids are ignored. */
  settle(id: Uint8Array, outcome: Outcome): void {
    const entry = this.#entries.get(toHex(id))
    if (entry === undefined) return
    if (outcome === 'unordered' || (outcome === 'retry' && entry.returns < maxReturns)) {
      if (!entry.travelling) return
      entry.travelling = false
      if (outcome === 'retry') entry.returns++
      this.#waiting++
      return
    }
    if (outcome === 'included') this.#remove(entry)
    else this.#drop(entry, 'skipped')
  }

  /** Drops what can no longer be included after the block at `height`. */
  expire(height: number): void {
    for (const entry of this.#entries.values()) if (entry.validUntil <= height) this.#drop(entry, 'expired')
  }

  /** What was dropped since the last call. */
  takeDropped(): readonly Dropped[] {
    return this.#dropped.splice(0)
  }

  /** The waiting transaction of the same sender and nonce. Errors: ReplacementUnderpriced, ReplacementTooLate. */
  #replacedBy(entry: Entry): Entry | undefined {
    if (entry.nonce === undefined) return undefined
    const replaced = this.#senders.get(entry.sender)?.withNonce(entry.nonce)
    if (replaced === undefined) return undefined
    if (replaced.travelling) fail('ReplacementTooLate', { nonce: entry.nonce })
    if (!outbids(entry, replaced)) fail('ReplacementUnderpriced', { nonce: entry.nonce })
    return replaced
  }

  #requirePlace({ sender }: Entry): void {
    const { maxPerSender: limit } = this.#options
    const count = this.#senders.get(sender)?.count ?? 0
    if (count >= limit) fail('SenderQueueFull', { sender, count, limit })
  }

  #requireFunds(entry: Entry, replaced: Entry | undefined): void {
    for (const { account, address } of entry.costs) {
      const required = this.#reserved.totalWith(account, entry, replaced)
      const balance = this.#accounts.balanceOf(address)
      if (required > balance) fail('FundsInsufficient', { balance, required })
    }
  }

  /** Evicts what gives way to `entry` until `needed` bytes are free. Error: MempoolFull. */
  #makeRoom(entry: Entry, needed: number): void {
    if (needed <= 0) return
    const { maxBytes: limit } = this.#options
    const used = entry.size + (this.#senders.get(entry.sender)?.bytes ?? 0)
    const refused = this.#refused
    if (refused !== undefined && entry.rate <= refused.rate && used >= refused.used) {
      fail('MempoolFull', { limit })
    }
    const victims = evict(entry, used, needed, this.#senders.values(), limit)
    if (victims === undefined) {
      this.#refused = { rate: entry.rate, used }
      fail('MempoolFull', { limit })
    }
    for (const victim of victims) this.#drop(victim, 'evicted')
  }

  #turns(limit: number): readonly { readonly queue: SenderQueue; readonly ready: readonly Entry[] }[] {
    const turns = []
    for (const queue of this.#senders.values()) {
      const ready = queue.ready(() => this.#accounts.nonceOf(addressOf(queue.sender)), limit)
      if (ready.length > 0) turns.push({ queue, ready })
    }
    if (turns.length <= limit) return turns
    return turns.sort((a, b) => compare(b.ready[0]!.rate, a.ready[0]!.rate))
  }

  #moveToEnd(queue: SenderQueue): void {
    this.#senders.delete(queue.sender)
    this.#senders.set(queue.sender, queue)
  }

  #insert(entry: Entry): void {
    const queue = this.#senders.get(entry.sender) ?? new SenderQueue(entry.sender)
    this.#senders.set(entry.sender, queue)
    queue.add(entry)
    this.#entries.set(entry.key, entry)
    this.#reserved.add(entry)
    this.#bytes += entry.size
    this.#waiting++
    this.#arrivals++
  }

  #drop(entry: Entry, reason: Dropped['reason']): void {
    this.#remove(entry)
    const { key, envelope, sender, validUntil } = entry
    this.#dropped.push({ key, envelope, sender: addressOf(sender), reason, validUntil })
    if (this.#dropped.length > maxDropped) this.#dropped.shift()
  }

  #remove(entry: Entry): void {
    const queue = this.#senders.get(entry.sender)!
    queue.remove(entry)
    if (queue.count === 0) this.#senders.delete(entry.sender)
    this.#entries.delete(entry.key)
    this.#reserved.remove(entry)
    this.#bytes -= entry.size
    this.#refused = undefined
    if (!entry.travelling) this.#waiting--
  }
}

function addressOf(account: string): Address {
  return Uint8Array.from(Buffer.from(account.slice(2), 'hex').subarray(0, senderBytes)) as Address
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether fee and tip are both higher by a tenth at least, so that replacing is never free. */
function outbids(entry: Entry, replaced: Entry): boolean {
  const [a, b] = [feesOf(entry), feesOf(replaced)]
  return a.max * 10n >= b.max * 11n && a.tip * 10n >= b.tip * 11n && a.max > b.max
}

function feesOf({ general }: Entry): { readonly max: bigint; readonly tip: bigint } {
  const transaction = general?.transaction
  if (transaction?.kind !== 'ethereum') return { max: 0n, tip: 0n }
  return { max: transaction.maxFeePerGas, tip: transaction.maxPriorityFeePerGas }
}
