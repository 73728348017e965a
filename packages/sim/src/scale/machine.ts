/** A computer with so many cores, on which the threads of one or more validators run. */
export type Machine = {
  /**
   * Gives a thread so many µs of a core, after what the thread has to do before and when a core is free, and tells when
   * it is done. Work is not interrupted.
   */
  readonly work: (thread: Thread, now: number, micros: number) => number
}

/** Does one thing after the other. */
export type Thread = {
  /** When it is done with everything it was given. */
  freeAt: number
  /** CPU time that it has used, µs. */
  used: number
}

export function createThread(): Thread {
  return { freeAt: 0, used: 0 }
}

/** Of the cores that are free by `wanted` the one that was free last, so that others stay whole; else the next free. */
function chooseCore(freeAt: Float64Array, wanted: number): number {
  let best = 0
  for (let core = 1; core < freeAt.length; core++) {
    const mine = freeAt[core]!
    const its = freeAt[best]!
    if (its <= wanted ? mine <= wanted && mine > its : mine < its) best = core
  }
  return best
}

/** `threads` run on it in all; with a core for each of them none ever waits for another. */
export function createMachine(cores: number, threads: number): Machine {
  const freeAt = new Float64Array(cores)

  /** When a core begins with work that is wanted at a time; the core is taken until it is done. */
  function takeCore(wanted: number, micros: number): number {
    if (threads <= cores) return wanted
    const core = chooseCore(freeAt, wanted)
    const start = Math.max(wanted, freeAt[core]!)
    freeAt[core] = start + micros
    return start
  }

  return {
    work(thread, now, micros) {
      thread.freeAt = takeCore(Math.max(now, thread.freeAt), micros) + micros
      thread.used += micros
      return thread.freeAt
    },
  }
}
