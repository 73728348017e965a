import { BanyanError, fail } from '@banyan/base'
import { errorBody, publicError } from '@banyan/http-api/server'
import { positionText, topicFilter, topicName } from '@banyan/topics'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { type Feed, openFeed } from '../hub/feed.js'
import type { Codec } from './codec.js'
import { publish, requireRight, type TopicScope } from './publishing.js'
import { startOf } from './queries.js'
import { createSocketOutbox, mostSubscriptions, readerBacklog } from './socket-outbox.js'

const id = z.union([z.string().max(100), z.number()])

/** What a client may say; bytes are there in CBOR alone. */
const clientMessage = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('sub'), id, topic: z.string(), since: z.string().optional() }),
  z.strictObject({ t: z.literal('unsub'), id }),
  z
    .strictObject({
      t: z.literal('pub'),
      id: id.optional(),
      topic: z.string(),
      text: z.string().optional(),
      base64: z.base64().optional(),
      payload: z.instanceof(Uint8Array).optional(),
      contentType: z.string().max(200).optional(),
      retain: z.boolean().optional(),
    })
    .refine(
      ({ text, base64, payload }) => [text, base64, payload].filter((each) => each !== undefined).length <= 1,
      {
        error: 'it has more than one of text, base64 and payload',
      },
    ),
  z.strictObject({ t: z.literal('ping') }),
])
type ClientMessage = z.output<typeof clientMessage>
type Subscribe = Extract<ClientMessage, { t: 'sub' }>
type Publish = Extract<ClientMessage, { t: 'pub' }>

/** Lets the client of a WebSocket subscribe and publish by one object in each message. */
export function serveMessages(scope: TopicScope, codec: Codec, socket: WebSocket): void {
  const { hub } = scope
  const feeds = new Map<string | number, Feed>()
  const outbox = createSocketOutbox(socket, codec.isBinary, () => {
    for (const feed of feeds.values()) feed.resume()
  })
  const say = (value: object): void => outbox.send(codec.encode(value))

  const subscribe = ({ id, topic, since }: Subscribe): void => {
    const filter = topicFilter(topic)
    requireRight(scope, 'subscribe', filter)
    if (feeds.has(id)) fail('RequestMalformed', { reason: `there is a subscription ${id} already` })
    if (feeds.size >= mostSubscriptions)
      fail('RequestLimitExceeded', { what: 'the number of subscriptions', limit: mostSubscriptions })
    const start = startOf(since ?? null)
    say({ t: 'subbed', id, position: positionText(hub.end()) })
    const feed = openFeed({
      hub,
      filter,
      start,
      take: (message) => outbox.send(codec.encodeMessage(id, message)),
      reset: () => say({ t: 'reset', id }),
      missed: (events) => say({ t: 'missed', id, events }),
      isBehind: () => outbox.backlog() > readerBacklog,
    })
    feeds.set(id, feed)
  }

  const send = ({ id, topic, text, base64, payload, contentType, retain = false }: Publish): void => {
    const name = topicName(topic)
    requireRight(scope, 'publish', name)
    const bytes = payload ?? (base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64'))
    const { receivers, position } = publish(scope, {
      topic: name,
      payload: bytes,
      retain,
      contentType,
      from: undefined,
    })
    if (id !== undefined)
      say({ t: 'pubbed', id, receivers, ...(position && { position: positionText(position) }) })
  }

  const handle = (message: ClientMessage): void => {
    if (message.t === 'sub') subscribe(message)
    else if (message.t === 'pub') send(message)
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
      given = codec.decode(data as Buffer)
      const message = clientMessage.safeParse(given)
      if (message.success) handle(message.data)
      else fail('RequestMalformed', { reason: z.prettifyError(message.error).slice(0, 300) })
    } catch (error) {
      if (!(error instanceof BanyanError)) throw error
      const about = id.safeParse((given as { id?: unknown } | null | undefined)?.id)
      say({ t: 'error', ...(about.success && { id: about.data }), ...errorBody(publicError(error)) })
    }
  })
  socket.on('close', () => {
    for (const feed of feeds.values()) feed.close()
  })
  socket.on('error', () => {})
}
