/**
 * Virtual time for millions of messages under way at once: what is planned is sorted into steps of some µs, and an entry
 * costs no object of its own. What happens in one step happens node by node, because the memory of one node is then at
 * hand; for one node in the order of planning.
 */
export type Agenda<Item> = {
  /** Virtual µs since the beginning. */
  readonly now: () => number
  /** Plans what happens to a node at a time, which is rounded up to the next step; what has passed counts as now. */
  readonly at: (time: number, node: number, item: Item) => void
  /** Runs until `done` holds between two steps, or until nothing is planned up to `end`. */
  readonly run: (end: number, done: () => boolean) => void
}

type Step<Item> = { readonly nodes: number[]; readonly items: Item[] }

/** Places of a step's entries, those of the first node first. */
function byNode(nodes: readonly number[], count: number): Uint32Array {
  const ends = new Uint32Array(count + 1)
  for (const node of nodes) ends[node + 1]!++
  for (let node = 0; node < count; node++) ends[node + 1]! += ends[node]!
  const places = new Uint32Array(nodes.length)
  for (let i = 0; i < nodes.length; i++) places[ends[nodes[i]!]!++] = i
  return places
}

/** Adds to a binary heap whose first entry is the least. */
function push(heap: number[], value: number): void {
  let at = heap.length
  heap.push(value)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (heap[parent]! <= value) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = value
}

/** Removes the least entry; the heap is not empty. */
function pop(heap: number[]): number {
  const first = heap[0]!
  const last = heap.pop()!
  if (heap.length === 0) return first
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++
    if (heap[child]! >= last) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
  return first
}

/** For nodes 0 to `count` - 1, in steps of `grain` µs. */
export function createAgenda<Item>(
  count: number,
  grain: number,
  happen: (node: number, item: Item) => void,
): Agenda<Item> {
  const steps = new Map<number, Step<Item>>()
  const order: number[] = []
  let current = 0

  function stepAt(number: number): Step<Item> {
    const known = steps.get(number)
    if (known !== undefined) return known
    const step: Step<Item> = { nodes: [], items: [] }
    steps.set(number, step)
    push(order, number)
    return step
  }

  return {
    now: () => current * grain,
    at(time, node, item) {
      const step = stepAt(Math.max(Math.ceil(time / grain), current))
      step.nodes.push(node)
      step.items.push(item)
    },
    run(end, done) {
      while (order.length > 0 && order[0]! * grain <= end && !done()) {
        current = pop(order)
        const { nodes, items } = steps.get(current)!
        // What happens now may plan more for now: that is a step of its own.
        steps.delete(current)
        if (nodes.length === 1) happen(nodes[0]!, items[0]!)
        else for (const place of byNode(nodes, count)) happen(nodes[place]!, items[place]!)
      }
    },
  }
}
