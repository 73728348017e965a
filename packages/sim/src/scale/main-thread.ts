import type { Machine, Thread } from './machine.js'

/** What a node does on its one main thread, turn by turn, as an event loop does. */
export type MainThread<Item> = {
  /** Something to handle, in the order of coming, not before `readyAt`. */
  readonly hear: (readyAt: number, item: Item) => void
  /** Does something that takes so long, and then `done`. */
  readonly run: (micros: number, done: () => void) => void
  /** Does something that nothing waits for, after all that runs now; gives the time when it is done. */
  readonly charge: (micros: number) => number
}

export type MainThreadOptions<Item> = {
  readonly now: () => number
  readonly plan: (time: number, act: () => void) => void
  readonly machine: Machine
  readonly thread: Thread
  /** Handles an item, and gives its cost in µs. */
  readonly handle: (item: Item) => number
  /** A turn is over: its effects may go out. */
  readonly turnOver: () => void
}

type Task = { readonly micros: number; readonly done: () => void }

/** Most items of one turn: effects of the first do not wait for all others. */
const itemsPerTurn = 32
/** Items handled that the queue may keep in front. */
const longestTail = 4096

export function createMainThread<Item>(options: MainThreadOptions<Item>): MainThread<Item> {
  const { now, plan, machine, thread, handle, turnOver } = options
  let items: Item[] = []
  let readyAt: number[] = []
  let read = 0
  let tasks: Task[] = []
  let running: readonly Task[] = []
  let inTurn = false
  /** When the next turn is planned for. */
  let plannedAt = Number.POSITIVE_INFINITY

  function handleReady(): number {
    let micros = 0
    const end = Math.min(items.length, read + itemsPerTurn)
    for (const time = now(); read < end && readyAt[read]! <= time; read++) micros += handle(items[read]!)
    if (read === items.length || read > longestTail) {
      items = items.slice(read)
      readyAt = readyAt.slice(read)
      read = 0
    }
    return micros
  }

  function turn(): void {
    inTurn = true
    running = tasks
    tasks = []
    let micros = handleReady()
    for (const task of running) micros += task.micros
    plan(machine.work(thread, now(), micros), endTurn)
  }

  function endTurn(): void {
    inTurn = false
    for (const task of running) task.done()
    turnOver()
    next()
  }

  /** Begins a turn, or plans one for when there is something to do and the thread is free. */
  function next(): void {
    if (inTurn || (tasks.length === 0 && read === items.length)) return
    const wanted = Math.max(thread.freeAt, tasks.length > 0 ? 0 : readyAt[read]!)
    if (wanted <= now()) turn()
    else if (wanted < plannedAt) {
      plannedAt = wanted
      plan(wanted, wake)
    }
  }

  function wake(): void {
    plannedAt = Number.POSITIVE_INFINITY
    next()
  }

  return {
    hear(time, item) {
      items.push(item)
      readyAt.push(time)
      if (items.length === read + 1) next()
    },
    run(micros, done) {
      tasks.push({ micros, done })
      next()
    },
    charge: (micros) => machine.work(thread, now(), micros),
  }
}
