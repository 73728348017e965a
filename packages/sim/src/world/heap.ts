/** A binary heap in an array: its first entry is one that no other comes before. */
export type IsBefore<Entry> = (a: Entry, b: Entry) => boolean

/** Adds an entry. */
export function push<Entry>(heap: Entry[], entry: Entry, isBefore: IsBefore<Entry>): void {
  let at = heap.length
  heap.push(entry)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(entry, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = entry
}

/** Removes the first entry; the heap is not empty. */
export function pop<Entry>(heap: Entry[], isBefore: IsBefore<Entry>): Entry {
  const first = heap[0]!
  const last = heap.pop()!
  if (heap.length === 0) return first
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, last)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
  return first
}
