import type { ServerResponse } from 'node:http'
import { fail } from '@banyan/base'
import type { WorkRecord } from '../core/index.js'
import { createResults } from '../jobs/results.js'
import { answerHeaders } from './headers.js'
import type { Sink } from './sink.js'

/** Idempotency keys: the same key of the same account stands for the same work, which is charged once. */
export type Once = {
  /** Of the journal, at the start: work that was recorded, perhaps without its answer having arrived. */
  readonly remember: (record: WorkRecord) => void
  /**
   * Begins work with a key. `repeats` is the id of work that a crash cut off after its record: it is done again, once, for
   * nothing. Undefined: an earlier answer was sent. Error: KeySpent.
   */
  readonly begin: (account: string, key: string, id: string, response: ServerResponse) => Begun | undefined
  /** Work with a key that goes on after a restart: until it is over, nobody begins it anew. */
  readonly resume: (account: string, key: string, id: string) => Begun['wrap']
}

export type Begun = { readonly repeats: string | undefined; readonly wrap: (sink: Sink) => Sink }

type Entry = {
  readonly id: string
  state: 'running' | 'answered' | 'recorded' | 'spent'
  readonly until: number
}

const keepMs = 24 * 3_600_000
const maxKeys = 200_000
const maxKeyLength = 255

export function createOnce(now: () => number): Once {
  const entries = new Map<string, Entry>()
  const results = createResults({ each: 2 ** 18, total: 2 ** 26 })

  const put = (name: string, entry: Entry): void => {
    for (const [oldest, { id, until }] of entries) {
      if (until > now() && entries.size < maxKeys) break
      entries.delete(oldest)
      results.drop(id)
    }
    entries.delete(name)
    entries.set(name, entry)
  }
  const wrap = (name: string, entry: Entry, sink: Sink): Sink => ({
    head: (status, headers, affinity) => {
      results.begin(entry.id)
      results.head(entry.id, status, answerHeaders(headers))
      sink.head(status, headers, affinity)
    },
    write: (bytes) => {
      results.add(entry.id, bytes)
      return sink.write(bytes)
    },
    end: (last) => {
      results.add(entry.id, last)
      entry.state = 'answered'
      sink.end(last)
    },
    abort: (error) => {
      entries.delete(name)
      results.drop(entry.id)
      sink.abort(error)
    },
  })
  return {
    resume: (account, key, id) => {
      const name = nameOf(account, key)
      const entry: Entry = { id, state: 'running', until: now() + keepMs }
      put(name, entry)
      return (sink) => wrap(name, entry, sink)
    },
    remember: ({ account, idempotencyKey, outcome, id, repeats, endedAt }) => {
      if (idempotencyKey === undefined || outcome !== 'done' || endedAt + keepMs < now()) return
      const state = repeats === undefined ? 'recorded' : 'spent'
      put(nameOf(account, idempotencyKey), { id, state, until: endedAt + keepMs })
    },
    begin: (account, key, id, response) => {
      if (key.length > maxKeyLength)
        fail('WorkMalformed', { reason: `its idempotency key is longer than ${maxKeyLength}` })
      const name = nameOf(account, key)
      const known = entries.get(name)
      const isKnown = known !== undefined && known.until > now()
      if (isKnown && known.state !== 'recorded') {
        const answer = known.state === 'answered' ? results.get(known.id) : undefined
        if (answer === undefined) return fail('KeySpent')
        response.writeHead(answer.status, [
          ...answer.headers,
          'banyan-request',
          known.id,
          'banyan-repeated',
          'true',
        ])
        for (const piece of answer.pieces) response.write(piece)
        response.end()
        return undefined
      }
      const entry: Entry = { id, state: 'running', until: now() + keepMs }
      put(name, entry)
      return { repeats: isKnown ? known.id : undefined, wrap: (sink) => wrap(name, entry, sink) }
    },
  }
}

function nameOf(account: string, key: string): string {
  return `${account}\n${key}`
}
