import { BanyanError, fail } from '@banyan/base'
import { errorBody, publicError } from '@banyan/http-api/server'
import { positionText, type TopicName, topicFilter, topicName } from '@banyan/topics'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { type Feed, openFeed } from '../hub/feed.js'
import { type Message, newFrameSlot, sharedFrame } from '../hub/message.js'
import { messageJson } from './message-json.js'
import { createOutbox } from './outbox.js'
import { requireRight, sinceOf, type TopicScope } from './serve-topics.js'

/** Subprotocol of WebSocket in which every message is one JSON object. */
export const jsonProtocol = 'banyan.v1.json'

const backlogBytes = 256 * 1024
const mostSubscriptions = 1_000
const id = z.union([z.string().max(100), z.number()])

/** What a client may say. */
export const clientMessage = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('sub'), id, topic: z.string(), since: z.string().optional() }),
  z.strictObject({ t: z.literal('unsub'), id }),
  z.strictObject({
    t: z.literal('pub'),
    id: id.optional(),
    topic: z.string(),
    text: z.string().optional(),
    base64: z.base64().optional(),
    contentType: z.string().max(200).optional(),
    retain: z.boolean().optional(),
  }),
  z.strictObject({ t: z.literal('ping') }),
])
type ClientMessage = z.output<typeof clientMessage>
type Subscribe = Extract<ClientMessage, { t: 'sub' }>
type Publish = Extract<ClientMessage, { t: 'pub' }>

const slot = newFrameSlot()

/** Lets the client of a WebSocket subscribe and publish by JSON objects, one in each message. */
export function serveJson(scope: TopicScope, socket: WebSocket): void {
  const { hub } = scope
  const { epoch } = hub.end()
  const feeds = new Map<string | number, Feed>()
  // Each piece is a message of its own; several leave in one write of the connection below.
  const outbox = createOutbox({
    write: (pieces) => {
      for (const piece of pieces) socket.send(piece, { binary: false })
      for (const feed of feeds.values()) feed.resume()
    },
    end: () => socket.close(),
    backlog: () => socket.bufferedAmount,
  })
  const say = (value: object): void => outbox.send(Buffer.from(JSON.stringify(value)))

  const subscribe = ({ id, topic, since }: Subscribe): void => {
    const filter = topicFilter(topic)
    requireRight(scope, 'subscribe', filter)
    if (feeds.has(id)) fail('RequestMalformed', { reason: `there is a subscription ${id} already` })
    if (feeds.size >= mostSubscriptions)
      fail('RequestLimitExceeded', { what: 'the number of subscriptions', limit: mostSubscriptions })
    const start = since === 'beginning' ? since : (sinceOf(since ?? null) ?? 'now')
    say({ t: 'subbed', id, position: positionText(hub.end()) })
    const name = JSON.stringify(id)
    feeds.set(
      id,
      openFeed({
        hub,
        filter,
        start,
        take: (message) =>
          outbox.send(Buffer.concat([Buffer.from(`{"t":"msg","id":${name},`), bodyOf(message, epoch)])),
        reset: () => say({ t: 'reset', id }),
        isBehind: () => outbox.backlog() > backlogBytes,
      }),
    )
  }

  const publish = ({ id, topic, text, base64, contentType, retain = false }: Publish): void => {
    const name: TopicName = topicName(topic)
    requireRight(scope, 'publish', name)
    const payload = base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64')
    const properties = contentType === undefined ? undefined : { contentType }
    const message = { topic: name, payload, qos: 1, retain, expiresAt: undefined, properties } as const
    hub.publish({ ...message, from: socket, frames: undefined }, (published) => {
      if (published === 'full') fail('TopicsFull')
      const { receivers, position } = published
      if (id !== undefined)
        say({ t: 'pubbed', id, receivers, ...(position && { position: positionText(position) }) })
    })
  }

  const handle = (message: ClientMessage): void => {
    if (message.t === 'sub') subscribe(message)
    else if (message.t === 'pub') publish(message)
    else if (message.t === 'ping') say({ t: 'pong' })
    else {
      feeds.get(message.id)?.close()
      feeds.delete(message.id)
      say({ t: 'unsubbed', id: message.id })
    }
  }

  socket.on('message', (data) => {
    let given: unknown
    try {
      given = parse((data as Buffer).toString('utf8'))
      const message = clientMessage.safeParse(given)
      if (!message.success) fail('RequestMalformed', { reason: z.prettifyError(message.error).slice(0, 300) })
      handle(message.data!)
    } catch (error) {
      if (!(error instanceof BanyanError)) throw error
      const about = (given as { id?: unknown } | undefined)?.id
      say({ t: 'error', ...(about !== undefined && { id: about }), ...errorBody(publicError(error)) })
    }
  })
  // The network has taken what waited: readers who were slow go on.
  const drained = setInterval(() => {
    for (const feed of feeds.values()) feed.resume()
  }, 100)
  socket.on('close', () => {
    clearInterval(drained)
    for (const feed of feeds.values()) feed.close()
  })
  socket.on('error', () => {})
}

/** Error: RequestMalformed. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return fail('RequestMalformed', { reason: 'it is not JSON' }, error)
  }
}

/** A message without the brace before it, which is the same for all its readers. */
function bodyOf(message: Message, epoch: string): Uint8Array {
  return sharedFrame(message, slot, () => Buffer.from(JSON.stringify(messageJson(message, epoch)).slice(1)))
}
