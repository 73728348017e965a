import type { IncomingMessage, ServerResponse } from 'node:http'
import { fail } from '@banyan/base'
import { readBody, sendBytes, sendJson } from '@banyan/http-api/server'
import { positionText, type TopicName, topicFilter, topicName } from '@banyan/topics'
import type { Published } from '../hub/hub.js'
import { messageJson } from './message-form.js'
import { publish, requireRight, type TopicScope } from './publishing.js'
import { cursorOf, cursorText, filterOf, limitOf, pathTopic } from './queries.js'

/** Publishes, sets, removes and reads: /v1/topics/<name>. Errors: TopicInvalid, TopicForbidden, TopicsFull, those of bodies. */
export async function serveTopic(
  scope: TopicScope,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = pathTopic(path)
  switch (request.method) {
    case 'POST':
      return publishBody(scope, topicName(name), request, response, false)
    case 'PUT':
      return publishBody(scope, topicName(name), request, response, true)
    case 'DELETE':
      return remove(scope, topicName(name), response)
    case 'GET':
      return lastValue(scope, topicName(name), response)
    default:
      fail('MethodNotFound', { method: `${request.method ?? ''} /v1/topics/${name.slice(0, 200)}` })
  }
}

async function publishBody(
  scope: TopicScope,
  topic: TopicName,
  request: IncomingMessage,
  response: ServerResponse,
  retain: boolean,
): Promise<void> {
  requireRight(scope, 'publish', topic)
  const payload = await readBody(request, scope.payloadBytes)
  const contentType = request.headers['content-type']
  answer(response, publish(scope, { topic, payload, retain, contentType, from: scope.principal }))
}

function remove(scope: TopicScope, topic: TopicName, response: ServerResponse): void {
  requireRight(scope, 'publish', topic)
  const removal = { topic, payload: Buffer.alloc(0), retain: true, contentType: undefined }
  answer(response, publish(scope, { ...removal, from: scope.principal }))
}

function answer(response: ServerResponse, { receivers, position }: Exclude<Published, 'full'>): void {
  const place = position === undefined ? null : positionText(position)
  sendJson(response, 200, JSON.stringify({ receivers, position: place }))
}

function lastValue(scope: TopicScope, topic: TopicName, response: ServerResponse): void {
  requireRight(scope, 'subscribe', topic)
  const [message = fail('TopicEmpty', { topic })] = scope.hub.retained(topicFilter(topic))
  response.setHeader('etag', `"${message.position}"`)
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
  const page = scope.hub.history(filter, cursorOf(query.get('since')), limitOf(query.get('limit')))
  sendJson(
    response,
    200,
    JSON.stringify({
      messages: page.messages.map(messageJson),
      after: cursorText(page.after),
      end: page.isEnd,
      reset: page.isReset,
    }),
  )
}
