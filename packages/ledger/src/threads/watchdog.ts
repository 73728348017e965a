/** Calls `onSilence` once when nothing was reported for `timeout` milliseconds while work was under way. */
export type Watchdog = {
  /** Work begins, or shows a sign of life. */
  readonly report: () => void
  /** There is no work any more. */
  readonly rest: () => void
}

export function createWatchdog(timeout: number, onSilence: () => void): Watchdog {
  let timer: NodeJS.Timeout | undefined
  let reports = 0
  // Timers run before messages: after a long pause of this thread, an answer may be waiting behind this very timer.
  const expire = (): void => {
    const seen = reports
    setImmediate(() => {
      if (timer !== undefined && reports === seen) onSilence()
    })
  }
  return {
    report: () => {
      reports++
      clearTimeout(timer)
      timer = setTimeout(expire, timeout)
    },
    rest: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
