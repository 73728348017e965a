import type { Position, TopicFilter } from '@banyan/topics'
import type { HistoryCursor } from './history.js'
import type { Hub } from './hub.js'
import type { Message } from './message.js'
import type { Subscription } from './routes.js'

/** Where a feed begins: with last values and what comes from now on, or with everything that is kept, or after a position. */
export type FeedStart = 'now' | 'beginning' | Position

export type FeedOptions = {
  readonly hub: Hub
  readonly filter: TopicFilter
  readonly start: FeedStart
  /** Takes messages in order. What is kept comes once each; what is not comes once at most. */
  readonly take: (message: Message) => void
  /** What the reader knew does not continue: it forgets all, and is given everything that is kept. */
  readonly reset: () => void
  /** So many events went by while the reader was behind. */
  readonly missed: (events: number) => void
  /** Whether the reader has more waiting than it should. It is then given nothing until `resume`. */
  readonly isBehind: () => boolean
}

/** Follows topics for one reader: history first, then what comes; a slow reader goes back to the history. */
export type Feed = {
  /** The reader has taken what it was given, or some of it. */
  readonly resume: () => void
  /** Whether it was given everything so far. */
  readonly isLive: () => boolean
  readonly close: () => void
}

/** Messages read from the history at a time. */
const pageSize = 256

export function openFeed({ hub, filter, start, take, reset, missed, isBehind }: FeedOptions): Feed {
  let after: HistoryCursor | undefined = typeof start === 'object' ? start : undefined
  let isLive = false
  let events = 0

  const resume = (): void => {
    if (events > 0 && !isBehind()) {
      missed(events)
      events = 0
    }
    while (!isLive && !isBehind()) {
      const page = hub.history(filter, after, pageSize)
      if (page.isReset) reset()
      for (const message of page.messages) take(message)
      after = page.after
      isLive = page.isEnd
    }
  }
  const deliver = (message: Message): void => {
    if (message.seq === undefined) {
      if (events > 0 || isBehind()) events++
      else take(message)
    } else if (isLive) {
      isLive = !isBehind()
      if (!isLive) return
      take(message)
      after = { ...hub.end(), seq: message.seq }
    }
  }
  const subscription: Subscription = {
    filter,
    group: undefined,
    subscriber: { isHere: () => true, deliverer: () => deliver },
  }
  hub.subscribe(subscription)
  if (start === 'now') {
    for (const message of hub.retained(filter)) take(message)
    after = hub.end()
    isLive = true
  } else resume()
  return { resume, isLive: () => isLive, close: () => hub.unsubscribe(subscription) }
}
