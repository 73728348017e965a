import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { removeLater } from '../inputs/inputs.js'
import type { JobResult } from '../worker/messages.js'

/** A result on disk. */
export type Result = JobResult & {
  readonly path: string
  /** What was fetched for it; empty where everything came with the request. */
  readonly inputs: readonly string[]
}

/** What running a request before has taught about it: what its result depends on. */
type Lesson = { readonly inputs: readonly string[]; readonly varies: boolean }

export type Results = {
  readonly lesson: (request: string) => Lesson | undefined
  readonly find: (key: string) => Result | undefined
  readonly keep: (request: string, key: string, result: Result) => void
}

/** One text for several parts, none of which can pretend to be two. */
export const keyOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

const maxLessons = 20_000

/** Results of earlier requests, bounded by bytes. */
export function createResults(cacheBytes: number): Results {
  const lessons = new LRUCache<string, Lesson>({ max: maxLessons })
  const results = new LRUCache<string, Result>({
    maxSize: cacheBytes,
    sizeCalculation: ({ bytes }) => bytes + 1_000,
    dispose: ({ path }) => removeLater(path),
  })
  return {
    lesson: (request) => lessons.get(request),
    find: (key) => results.get(key),
    keep: (request, key, result) => {
      lessons.set(request, { inputs: result.inputs, varies: result.varies })
      results.set(key, result)
      if (!results.has(key)) removeLater(result.path)
    },
  }
}
