import { banyanError } from '@banyan/base'

/** The time that one request has. */
export type Deadline = {
  /** Rejects with RequestTimeout if the time of the request ends first. */
  readonly within: <Result>(work: Promise<Result>) => Promise<Result>
  readonly end: () => void
}

/** Starts to count; `end` must be called when the request is answered. */
export function startDeadline(milliseconds: number): Deadline {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(banyanError('RequestTimeout', { milliseconds })), milliseconds)
  })
  over.catch(() => undefined)
  return { within: (work) => Promise.race([work, over]), end: () => clearTimeout(timer) }
}
