import { matches, NameIndex, type TopicFilter } from '@banyan/topics'
import { firstAfter } from './first-after.js'
import { type LossCount, Losses } from './losses.js'
import { isExpired, type Message } from './message.js'

export type ValueLimits = {
  /** Topics that have a value. */
  readonly messages: number
  /** Of all payloads together. */
  readonly bytes: number
  /** Values that were removed lately, so that those who follow hear of it. */
  readonly removed: number
}

type ValuesRead = {
  readonly filter: TopicFilter
  readonly seq: number
  readonly limit: number
  readonly now: number
  readonly withRemoved: boolean
}

/** Messages that are looked through for each one wanted, before they are looked up by name. */
const scanFactor = 64

/** The last value of each topic that has one, and which were removed lately. */
export class Values {
  private readonly limits: ValueLimits
  private readonly live = new NameIndex<Message>()
  private readonly gone = new NameIndex<Message>()
  /** What became the last value of a topic or removed it, in order, with some that others replaced since. */
  private order: Message[] = []
  /** Removals in the order in which they came. */
  private goneOrder: Message[] = []
  /** Removals that are not remembered any more. */
  readonly losses: Losses
  private bytes = 0
  /** No value expires before this. */
  private nextExpiry = Number.POSITIVE_INFINITY

  constructor(limits: ValueLimits, count: LossCount) {
    this.limits = limits
    this.losses = new Losses(count)
  }

  /** Whether the value of a message can be kept, or it removes one. */
  hasRoom(message: Pick<Message, 'topic' | 'payload'>, now: number): boolean {
    if (message.payload.length === 0 || this.fits(message)) return true
    this.dropExpired(now)
    return this.fits(message)
  }

  private fits({ topic, payload }: Pick<Message, 'topic' | 'payload'>): boolean {
    const before = this.live.get(topic)
    const bytes = this.bytes - (before?.payload.length ?? 0) + payload.length
    return bytes <= this.limits.bytes && (before !== undefined || this.live.size < this.limits.messages)
  }

  /** The caller has looked for room. */
  put(message: Message): void {
    this.replace(message)
    this.keepOrder(message)
  }

  private replace(message: Message): void {
    const { topic, payload } = message
    this.bytes += payload.length - (this.live.get(topic)?.payload.length ?? 0)
    if (payload.length > 0) {
      this.nextExpiry = Math.min(this.nextExpiry, message.expiresAt ?? Number.POSITIVE_INFINITY)
      this.live.set(topic, message)
      this.gone.delete(topic)
      return
    }
    this.live.delete(topic)
    this.gone.set(topic, message)
    this.goneOrder.push(message)
    if (this.goneOrder.length > 2 * this.limits.removed) this.forgetRemoved()
  }

  /** Values that have not expired, of the topics that a filter matches. */
  select(filter: TopicFilter, now: number): readonly Message[] {
    const found = this.live.select(filter)
    for (const message of found) if (isExpired(message, now)) this.drop(message)
    return found.filter((message) => !isExpired(message, now))
  }

  /** The first `limit` values and, if they are wanted, removals after `seq`, in order. */
  read({ filter, seq, limit, now, withRemoved }: ValuesRead): readonly Message[] {
    const start = firstAfter(this.order, 0, seq)
    const end = Math.min(this.order.length, start + limit * scanFactor)
    const isWanted = (message: Message): boolean =>
      this.isCurrent(message) && !isExpired(message, now) && (withRemoved || message.payload.length > 0)
    const found: Message[] = []
    for (let i = start; i < end && found.length < limit; i++) {
      const message = this.order[i]!
      if (isWanted(message) && matches(filter, message.topic)) found.push(message)
    }
    if (found.length === limit || end === this.order.length) return found
    // Few of those that changed match: looking them up by name is cheaper.
    return [...this.live.select(filter), ...this.gone.select(filter)]
      .filter((message) => message.seq! > seq && isWanted(message))
      .sort((a, b) => a.seq! - b.seq!)
      .slice(0, limit)
  }

  private isCurrent(message: Message): boolean {
    const { topic, payload } = message
    return (payload.length > 0 ? this.live : this.gone).get(topic) === message
  }

  private keepOrder(message: Message): void {
    this.order.push(message)
    if (this.order.length > 2 * (this.live.size + this.gone.size) + 1_000)
      this.order = this.order.filter((each) => this.isCurrent(each))
  }

  private drop({ topic, payload }: Message): void {
    this.live.delete(topic)
    this.bytes -= payload.length
  }

  private dropExpired(now: number): void {
    if (this.nextExpiry > now) return
    const all = this.live.select('#')
    for (const message of all) if (isExpired(message, now)) this.drop(message)
    const left = all.filter((message) => !isExpired(message, now))
    this.nextExpiry = left.reduce(
      (first, { expiresAt }) => Math.min(first, expiresAt ?? first),
      Number.POSITIVE_INFINITY,
    )
  }

  private forgetRemoved(): void {
    const old = this.goneOrder.slice(0, -this.limits.removed)
    this.goneOrder = this.goneOrder.slice(-this.limits.removed)
    for (const message of old) {
      // Whoever missed a removal after which something came hears of that.
      if (this.gone.get(message.topic) !== message) continue
      this.gone.delete(message.topic)
      this.losses.add(message.seq!)
    }
  }
}
