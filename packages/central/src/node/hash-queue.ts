import { fail } from '@banyan/base'

/** Lets `atOnce` pieces of work run at the same time and `waiting` more wait; each of them needs much memory. */
export function createHashQueue(atOnce: number, waiting: number) {
  const queue: (() => void)[] = []
  let running = 0
  /** Error: HashesBusy. */
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= atOnce) {
      if (queue.length >= waiting) fail('HashesBusy')
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      // Whoever waits takes over the place.
      if (next === undefined) running--
      else next()
    }
  }
}
