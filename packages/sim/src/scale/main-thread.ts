import type { Machine, Thread } from './machine.js'

/** What a node does on its one main thread, turn by turn, as an event loop does. */
export type MainThread = {
  /** A message that has been read at `readyAt` waits to be handled. */
  readonly hear: (readyAt: number, handle: () => void, micros: number) => void
  /** Does something that takes so long, and then `done`. */
  readonly run: (micros: number, done: () => void) => void
  /** Adds to what has to be done before the next turn; gives the time when that is over. */
  readonly charge: (micros: number) => number
}

export type MainThreadOptions = {
  readonly now: () => number
  readonly plan: (time: number, act: () => void) => void
  readonly machine: Machine
  readonly thread: Thread
  /** What the handlers of the turn have cost beside what was known before, µs. */
  readonly spent: () => number
  /** A turn is over: its effects may go out. */
  readonly turnOver: () => void
}

type Heard = { readonly readyAt: number; readonly handle: () => void; readonly micros: number }
type Task = { readonly micros: number; readonly done: () => void }

/** Most messages of one turn: effects of the first do not wait for all others. */
const messagesPerTurn = 32

export function createMainThread(options: MainThreadOptions): MainThread {
  const { now, plan, machine, thread, spent, turnOver } = options
  let inbox: Heard[] = []
  let read = 0
  let tasks: Task[] = []
  let owed = 0
  let busy = false
  let pokeAt = -1
  let isNudged = false

  /** Handles the messages that are here; what they cost. */
  function handleMessages(): number {
    let micros = 0
    const end = Math.min(inbox.length, read + messagesPerTurn)
    while (read < end && inbox[read]!.readyAt <= now()) {
      const heard = inbox[read++]!
      heard.handle()
      micros += heard.micros
    }
    if (read > 1024 || read === inbox.length) {
      inbox = inbox.slice(read)
      read = 0
    }
    return micros
  }

  function turn(): void {
    const running = tasks
    tasks = []
    let micros = owed + handleMessages()
    owed = 0
    for (const task of running) micros += task.micros
    micros += spent()
    busy = true
    plan(machine.work(thread, now(), micros), () => {
      busy = false
      for (const task of running) task.done()
      turnOver()
      next()
    })
  }

  function next(): void {
    isNudged = false
    if (busy) return
    const first = inbox[read]
    if (tasks.length > 0 || owed > 0 || (first !== undefined && first.readyAt <= now())) turn()
    else if (first !== undefined && pokeAt !== first.readyAt) {
      pokeAt = first.readyAt
      plan(first.readyAt, next)
    }
  }

  return {
    hear(readyAt, handle, micros) {
      inbox.push({ readyAt, handle, micros })
      next()
    },
    run(micros, done) {
      tasks.push({ micros, done })
      next()
    },
    charge(micros) {
      owed += micros
      if (!busy && !isNudged) plan(now(), next)
      isNudged = true
      return Math.max(now(), thread.freeAt) + owed
    },
  }
}
