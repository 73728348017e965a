/** Times at which to look at something again: a binary heap, the earliest first, in which everything stands once at most. */
export type Timers<Item extends Timed> = { readonly heap: Item[] }

/** What can be watched; only functions of this file change these fields. */
export type Timed = {
  /** When it is looked at again; infinite: it is not watched. */
  nextCheck: number
  /** Its place in the heap, while it is there. */
  place: number
}

export const unwatched: Readonly<Timed> = { nextCheck: Number.POSITIVE_INFINITY, place: -1 }

export function createTimers<Item extends Timed>(): Timers<Item> {
  return { heap: [] }
}

/** Looks at something again at this time, unless that is to happen sooner anyway. */
export function watch<Item extends Timed>(
  { timers: { heap } }: { readonly timers: Timers<Item> },
  item: Item,
  at: number,
): void {
  if (at >= item.nextCheck) return
  item.nextCheck = at
  rise(heap, item, item.place < 0 ? heap.push(item) - 1 : item.place)
}

/** Nothing is kept of what is not looked at any more. */
export function unwatch<Item extends Timed>(
  { timers: { heap } }: { readonly timers: Timers<Item> },
  item: Item,
): void {
  const { place } = item
  if (place < 0) return
  item.nextCheck = Number.POSITIVE_INFINITY
  item.place = -1
  const last = heap.pop()!
  if (last === item) return
  rise(heap, last, place)
  sink(heap, last)
}

/** The next item whose time has come; it is watched no longer. */
export function takeDue<Item extends Timed>(
  broker: { readonly timers: Timers<Item> },
  now: number,
): Item | undefined {
  const first = broker.timers.heap[0]
  if (first === undefined || first.nextCheck > now) return undefined
  unwatch(broker, first)
  return first
}

/** Puts an item at a place, or above it. */
function rise(heap: Timed[], item: Timed, from: number): void {
  let place = from
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (heap[parent]!.nextCheck <= item.nextCheck) break
    put(heap, heap[parent]!, place)
    place = parent
  }
  put(heap, item, place)
}

/** Moves an item down until nothing below it is earlier. */
function sink(heap: Timed[], item: Timed): void {
  for (;;) {
    const { place } = item
    const left = 2 * place + 1
    if (left >= heap.length) return
    const right = left + 1
    const isRight = right < heap.length && heap[right]!.nextCheck < heap[left]!.nextCheck
    const least = heap[isRight ? right : left]!
    if (item.nextCheck <= least.nextCheck) return
    put(heap, item, least.place)
    put(heap, least, place)
  }
}

function put(heap: Timed[], item: Timed, place: number): void {
  heap[place] = item
  item.place = place
}
