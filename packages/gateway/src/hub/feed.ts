import type { Position, TopicFilter } from '@banyan/topics'
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
  /** Whether the reader has more waiting than it should. It is then given nothing until `resume`. */
  readonly isBehind: () => boolean
}

/** Follows topics for one reader: history first, then what comes; a slow reader goes back to the history. */
export type Feed = {
  /** The reader has caught up with what it was given. */
  readonly resume: () => void
  /** Events that the reader was too slow for. */
  readonly dropped: () => number
  readonly close: () => void
}

/** Messages read from the history at a time. */
const pageSize = 256

export function openFeed({ hub, filter, start, take, reset, isBehind }: FeedOptions): Feed {
  let after: Position | undefined = typeof start === 'object' ? start : undefined
  let isLive = false
  let dropped = 0

  const catchUp = (): void => {
    while (!isLive && !isBehind()) {
      const page = hub.history(filter, after, pageSize)
      if (page.isReset) reset()
      for (const message of page.messages) take(message)
      after = page.after
      isLive = page.isEnd
    }
  }
  const subscription: Subscription = {
    filter,
    group: undefined,
    subscriber: {
      isHere: () => true,
      deliverer: () => (message) => {
        if (message.seq === undefined) {
          if (isBehind()) dropped++
          else take(message)
        } else if (isLive) {
          isLive = !isBehind()
          if (!isLive) return
          take(message)
          after = { epoch: hub.end().epoch, seq: message.seq }
        }
      },
    },
  }
  hub.subscribe(subscription)
  if (start === 'now') {
    for (const message of hub.retained(filter)) take(message)
    after = hub.end()
    isLive = true
  } else catchUp()
  return {
    resume: catchUp,
    dropped: () => dropped,
    close: () => hub.unsubscribe(subscription),
  }
}
