import type { Message } from '../hub/message.js'
import type { Delivery } from './outgoing.js'

export type QueueLimits = {
  /** Messages of QoS 1 and 2 that wait for a client; of more, the oldest are dropped. One of a log or a state ends the session. */
  readonly waitingMessages: number
  /** Their bytes, with the same consequence. */
  readonly waitingBytes: number
}

/** Taken places at the front that are kept at most, unless as many wait. */
const mostTaken = 512

/** Messages that wait for their turn to be sent, the oldest first. */
export class WaitingMessages {
  private readonly limits: QueueLimits
  private places: (Delivery | undefined)[] = []
  private taken = 0
  private bytes = 0
  /** Messages that made room for younger ones. */
  dropped = 0
  /** A message of a log or a state was among them: the client cannot go on without a gap, and nothing is kept for it any more. */
  hasGap = false

  constructor(limits: QueueLimits) {
    this.limits = limits
  }

  push(delivery: Delivery): void {
    if (this.hasGap) return
    this.places.push(delivery)
    this.bytes += bytesOf(delivery.message)
    const { waitingMessages, waitingBytes } = this.limits
    while (this.places.length - this.taken > waitingMessages || this.bytes > waitingBytes) {
      const oldest = this.shift()
      this.dropped++
      if (oldest !== undefined && oldest.message.class !== 'event') this.giveUp()
    }
  }

  private giveUp(): void {
    this.hasGap = true
    this.places = []
    this.taken = 0
    this.bytes = 0
  }

  shift(): Delivery | undefined {
    const next = this.places[this.taken]
    if (next === undefined) return undefined
    this.places[this.taken] = undefined
    this.taken++
    this.bytes -= bytesOf(next.message)
    if (this.taken > mostTaken && this.taken * 2 > this.places.length) {
      this.places = this.places.slice(this.taken)
      this.taken = 0
    }
    return next
  }
}

/** What a message holds in memory, about. */
function bytesOf({ payload, properties }: Message): number {
  let bytes = payload.length + (properties?.correlation?.length ?? 0)
  for (const [name, value] of properties?.userProperties ?? []) bytes += name.length + value.length
  return bytes
}
