import { pop, push } from './heap.js'

/** Virtual time: actions run in the order of their moments, those of one moment in the order of their planning. */
export type Schedule = {
  /** Virtual milliseconds since the scenario began. */
  readonly now: () => number
  /** Plans an action; a moment that has passed counts as now. */
  readonly at: (time: number, action: () => void) => void
  /** Runs until `done` holds, nothing is planned up to `end` (then it is `end`), or `limit` actions have run. */
  readonly run: (end: number, limit: number, done: () => boolean) => RunEnd
  /** As `run`, for actions that begin asynchronous work: after each of them all promises settle that can. */
  readonly runSettled: (end: number, limit: number, done: () => boolean) => Promise<RunEnd>
  /** Actions run so far. */
  readonly steps: () => number
}

export type RunEnd = 'done' | 'end' | 'limit'

type Planned = { readonly time: number; readonly order: number; readonly action: () => void }

function isBefore(a: Planned, b: Planned): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}

export function createSchedule(): Schedule {
  const heap: Planned[] = []
  let now = 0
  let order = 0
  let steps = 0

  /** Runs the next action, if there is one up to `end`. */
  function step(end: number): 'end' | undefined {
    if (heap.length === 0 || heap[0]!.time > end) {
      now = end
      return 'end'
    }
    const { time, action } = pop(heap, isBefore)
    now = time
    steps++
    action()
    return undefined
  }

  return {
    now: () => now,
    steps: () => steps,
    at: (time, action) => push(heap, { time: Math.max(time, now), order: order++, action }, isBefore),
    run(end, limit, done) {
      for (let left = limit; !done(); left--) {
        const stop = left === 0 ? 'limit' : step(end)
        if (stop !== undefined) return stop
      }
      return 'done'
    },
    async runSettled(end, limit, done) {
      for (let left = limit; !done(); left--) {
        const stop = left === 0 ? 'limit' : step(end)
        if (stop !== undefined) return stop
        // A new turn of the event loop begins when no promise is left that something waits for.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return 'done'
    },
  }
}
