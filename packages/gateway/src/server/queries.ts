import { fail } from '@banyan/base'
import { parsePosition, positionText, type TopicFilter, topicFilter } from '@banyan/topics'
import type { FeedStart } from '../hub/feed.js'
import type { HistoryCursor } from '../hub/history.js'

const mostMessages = 1_000
const defaultMessages = 100

/** The path of a request as it was sent, and its query. */
export function splitTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = target.indexOf('?')
  if (mark < 0) return { path: target, query: new URLSearchParams() }
  return { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) }
}

const plain = /[A-Za-z0-9\-_~:@]/

/** The topic that a path names. Programs that encode more of it than needed mean the same one. */
export function pathTopic(path: string): string {
  return path.replaceAll(/%[0-9A-Fa-f]{2}/g, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return plain.test(character) ? character : code.toUpperCase()
  })
}

/** The filter that a query names. Errors: RequestMalformed, TopicInvalid. */
export function filterOf(query: URLSearchParams): TopicFilter {
  return topicFilter(query.get('topic') ?? fail('RequestMalformed', { reason: 'it names no topic' }))
}

/** Where a feed begins. Error: RequestMalformed. */
export function startOf(since: string | null): FeedStart {
  return since === 'beginning' ? since : (cursorOf(since) ?? 'now')
}

/** A cursor is written as its position, and what the history had forgotten before behind a dot. */
export function cursorText(cursor: HistoryCursor): string {
  return cursor.from === undefined ? positionText(cursor) : `${positionText(cursor)}.${cursor.from}`
}

/** Error: RequestMalformed. */
export function cursorOf(text: string | null): HistoryCursor | undefined {
  if (text === null || text === '') return undefined
  const [, place = '', from] = /^([^.]*)(?:\.(\d{1,15}))?$/.exec(text) ?? []
  const position = parsePosition(place) ?? fail('RequestMalformed', { reason: '"since" is no position' })
  return from === undefined ? position : { ...position, from: Number(from) }
}

/** Error: RequestMalformed. */
export function limitOf(text: string | null): number {
  if (text === null) return defaultMessages
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostMessages)
    fail('RequestMalformed', { reason: `"limit" is a number from 1 to ${mostMessages}` })
  return limit
}
