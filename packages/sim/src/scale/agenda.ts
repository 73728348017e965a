import { pop, push } from '../world/heap.js'

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

const isLess = (a: number, b: number): boolean => a < b

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
    push(order, number, isLess)
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
        current = pop(order, isLess)
        const { nodes, items } = steps.get(current)!
        // What happens now may plan more for now: that is a step of its own.
        steps.delete(current)
        if (nodes.length === 1) happen(nodes[0]!, items[0]!)
        else for (const place of byNode(nodes, count)) happen(nodes[place]!, items[place]!)
      }
    },
  }
}
