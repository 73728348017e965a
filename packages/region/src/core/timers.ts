/** Times at which to look at something again: a binary heap, the earliest first. What is over is forgotten when its time comes. */
export type Timers<Item> = { readonly heap: { readonly at: number; readonly item: Item }[] }

export function createTimers<Item>(): Timers<Item> {
  return { heap: [] }
}

function setTimer<Item>({ heap }: Timers<Item>, at: number, item: Item): void {
  let index = heap.length
  heap.push({ at, item })
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (heap[parent]!.at <= at) break
    swap(heap, index, parent)
    index = parent
  }
}

/** The next item whose time has come. */
export function takeDue<Item>({ heap }: Timers<Item>, now: number): Item | undefined {
  const first = heap[0]
  if (first === undefined || first.at > now) return undefined
  const last = heap.pop()!
  if (heap.length === 0) return first.item
  heap[0] = last
  sink(heap)
  return first.item
}

function sink(heap: { readonly at: number }[]): void {
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    if (left >= heap.length) return
    const right = left + 1
    const least = right < heap.length && heap[right]!.at < heap[left]!.at ? right : left
    if (heap[index]!.at <= heap[least]!.at) return
    swap(heap, index, least)
    index = least
  }
}

function swap<Entry>(heap: Entry[], a: number, b: number): void {
  const held = heap[a]!
  heap[a] = heap[b]!
  heap[b] = held
}

/** Looks at something again at this time, unless that is to happen sooner anyway. */
export function watch<Item extends { nextCheck: number }>(
  { timers }: { readonly timers: Timers<Item> },
  item: Item,
  at: number,
): void {
  if (at >= item.nextCheck) return
  item.nextCheck = at
  setTimer(timers, at, item)
}
