import type { TopicFilter } from '@banyan/topics'
import { matches } from '@banyan/topics'
import { firstAfter } from './first-after.js'
import { type LossCount, Losses } from './losses.js'
import type { Message } from './message.js'
import type { Retention } from './name-spaces.js'

/** Messages of one log in order, as many as its retention allows. */
export class LogStore {
  private readonly retention: Retention
  private messages: Message[] = []
  /** Messages at the front of the array that were dropped. */
  private dropped = 0
  private bytes = 0
  readonly losses: Losses

  constructor(retention: Retention, count: LossCount) {
    this.retention = retention
    this.losses = new Losses(count)
  }

  append(message: Message): void {
    this.messages.push(message)
    this.bytes += message.payload.length
    this.trim(message.time)
  }

  /** The first `limit` messages after `seq` of topics that the filter matches. */
  read(filter: TopicFilter, seq: number, limit: number): readonly Message[] {
    const found: Message[] = []
    for (
      let i = firstAfter(this.messages, this.dropped, seq);
      i < this.messages.length && found.length < limit;
      i++
    ) {
      const message = this.messages[i]!
      if (matches(filter, message.topic)) found.push(message)
    }
    return found
  }

  /** Drops what is too much or too old at `time`. */
  trim(time: number): void {
    const { messages: most, bytes, ageMs } = this.retention
    for (;;) {
      const oldest = this.messages[this.dropped]
      if (oldest === undefined) break
      const count = this.messages.length - this.dropped
      if (count <= most && this.bytes <= bytes && time - oldest.time <= ageMs) break
      this.bytes -= oldest.payload.length
      this.losses.add(oldest.seq!)
      this.dropped++
    }
    if (this.dropped > 1_000 && this.dropped * 2 > this.messages.length) {
      this.messages = this.messages.slice(this.dropped)
      this.dropped = 0
    }
  }
}
