import type { Message } from '../../hub/message.js'
import { messageHead, textOf } from '../message-form.js'
import type { Documents, Fields } from './documents.js'

/** Documents of logs that one subscription has at a time; of more, the oldest are removed. */
const mostLogDocuments = 1_000

/** Shows the messages of one subscription as documents. */
export type TopicDocuments = {
  readonly take: (message: Message) => void
  /** Takes all of them away. */
  readonly clear: () => void
}

/**
 * A value is the document with the last level of its topic as its id, in the collection of the levels before. A message of a log is a
 * document of the same collection with its position as id. An event is added and at once removed.
 */
export function showTopic(documents: Documents, subscription: string): TopicDocuments {
  let logs: { readonly collection: string; readonly id: string }[] = []
  let events = 0
  return {
    take: (message) => {
      const cut = message.topic.lastIndexOf('/')
      const collection = message.topic.slice(0, Math.max(cut, 0))
      const key = message.topic.slice(cut + 1)
      if (message.position !== undefined && message.class !== 'log') {
        if (message.payload.length === 0) documents.remove(collection, key)
        else documents.put(subscription, collection, key, fieldsOf(message))
        return
      }
      const id = message.position ?? `event ${subscription} ${++events}`
      documents.put(subscription, collection, id, fieldsOf(message))
      if (message.position === undefined) documents.release(subscription, collection, id)
      else logs.push({ collection, id })
      if (logs.length <= mostLogDocuments) return
      const oldest = logs.shift()!
      documents.release(subscription, oldest.collection, oldest.id)
    },
    clear: () => {
      logs = []
      documents.releaseAll(subscription)
    },
  }
}

function fieldsOf(message: Message): Fields {
  const text = textOf(message.payload)
  return {
    ...messageHead(message),
    payload: text ?? { $binary: Buffer.from(message.payload).toString('base64') },
  }
}
