import { randomUUID } from 'node:crypto'
import { BanyanError, fail } from '@banyan/base'
import { publicError } from '@banyan/http-api/server'
import { positionText, topicFilter, topicName } from '@banyan/topics'
import type { WebSocket } from 'ws'
import type { z } from 'zod'
import { type Feed, openFeed } from '../../hub/feed.js'
import { publish, requireRight, type TopicScope } from '../publishing.js'
import { startOf } from '../queries.js'
import { createSocketOutbox, mostSubscriptions, readerBacklog } from '../socket-outbox.js'
import { type ClientMessage, clientMessage, publishParams, topicParams } from './client-message.js'
import { Documents } from './documents.js'
import { showTopic, type TopicDocuments } from './topic-documents.js'

type Subscribe = Extract<ClientMessage, { msg: 'sub' }>
type Method = Extract<ClientMessage, { msg: 'method' }>
type Subscribed = { readonly feed: Feed; readonly shown: TopicDocuments }

const version = '1'
/** Documents that a client has at a time. */
const mostDocuments = 20_000

/** Lets the client of a WebSocket speak DDP version 1: its subscriptions are topics, its collections their messages. */
export function serveDdp(scope: TopicScope, socket: WebSocket): void {
  const { hub } = scope
  const subscribed = new Map<string, Subscribed>()
  /** Subscriptions whose first documents are not all sent. */
  const unready = new Set<string>()
  let isConnected = false

  const announceReady = (): void => {
    const subs = [...unready].filter((id) => subscribed.get(id)?.feed.isLive() === true)
    for (const id of subs) unready.delete(id)
    if (subs.length > 0) say({ msg: 'ready', subs })
  }
  const outbox = createSocketOutbox(socket, false, () => {
    for (const { feed } of subscribed.values()) feed.resume()
    announceReady()
  })
  const say = (value: object): void => outbox.send(Buffer.from(JSON.stringify(value)))
  const documents = new Documents(say)

  const end = (id: string): void => {
    const found = subscribed.get(id)
    found?.feed.close()
    found?.shown.clear()
    subscribed.delete(id)
    unready.delete(id)
  }
  const subscribe = ({ id, name, params }: Subscribe): void => {
    if (subscribed.has(id)) return
    if (name !== 'topic') fail('MethodNotFound', { method: `the subscription "${name.slice(0, 100)}"` })
    const [topic, { since } = {}] = checked(topicParams, params)
    const filter = topicFilter(topic)
    requireRight(scope, 'subscribe', filter)
    if (subscribed.size >= mostSubscriptions)
      fail('RequestLimitExceeded', { what: 'the number of subscriptions', limit: mostSubscriptions })
    const shown = showTopic(documents, id)
    const feed = openFeed({
      hub,
      filter,
      start: startOf(since ?? null),
      take: (message) => {
        shown.take(message)
        if (documents.size > mostDocuments) socket.close(1008, 'too many documents')
      },
      reset: shown.clear,
      // DDP has no word for it, and what passes is not promised to anybody.
      missed: () => undefined,
      isBehind: () => outbox.backlog() > readerBacklog,
    })
    subscribed.set(id, { feed, shown })
    unready.add(id)
    announceReady()
  }

  const call = ({ method, params }: Method): object => {
    if (method !== 'publish') fail('MethodNotFound', { method: method.slice(0, 100) })
    const [topic, given, { retain = false, contentType } = {}] = checked(publishParams, params)
    const name = topicName(topic)
    requireRight(scope, 'publish', name)
    const { receivers, position } = publish(scope, {
      topic: name,
      ...payloadOf(given, contentType),
      retain,
      from: undefined,
    })
    return { receivers, position: position === undefined ? null : positionText(position) }
  }

  const handle = (message: ClientMessage): void => {
    if (message.msg === 'ping') say({ msg: 'pong', ...(message.id !== undefined && { id: message.id }) })
    else if (message.msg === 'sub')
      attempt(
        () => subscribe(message),
        (error) => say({ msg: 'nosub', id: message.id, error }),
      )
    else if (message.msg === 'unsub') {
      end(message.id)
      say({ msg: 'nosub', id: message.id })
    } else if (message.msg === 'method') {
      attempt(
        () => say({ msg: 'result', id: message.id, result: call(message) }),
        (error) => say({ msg: 'result', id: message.id, error }),
      )
      // What was written is among the documents that were sent.
      say({ msg: 'updated', methods: [message.id] })
    }
  }

  const connect = (asked: string): void => {
    isConnected = asked === version
    if (isConnected) say({ msg: 'connected', session: randomUUID() })
    else {
      say({ msg: 'failed', version })
      outbox.end()
    }
  }

  socket.on('message', (data) => {
    const given = parse((data as Buffer).toString('utf8'))
    const result = clientMessage.safeParse(given)
    if (!result.success || (result.data.msg === 'connect') === isConnected)
      say({ msg: 'error', reason: 'Bad request', offendingMessage: given ?? null })
    else if (result.data.msg === 'connect') connect(result.data.version)
    else handle(result.data)
  })
  socket.on('close', () => {
    for (const { feed } of subscribed.values()) feed.close()
  })
  socket.on('error', () => {})
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Error: RequestMalformed. */
function checked<Form extends z.ZodType>(form: Form, params: readonly unknown[] = []): z.output<Form> {
  const result = form.safeParse(params)
  return result.success ? result.data : fail('RequestMalformed', { reason: 'its parameters are wrong' })
}

/** Tells the client of DDP of a registry error in its own form. */
function attempt(act: () => void, refused: (error: object) => void): void {
  try {
    act()
  } catch (thrown) {
    if (!(thrown instanceof BanyanError)) throw thrown
    const { code, kind, message } = publicError(thrown)
    refused({ error: code, reason: kind, message, errorType: 'Meteor.Error' })
  }
}

/** Text and bytes are sent as they are, anything else as JSON. */
function payloadOf(
  given: unknown,
  contentType: string | undefined,
): { readonly payload: Uint8Array; readonly contentType: string | undefined } {
  if (typeof given === 'string') return { payload: Buffer.from(given), contentType }
  const binary = (given as { readonly $binary?: unknown } | null | undefined)?.$binary
  if (typeof binary === 'string') return { payload: Buffer.from(binary, 'base64'), contentType }
  const json = JSON.stringify(given) ?? fail('RequestMalformed', { reason: 'it has no payload' })
  return { payload: Buffer.from(json), contentType: contentType ?? 'application/json' }
}
