import { NameIndex, type TopicFilter } from '@banyan/topics'
import type { Message } from './message.js'

export type RetainedLimits = {
  readonly messages: number
  /** Of all payloads together. */
  readonly bytes: number
}

/** The last value of each topic that has one. */
export type Retained = {
  /** Keeps or removes a value; false if there is no room for it. */
  readonly put: (message: Message) => boolean
  /** Values that have not expired at `now`, of the topics that a filter matches. */
  readonly select: (filter: TopicFilter, now: number) => readonly Message[]
}

export function createRetained(limits: RetainedLimits): Retained {
  const values = new NameIndex<Message>()
  let bytes = 0

  return {
    put: (message) => {
      const before = values.get(message.topic)?.payload.length ?? 0
      if (message.payload.length === 0) {
        values.delete(message.topic)
        bytes -= before
        return true
      }
      const isNew = before === 0
      const after = bytes - before + message.payload.length
      if (after > limits.bytes || (isNew && values.size >= limits.messages)) return false
      values.set(message.topic, message)
      bytes = after
      return true
    },
    select: (filter, now) => {
      const found = values.select(filter)
      const isDue = ({ expiresAt }: Message): boolean => expiresAt !== undefined && expiresAt <= now
      for (const message of found.filter(isDue)) {
        values.delete(message.topic)
        bytes -= message.payload.length
      }
      return found.filter((message) => !isDue(message))
    },
  }
}
