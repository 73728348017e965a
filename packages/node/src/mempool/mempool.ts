import { type Address, fail, type Hash, toHex } from '@banyan/base'
import type { Admission, GeneralEntry } from '@banyan/ledger'
import type { Outcome, Taken } from '../engine/mempool-port.js'
import { type Entry, entryOf, lengthOf, transferEntry } from './entry.js'
import { evict } from './evict.js'
import { addressKey, hexOf, idKey, keyOf } from './keys.js'
import { outbids } from './replace.js'
import { SenderQueue } from './sender-queue.js'
import { type FlatTransfers, TransferStore } from './transfer-store.js'
import { Turns } from './turns.js'

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
/** Ends that are remembered until somebody takes them. */
const maxDropped = 10_000

/**
 * Transactions that were admitted and are not final yet. Nothing is admitted that the sum of what waits leaves no funds
 * for; every sender gets its turn; where there is not room for all, those stay that pay more, and then those whose sender
 * uses less. Pure: time is counted in blocks. Transfers stay flat: what there is of each besides its place in flat memory
 * is one entry and its key.
 */
export class Mempool {
  readonly #options: MempoolOptions
  readonly #accounts: FinalAccounts
  readonly #transfers = new TransferStore()
  /** In the order of arrival. */
  readonly #entries = new Map<string, Entry>()
  readonly #queues = new Map<string, SenderQueue>()
  readonly #turns: Turns
  readonly #dropped: Dropped[] = []
  #bytes = 0
  #waiting = 0
  #arrivals = 0
  /** No transaction here expires before this height. */
  #expiry = Number.POSITIVE_INFINITY
  /** What found no room since the last removal: nothing that pays no more and uses no less has to be tried. */
  #refused: { readonly rate: bigint; readonly used: number } | undefined

  constructor(options: MempoolOptions, accounts: FinalAccounts) {
    this.#options = options
    this.#accounts = accounts
    this.#turns = new Turns(accounts.nonceOf)
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
    const entry = this.#entries.get(keyOf(id))
    return entry && { envelope: this.#envelopeOf(entry), sender: entry.sender.address }
  }

  /** All that waits or travels, in the order of arrival. */
  *envelopes(): Generator<Uint8Array, void, undefined> {
    for (const entry of this.#entries.values()) yield this.#envelopeOf(entry)
  }

  /** For `admit`: the nonce by which a transaction is judged, so that it may queue up or replace another. */
  nonceFor(sender: Address, given: bigint): bigint {
    const queue = this.#queues.get(keyOf(sender))
    const next = this.#nextNonce(sender, queue)
    if (given > next) return given - next <= maxNonceGap ? given : next
    return queue?.withNonce(given) === undefined ? next : given
  }

  /** Nonce of the sender's next Ethereum transaction, after all that wait without a gap. */
  pendingNonce(sender: Address): bigint {
    return this.#nextNonce(sender, this.#queues.get(keyOf(sender)))
  }

  /**
   * Keeps an admitted transaction; `envelope` must not change afterwards. Errors: TransactionKnown, SenderQueueFull,
   * FundsInsufficient, ReplacementUnderpriced, ReplacementTooLate, MempoolFull. On error nothing has changed.
   */
  add(admission: Admission, envelope: Uint8Array, height: number): void {
    const key = keyOf(admission.id)
    if (this.#entries.has(key)) fail('TransactionKnown')
    const sender = this.#queueOf(keyOf(admission.sender))
    const payer = keyOf(admission.payer)
    const sponsor = payer === sender.key ? undefined : this.#queueOf(payer)
    const { waitBlocks } = this.#options
    const arrival = { height, arrival: this.#arrivals, waitBlocks }
    const entry = entryOf(admission, envelope, key, { sender, sponsor }, arrival)
    this.#require(entry)
    if (entry.general === undefined) {
      entry.place = this.#transfers.putEnvelope(envelope, admission.id, admission.sender)
    }
    this.#insert(entry)
  }

  /** Keeps the i-th transfer of a batch, which was admitted. Errors as of `add`. */
  addTransfer(transfers: FlatTransfers, i: number): void {
    const { ids, senders } = transfers
    const key = idKey(ids, i * 8)
    if (this.#entries.has(key)) fail('TransactionKnown')
    const sender = this.#queueOf(addressKey(senders, i * 5))
    const entry = transferEntry(transfers, i, key, sender, this.#arrivals)
    this.#require(entry)
    entry.place = this.#transfers.put(transfers, i)
    this.#insert(entry)
  }

  /**
   * Takes what may leave in a batch: a transaction of every sender in turn, then the next of each, up to the limits. If
   * not all senders can have one, those that pay more go first.
   */
  take(limits: { readonly transactions: number; readonly bytes: number }): Taken {
    const places: number[] = []
    const general: GeneralEntry[] = []
    let [count, bytes] = [0, 0]
    for (const entry of this.#turns.next(limits.transactions)) {
      const size = lengthOf(entry) + 4
      if (count >= limits.transactions || bytes + size > limits.bytes) break
      count++
      bytes += size
      this.#leave(entry)
      if (entry.general === undefined) places.push(entry.place)
      else general.push(entry.general)
    }
    return { transfers: this.#transfers.gather(places), general }
  }

  /** What came of a transaction that had left; its id starts at word `at`. Unknown ids are ignored. */
  settle(ids: Uint32Array, at: number, outcome: Outcome): void {
    const entry = this.#entries.get(idKey(ids, at))
    if (entry === undefined) return
    if (outcome === 'unordered' || (outcome === 'retry' && entry.returns < maxReturns)) {
      if (!entry.travelling) return
      if (outcome === 'retry') entry.returns++
      entry.sender.comeBack(entry)
      this.#turns.note(entry.sender)
      this.#waiting++
      return
    }
    if (outcome === 'included') this.#remove(entry)
    else this.#drop(entry, 'skipped')
  }

  /** Drops what can no longer be included after the block at `height`. */
  expire(height: number): void {
    if (height < this.#expiry) return
    this.#expiry = Number.POSITIVE_INFINITY
    for (const entry of this.#entries.values()) {
      if (entry.validUntil <= height) this.#drop(entry, 'expired')
      else this.#expiry = Math.min(this.#expiry, entry.validUntil)
    }
  }

  /** What was dropped since the last call. */
  takeDropped(): readonly Dropped[] {
    return this.#dropped.splice(0)
  }

  #nextNonce(sender: Address, queue: SenderQueue | undefined): bigint {
    const nonce = this.#accounts.nonceOf(sender)
    return queue?.nextNonce(nonce) ?? nonce
  }

  #queueOf(key: string): SenderQueue {
    return this.#queues.get(key) ?? new SenderQueue(key)
  }

  #envelopeOf({ general, place }: Entry): Uint8Array {
    return general?.envelope ?? this.#transfers.envelope(place)
  }

  /** Makes sure that an entry may be kept: there is room then, and what it replaces is gone. Errors as of `add`. */
  #require(entry: Entry): void {
    const replaced = this.#replacedBy(entry)
    if (replaced === undefined) this.#requirePlace(entry)
    this.#requireFunds(entry, replaced)
    this.#makeRoom(entry, this.#bytes + entry.size - (replaced?.size ?? 0) - this.#options.maxBytes)
    if (replaced !== undefined) this.#drop(replaced, 'replaced')
  }

  /** The waiting transaction of the same sender and nonce. Errors: ReplacementUnderpriced, ReplacementTooLate. */
  #replacedBy(entry: Entry): Entry | undefined {
    if (entry.nonce === undefined) return undefined
    const replaced = entry.sender.withNonce(entry.nonce)
    if (replaced === undefined) return undefined
    if (replaced.travelling) fail('ReplacementTooLate', { nonce: entry.nonce })
    if (!outbids(entry, replaced)) fail('ReplacementUnderpriced', { nonce: entry.nonce })
    return replaced
  }

  #requirePlace({ sender: { address, count } }: Entry): void {
    const { maxPerSender: limit } = this.#options
    if (count >= limit) fail('SenderQueueFull', { sender: toHex(address), count, limit })
  }

  #requireFunds({ sender, cost, sponsor, sponsored }: Entry, replaced: Entry | undefined): void {
    if (sponsor !== undefined) this.#requireBalance(sponsor, sponsor.reserved + sponsored)
    this.#requireBalance(sender, sender.reserved + cost - (replaced?.cost ?? 0n))
  }

  #requireBalance({ address }: SenderQueue, required: bigint): void {
    const balance = this.#accounts.balanceOf(address)
    if (required > balance) fail('FundsInsufficient', { balance, required })
  }

