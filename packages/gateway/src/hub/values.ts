import { NameIndex, type TopicFilter } from '@banyan/topics'
import { isExpired, type Message } from './message.js'

export type ValueLimits = {
  /** Topics that have a value. */
  readonly messages: number
  /** Of all payloads together. */
  readonly bytes: number
  /** Values that were removed lately, so that those who follow hear of it. */
  readonly removed: number
}

/** The last value of each topic that has one, and which were removed lately. */
export class Values {
  private readonly limits: ValueLimits
  private readonly live = new NameIndex<Message>()
  private readonly gone = new NameIndex<Message>()
  /** Removals in the order in which they came. */
  private goneOrder: Message[] = []
  /** Newest removal that is not remembered any more. */
  private forgotten = 0
  private bytes = 0

  constructor(limits: ValueLimits) {
    this.limits = limits
  }

  /** Whether the value of a message can be kept, or it removes one. */
  hasRoom({ topic, payload }: Pick<Message, 'topic' | 'payload'>): boolean {
    if (payload.length === 0) return true
    const before = this.live.get(topic)
    const bytes = this.bytes - (before?.payload.length ?? 0) + payload.length
    return bytes <= this.limits.bytes && (before !== undefined || this.live.size < this.limits.messages)
  }

  /** The caller has looked for room. */
  put(message: Message): void {
    const { topic, payload } = message
    this.bytes += payload.length - (this.live.get(topic)?.payload.length ?? 0)
    if (payload.length > 0) {
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

  /** Whether every removal after `seq` is still remembered. */
  remembers(seq: number): boolean {
    return seq >= this.forgotten
  }

  /** Last values and removals after `seq`, unordered. */
  changedSince(filter: TopicFilter, seq: number, now: number): readonly Message[] {
    return [...this.select(filter, now), ...this.gone.select(filter)].filter(
      (message) => message.seq !== undefined && message.seq > seq,
    )
  }

  private drop({ topic, payload }: Message): void {
    this.live.delete(topic)
    this.bytes -= payload.length
  }

  private forgetRemoved(): void {
    const old = this.goneOrder.slice(0, -this.limits.removed)
    this.goneOrder = this.goneOrder.slice(-this.limits.removed)
    for (const message of old) {
      if (this.gone.get(message.topic) === message) this.gone.delete(message.topic)
      this.forgotten = Math.max(this.forgotten, message.seq ?? 0)
    }
  }
}
