import type { Request } from './state.js'

/** The queue of a tier: for each service and version the requests in the order of their acceptance. */
export type TierQueue = {
  readonly lines: Map<string, Line>
  /** Requests that wait, those for one slot included. */
  depth: number
}

/** `items` from `first` on; those that wait no more are skipped when their turn comes. */
type Line = { items: Request[]; first: number; gone: number }

export function createTierQueue(): TierQueue {
  return { lines: new Map(), depth: 0 }
}

/** Puts a request where its turn is: new ones at the end, those that are tried again at or near the head. */
export function enqueue(queue: TierQueue, request: Request): void {
  let line = queue.lines.get(request.key)
  if (line === undefined) {
    line = { items: [], first: 0, gone: 0 }
    queue.lines.set(request.key, line)
  }
  queue.depth++
  const { items } = line
  const last = items.at(-1)
  if (last === undefined || items.length === line.first || last.turn < request.turn) {
    items.push(request)
    return
  }
  let at = line.first
  while (items[at]!.turn < request.turn) at++
  if (at === line.first && at > 0) {
    line.first--
    items[line.first] = request
  } else items.splice(at, 0, request)
}

/** The next request of a line, which stays in it. */
export function peek(queue: TierQueue, key: string): Request | undefined {
  const line = queue.lines.get(key)
  if (line === undefined) return undefined
  for (;;) {
    const next = line.items[line.first]
    if (next === undefined) {
      queue.lines.delete(key)
      return undefined
    }
    if (next.phase === 'queued') return next
    line.gone--
    skip(line)
  }
}

/** Takes out the request that `peek` has found. */
export function takeNext(queue: TierQueue, key: string): void {
  queue.depth--
  skip(queue.lines.get(key)!)
}

/** A request that is over waits no more; its place is freed later. */
export function leaveQueue(queue: TierQueue, key: string): void {
  queue.depth--
  const line = queue.lines.get(key)
  if (line === undefined) return
  line.gone++
  if (line.gone < 64 || line.gone < (line.items.length - line.first) / 2) return
  line.items = line.items.slice(line.first).filter((request) => request.phase === 'queued')
  line.first = 0
  line.gone = 0
}

/** Takes out all requests of a line, in their order. */
export function takeLine(queue: TierQueue, key: string): Request[] {
  const line = queue.lines.get(key)
  if (line === undefined) return []
  queue.lines.delete(key)
  const waiting = line.items.slice(line.first).filter((request) => request.phase === 'queued')
  queue.depth -= waiting.length
  return waiting
}

function skip(line: Line): void {
  line.first++
  if (line.first < 1_024 || line.first < line.items.length / 2) return
  line.items = line.items.slice(line.first)
  line.first = 0
}
