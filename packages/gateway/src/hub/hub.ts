import type { TopicFilter } from '@banyan/topics'
import type { Message } from './message.js'
import { createRetained, type RetainedLimits } from './retained.js'
import { Routes, type Subscription } from './routes.js'

/** What became of a message: how many receivers it has here, or that its value could not be kept. */
export type Published = { readonly receivers: number } | 'full'

/** Publish and subscribe between the clients of one gateway, whatever they speak. Knows no clock and no socket. */
export type Hub = {
  /** `done` is called once the message is accepted as its class demands, or refused. */
  readonly publish: (message: Message, done?: (published: Published) => void) => void
  readonly subscribe: (subscription: Subscription) => void
  readonly unsubscribe: (subscription: Subscription) => void
  /** Last values of the topics that a filter matches. */
  readonly retained: (filter: TopicFilter, now: number) => readonly Message[]
}

export function createHub(limits: RetainedLimits): Hub {
  const retained = createRetained(limits)
  const routes = new Routes()

  return {
    publish: (message, done) => {
      if (message.retain && !retained.put(message)) done?.('full')
      else {
        const receivers = routes.deliver(message)
        done?.({ receivers })
      }
    },
    subscribe: (subscription) => routes.add(subscription),
    unsubscribe: (subscription) => routes.remove(subscription),
    retained: (filter, now) => retained.select(filter, now),
  }
}
