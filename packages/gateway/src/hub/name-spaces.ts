import { matches, type TopicFilter, type TopicName } from '@banyan/topics'

/**
 * What messages of a topic are. `event`: they pass, and are gone. `log`: they are kept in order for a while. `state`: the last
 * one of each topic is kept.
 */
export type TopicClass = 'event' | 'log' | 'state'

/** What is kept of a log at most; what is older goes first. */
export type Retention = { readonly messages: number; readonly bytes: number; readonly ageMs: number }

/** Topics of one class. */
export type NameSpace =
  | { readonly filter: TopicFilter; readonly class: 'event' | 'state' }
  | { readonly filter: TopicFilter; readonly class: 'log'; readonly retention: Retention }

/** Names whose name spaces are remembered. */
const mostKnown = 20_000

/** Finds the name space of a topic: the first that it matches. Topics of none are events. */
export function createNameSpaces(spaces: readonly NameSpace[]): (topic: TopicName) => NameSpace | undefined {
  const known = new Map<TopicName, NameSpace | undefined>()
  return (topic) => {
    if (spaces.length === 0) return undefined
    let space = known.get(topic)
    if (space === undefined && !known.has(topic)) {
      space = spaces.find(({ filter }) => matches(filter, topic))
      if (known.size >= mostKnown) known.clear()
      known.set(topic, space)
    }
    return space
  }
}
