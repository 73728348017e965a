import type { IncomingMessage, ServerResponse } from 'node:http'
import { fail } from '@banyan/base'
import { readBody, sendBytes, sendJson } from '@banyan/http-api/server'
import {
  type Position,
  parsePosition,
  positionText,
  type TopicFilter,
  type TopicName,
  topicFilter,
  topicName,
} from '@banyan/topics'
import type { Access, Principal } from '../access/access.js'
import type { Hub, Published } from '../hub/hub.js'
import type { Message, NewMessage } from '../hub/message.js'
import { messageJson } from './message-json.js'

/** What answering a request of the topics' API needs. */
export type TopicScope = {
  readonly hub: Hub
  readonly access: Access
  readonly principal: Principal
  readonly payloadBytes: number
}

const mostMessages = 1_000
const defaultMessages = 100

/** Publishes, sets, removes and reads: /v1/topics/<name>. Errors: TopicInvalid, TopicForbidden, those of bodies. */
export async function serveTopic(
  scope: TopicScope,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (request.method) {
    case 'POST':
      return publish(scope, topicName(name), request, response, false)
    case 'PUT':
      return publish(scope, topicName(name), request, response, true)
    case 'DELETE':
      return remove(scope, topicName(name), response)
    case 'GET':
      return lastValue(scope, topicName(name), response)
    default:
      fail('MethodNotFound', { method: `${request.method ?? ''} /v1/topics/${name.slice(0, 200)}` })
  }
}

/** Error: TopicForbidden. */
export function requireRight(
  { access, principal }: Pick<TopicScope, 'access' | 'principal'>,
  action: 'publish' | 'subscribe',
  name: string,
): void {
  if (name.startsWith('$') && action === 'publish') fail('TopicForbidden', { action, topic: name })
  const verdict = access.can(principal, action, topicFilter(name))
  if (verdict !== 'granted') fail('TopicForbidden', { action, topic: name })
}

async function publish(
  scope: TopicScope,
  topic: TopicName,
  request: IncomingMessage,
  response: ServerResponse,
  retain: boolean,
): Promise<void> {
  requireRight(scope, 'publish', topic)
  const payload = await readBody(request, scope.payloadBytes)
  const contentType = request.headers['content-type']
  const properties = contentType === undefined ? undefined : { contentType }
  // A copy: what is kept must not hold on to the buffers of a connection.
  answer(response, send(scope, { topic, payload: new Uint8Array(payload), retain, properties }))
}

function remove(scope: TopicScope, topic: TopicName, response: ServerResponse): void {
  requireRight(scope, 'publish', topic)
  answer(response, send(scope, { topic, payload: new Uint8Array(0), retain: true, properties: undefined }))
}

/** Error: TopicsFull. */
function send(
  { hub, principal }: TopicScope,
  given: Pick<NewMessage, 'topic' | 'payload' | 'retain' | 'properties'>,
): Published {
  let outcome: Published = 'full'
  hub.publish({ ...given, qos: 1, expiresAt: undefined, from: principal, frames: undefined }, (published) => {
    outcome = published
  })
  return outcome
}

function answer(response: ServerResponse, published: Published): void {
  if (published === 'full') fail('TopicsFull')
  const position = published.position === undefined ? null : positionText(published.position)
  sendJson(response, 200, JSON.stringify({ receivers: published.receivers, position }))
}

function lastValue(scope: TopicScope, topic: TopicName, response: ServerResponse): void {
  requireRight(scope, 'subscribe', topic)
  const [message = fail('TopicEmpty', { topic })] = scope.hub.retained(topicFilter(topic))
  response.setHeader('etag', `"${positionText({ epoch: scope.hub.end().epoch, seq: message.seq! })}"`)
  response.setHeader('last-modified', new Date(message.time).toUTCString())
  sendBytes(response, 200, message.properties?.contentType ?? 'application/octet-stream', message.payload)
}

/**
 * What is kept of the topics that a filter matches, in pages: GET /v1/history?topic=…&since=…&limit=… Errors: TopicInvalid,
 * TopicForbidden, RequestMalformed.
 */
export function serveHistory(scope: TopicScope, query: URLSearchParams, response: ServerResponse): void {
  const filter = filterOf(query)
  requireRight(scope, 'subscribe', filter)
  const page = scope.hub.history(filter, sinceOf(query.get('since')), limitOf(query.get('limit')))
  const { epoch } = page.after
  sendJson(
    response,
    200,
    JSON.stringify({
      messages: page.messages.map((message: Message) => messageJson(message, epoch)),
      after: positionText(page.after),
      end: page.isEnd,
      reset: page.isReset,
    }),
  )
}

/** The filter that a query names. Errors: RequestMalformed, TopicInvalid. */
export function filterOf(query: URLSearchParams): TopicFilter {
  return topicFilter(query.get('topic') ?? fail('RequestMalformed', { reason: 'it names no topic' }))
}

/** Error: RequestMalformed. */
export function sinceOf(text: string | null): Position | undefined {
  if (text === null || text === '') return undefined
  return parsePosition(text) ?? fail('RequestMalformed', { reason: '"since" is no position' })
}

function limitOf(text: string | null): number {
  if (text === null) return defaultMessages
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostMessages)
    fail('RequestMalformed', { reason: `"limit" is a number from 1 to ${mostMessages}` })
  return limit
}
