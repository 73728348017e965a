import { parsePosition, type TopicFilter } from '@banyan/topics'
import type { HistoryCursor } from '../hub/history.js'
import type { Hub } from '../hub/hub.js'
import type { Message } from '../hub/message.js'
import type { Properties } from './properties.js'

/** The user property of SUBSCRIBE by which a client asks for what came after a position, or from the beginning. */
const sinceName = 'since'
const pageSize = 256

export function sinceOf({ userProperties }: Properties): string | undefined {
  return userProperties?.find(([name]) => name === sinceName)?.[1]
}

/** What a new subscription is given first; `isReset`: it does not continue what the client knows. */
export type Replay = { readonly messages: readonly Message[]; readonly isReset: boolean }

/** At most `most` messages, since they all have to wait for the client. Undefined if `since` is no position. */
export function readReplay(
  hub: Hub,
  filter: TopicFilter,
  since: string,
  most: number,
): Replay | 'too much' | undefined {
  let after: HistoryCursor | undefined = parsePosition(since)
  if (after === undefined && since !== 'beginning') return undefined
  const messages: Message[] = []
  let isReset = false
  for (;;) {
    const page = hub.history(filter, after, pageSize)
    messages.push(...page.messages)
    isReset ||= page.isReset
    after = page.after
    if (messages.length > most) return 'too much'
    if (page.isEnd) return { messages, isReset }
  }
}
