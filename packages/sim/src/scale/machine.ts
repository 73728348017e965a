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

export function createMachine(cores: number): Machine {
  const freeAt = new Float64Array(cores)
  return {
    work(thread, now, micros) {
      const wanted = Math.max(now, thread.freeAt)
      const core = chooseCore(freeAt, wanted)
      const end = Math.max(wanted, freeAt[core]!) + micros
      freeAt[core] = end
      thread.freeAt = end
      thread.used += micros
      return end
    },
  }
}
