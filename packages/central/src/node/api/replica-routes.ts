import { z } from 'zod'
import type { Central } from '../../central.js'
import type { CentralEvent, JournalRecord } from '../../events.js'
import * as F from './forms.js'
import { needScope } from './permission.js'
import { type Route, route } from './route.js'

const listLimit = 500
const longestWaitMs = 25_000

/** Waits until there is a record of this sequence, for some time at most. */
function waitFor(
  { state, onRecord }: Central,
  sequence: number,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (state.sequence() >= sequence || ms === 0) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const stop = onRecord((last) => {
      if (last >= sequence) end()
    })
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}

/** An event as the audit shows it: without hashes of credentials. */
function shownEvent(event: CentralEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'passwordSet':
      return { type: event.type, id: event.id }
    case 'keyCreated': {
      const { mac, ...key } = event.key
      return { type: event.type, key }
    }
    case 'tokenCreated': {
      const { mac, ...token } = event.token
      return { type: event.type, token }
    }
    default:
      return event
  }
}

const position = z.object({ sequence: z.int(), term: z.int(), chain: z.string(), writer: z.boolean() })

function positionOf({ state, chain, isWriter }: Central) {
  return { sequence: state.sequence(), term: state.term(), chain: chain(), writer: isWriter() }
}

export const replicaRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/position',
    id: 'position',
    summary: 'How far this replica is, and whether it writes.',
    answer: position,
    run: async ({ central }) => positionOf(central),
  }),
  route({
    method: 'get',
    path: '/v1/audit',
    id: 'audit',
    summary: 'Who did what and when, without hashes of credentials.',
    query: z.object({ from: F.numberIn(Number.MAX_SAFE_INTEGER), limit: F.numberIn(listLimit).optional() }),
    answer: z.array(
      z.object({
        sequence: z.int(),
        at: F.time,
        by: z.string(),
        events: z.array(z.looseObject({ type: z.string() })),
      }),
    ),
    run: async ({ central }, request) => {
      needScope(request, 'audit')
      const { from, limit = 100 } = request.query
      const records = await central.records(Math.max(1, from), limit)
      return records.map(({ sequence, text }) => {
        const { at, by, events } = JSON.parse(text) as JournalRecord
        return { sequence, at, by, events: events.map(shownEvent) }
      })
    },
  }),
  route({
    method: 'get',
    path: '/v1/journal',
    id: 'journal',
    summary: 'Records for a follower. Waits for the first of them if it is not there yet.',
    query: z.object({
      from: F.numberIn(Number.MAX_SAFE_INTEGER),
      limit: F.numberIn(listLimit),
      waitMs: F.numberIn(longestWaitMs),
    }),
    answer: z.array(z.object({ sequence: z.int(), text: z.string(), chain: z.string() })),
    run: async ({ central }, request) => {
      needScope(request, 'replica')
      const { from, limit, waitMs } = request.query
      const sequence = Math.max(1, from)
      await waitFor(central, sequence, waitMs, request.signal)
      return central.records(sequence, limit)
    },
  }),
  route({
    method: 'post',
    path: '/v1/promote',
    id: 'promote',
    summary: 'Makes this replica the writer. The one before must have been stopped.',
    answer: position,
    run: async ({ central, onPromoted }, request) => {
      const { account } = needScope(request, 'replica')
      await central.promote(account)
      onPromoted()
      return positionOf(central)
    },
  }),
]
