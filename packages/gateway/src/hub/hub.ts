import { type Position, positionText, type TopicFilter } from '@banyan/topics'
import { History, type HistoryCursor, type HistoryPage } from './history.js'
import type { Message, NewMessage } from './message.js'
import { createNameSpaces, type NameSpace } from './name-spaces.js'
import { Routes, type Subscription } from './routes.js'
import type { ValueLimits } from './values.js'

/** What became of a message: how many receivers it has here, or that its value could not be kept. */
export type Published = { readonly receivers: number; readonly position: Position | undefined } | 'full'

export type HubOptions = {
  /** Classes of topics; the first that a topic matches is its own. Topics of none are events. */
  readonly nameSpaces: readonly NameSpace[]
  readonly values: ValueLimits
  /** Milliseconds, never going back. */
  readonly clock: () => number
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
  /** Tells this hub's history from every other; up to 16 letters and digits. */
  readonly epoch: string
}

/** Publish and subscribe between the clients of one gateway, whatever they speak. Knows no socket. */
export type Hub = {
  /** `done` is called once the message is accepted as its class demands, or refused. */
  readonly publish: (message: NewMessage, done?: (published: Published) => void) => void
  readonly subscribe: (subscription: Subscription) => void
  readonly unsubscribe: (subscription: Subscription) => void
  /** Last values of the topics that a filter matches. */
  readonly retained: (filter: TopicFilter) => readonly Message[]
  /**
   * What is kept of topics that a filter matches, after a position or from the beginning, in order: `limit` messages at most,
   * and fewer of large ones.
   */
  readonly history: (filter: TopicFilter, since: HistoryCursor | undefined, limit: number) => HistoryPage
  /** Where someone stands who knows all that is kept. */
  readonly end: () => Position
}

export function createHub({ nameSpaces, values, clock, wallClock, epoch }: HubOptions): Hub {
  const history = new History(nameSpaces, values, epoch)
  const routes = new Routes()
  const spaceOf = createNameSpaces(nameSpaces)

  return {
    publish: (given, done) => {
      const space = spaceOf(given.topic)
      const hasValue = given.retain || space?.class === 'state'
      if (hasValue && !history.hasRoom(given, clock())) {
        done?.('full')
        return
      }
      const isKept = hasValue || space?.class === 'log'
      const seq = isKept ? history.nextSeq() : undefined
      // Field by field: a spread takes longer than all the rest of a delivery.
      const message: Message = {
        topic: given.topic,
        payload: isKept ? new Uint8Array(given.payload) : given.payload,
        qos: given.qos,
        retain: given.retain,
        expiresAt: given.expiresAt,
        properties: given.properties,
        from: given.from,
        class: space?.class ?? 'event',
        seq,
        position: isKept ? positionText(history.end()) : undefined,
        time: wallClock(),
        frames: isKept ? undefined : given.frames,
      }
      if (space?.class === 'log') history.append(space, message)
      if (hasValue) history.keepValue(message)
      const receivers = routes.deliver(message)
      done?.({ receivers, position: isKept ? history.end() : undefined })
    },
    subscribe: (subscription) => routes.add(subscription),
    unsubscribe: (subscription) => routes.remove(subscription),
    retained: (filter) => history.retained(filter, clock()),
    history: (filter, since, limit) => history.read(filter, since, limit, clock(), wallClock()),
    end: () => history.end(),
  }
}
