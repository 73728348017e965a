import type { TopicFilter } from '@banyan/topics'
import { matches } from '@banyan/topics'
import type { Message } from './message.js'
import type { Retention } from './name-spaces.js'

/** Messages of one log in order, as many as its retention allows. */
export class LogStore {
  private readonly retention: Retention
  private messages: Message[] = []
  /** Messages at the front of the array that were dropped. */
  private dropped = 0
  private bytes = 0
  /** Number of the newest message that was dropped. */
  private lost = 0

  constructor(retention: Retention) {
    this.retention = retention
  }

  append(message: Message): void {
    this.messages.push(message)
    this.bytes += message.payload.length
    this.trim(message.time)
  }

  /** Whether everything after `seq` is still here. */
  reaches(seq: number): boolean {
    return seq >= this.lost
  }

  /** The first `limit` messages after `seq` of topics that the filter matches. */
  read(filter: TopicFilter, seq: number, limit: number): readonly Message[] {
    const found: Message[] = []
    for (let i = this.firstAfter(seq); i < this.messages.length && found.length < limit; i++) {
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
      this.lost = oldest.seq ?? 0
      this.dropped++
    }
    if (this.dropped > 1_000 && this.dropped * 2 > this.messages.length) {
      this.messages = this.messages.slice(this.dropped)
      this.dropped = 0
    }
  }

  /** Index of the first message after `seq`. */
  private firstAfter(seq: number): number {
    let [low, high] = [this.dropped, this.messages.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.messages[middle]!.seq! <= seq) low = middle + 1
      else high = middle
    }
    return low
  }
}
