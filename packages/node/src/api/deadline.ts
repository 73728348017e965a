import { banyanError } from '@banyan/base'

/** The time that one request has. */
export type Deadline = {
  /** Rejects with RequestTimeout if the time of the request ends first. */
  readonly within: <Result>(work: Promise<Result>) => Promise<Result>
  /** Lets others go on if this request has kept the thread for a while. Rejects with RequestTimeout if its time is over. */
  readonly turn: () => Promise<void>
  readonly end: () => void
}

/** Milliseconds for which a request may keep the thread. */
const turnMs = 10

/** Starts to count; `end` must be called when the request is answered. */
export function startDeadline(milliseconds: number): Deadline {
  const start = performance.now()
  let turnStart = start
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(banyanError('RequestTimeout', { milliseconds })), milliseconds)
  })
  over.catch(() => undefined)
  return {
    within: (work) => Promise.race([work, over]),
    turn: async () => {
      const now = performance.now()
      if (now - start > milliseconds) throw banyanError('RequestTimeout', { milliseconds })
      if (now - turnStart < turnMs) return
      await new Promise((resolve) => setImmediate(resolve))
      turnStart = performance.now()
    },
    end: () => clearTimeout(timer),
  }
}
