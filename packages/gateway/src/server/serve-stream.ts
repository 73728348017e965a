import type { IncomingMessage, ServerResponse } from 'node:http'
import { positionText } from '@banyan/topics'
import { openFeed } from '../hub/feed.js'
import { type Message, newFrameSlot, sharedFrame } from '../hub/message.js'
import { messageJson } from './message-form.js'
import { createOutbox } from './outbox.js'
import { requireRight, type TopicScope } from './publishing.js'
import { filterOf, startOf } from './queries.js'
import { readerBacklog } from './socket-outbox.js'

/** A comment keeps the ways between open that end silent connections. */
const beatMs = 15_000
const slot = newFrameSlot()

/**
 * Messages of the topics that `topic` matches as server-sent events: GET /v1/stream?topic=… The id of an event is its position;
 * a reader that comes again with the last one, by `Last-Event-ID` or `since`, goes on there. An event `reset` says that this is not
 * possible, and that everything that is kept follows; `missed` says how many events the reader was too slow for. Errors: TopicInvalid, TopicForbidden, RequestMalformed.
 */
export function serveStream(
  scope: TopicScope,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const filter = filterOf(query)
  requireRight(scope, 'subscribe', filter)
  const lastId = request.headers['last-event-id']
  const start = startOf(typeof lastId === 'string' ? lastId : query.get('since'))
  const { hub } = scope
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  response.socket?.setNoDelay(true)
  const outbox = createOutbox({
    write: (pieces, bytes) => response.write(Buffer.concat(pieces, bytes)),
    end: () => response.end(),
    backlog: () => response.writableLength,
  })
  outbox.send(Buffer.from(`event: start\ndata: {"position":"${positionText(hub.end())}"}\n\n`))
  const feed = openFeed({
    hub,
    filter,
    start,
    take: (message) => outbox.send(eventOf(message)),
    reset: () => outbox.send(Buffer.from('event: reset\ndata: {}\n\n')),
    missed: (events) => outbox.send(Buffer.from(`event: missed\ndata: {"events":${events}}\n\n`)),
    isBehind: () => outbox.backlog() > readerBacklog,
  })
  response.on('drain', feed.resume)
  const beat = setInterval(() => outbox.send(Buffer.from(': \n\n')), beatMs)
  response.on('close', () => {
    clearInterval(beat)
    feed.close()
  })
}

/** The same bytes for all readers. */
function eventOf(message: Message): Uint8Array {
  return sharedFrame(message, slot, () => {
    const json = JSON.stringify(messageJson(message))
    const id = message.position === undefined ? '' : `id: ${message.position}\n`
    return Buffer.from(`${id}data: ${json}\n\n`)
  })
}