  /** Evicts what gives way to `entry` until `needed` bytes are free. Error: MempoolFull. */
  #makeRoom(entry: Entry, needed: number): void {
    if (needed <= 0) return
    const { maxBytes: limit } = this.#options
    const used = entry.size + entry.sender.bytes
    const refused = this.#refused
    if (refused !== undefined && entry.rate <= refused.rate && used >= refused.used) {
      fail('MempoolFull', { limit })
    }
    const victims = evict(entry, used, needed, this.#turns.values(), limit)
    if (victims === undefined) {
      this.#refused = { rate: entry.rate, used }
      fail('MempoolFull', { limit })
    }
    for (const victim of victims) this.#drop(victim, 'evicted')
  }

  #leave(entry: Entry): void {
    entry.sender.leave(entry)
    this.#turns.note(entry.sender)
    this.#waiting--
  }

  #insert(entry: Entry): void {
    const { sender, sponsor } = entry
    this.#queues.set(sender.key, sender)
    if (sponsor !== undefined) this.#queues.set(sponsor.key, sponsor)
    sender.add(entry)
    sender.reserved += entry.cost
    if (sponsor !== undefined) sponsor.reserved += entry.sponsored
    this.#turns.note(sender)
    this.#entries.set(entry.key, entry)
    this.#bytes += entry.size
    this.#expiry = Math.min(this.#expiry, entry.validUntil)
    this.#waiting++
    this.#arrivals++
  }

  #drop(entry: Entry, reason: Dropped['reason']): void {
    const { key, sender, validUntil } = entry
    const envelope = this.#envelopeOf(entry)
    this.#remove(entry)
    this.#dropped.push({ key: hexOf(key), envelope, sender: sender.address, reason, validUntil })
    if (this.#dropped.length > maxDropped) this.#dropped.shift()
  }

  #remove(entry: Entry): void {
    const { sender, sponsor } = entry
    sender.remove(entry)
    sender.reserved -= entry.cost
    if (sponsor !== undefined) sponsor.reserved -= entry.sponsored
    this.#turns.note(sender)
    if (sender.isUnused) this.#queues.delete(sender.key)
    if (sponsor?.isUnused) this.#queues.delete(sponsor.key)
    if (entry.general === undefined) this.#transfers.free(entry.place)
    this.#entries.delete(entry.key)
    this.#bytes -= entry.size
    this.#refused = undefined
    if (!entry.travelling) this.#waiting--
  }
}
