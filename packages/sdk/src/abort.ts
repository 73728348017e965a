/**
 * Signals as every runtime has them: those of React Native know neither `AbortSignal.any` nor `timeout`, neither
 * `throwIfAborted` nor a reason.
 */

/** A signal that is aborted with another one, or when time is up. */
export type Limited = {
  readonly signal: AbortSignal
  readonly isLate: () => boolean
  /** Gives the whole time again. */
  readonly restart: () => void
  /** Nobody waits any more: it is aborted by neither. */
  readonly end: () => void
}

/** A signal that is aborted with `signal`, or after this many ms. */
export function limited(signal: AbortSignal | undefined, milliseconds: number): Limited {
  const own = new AbortController()
  let isLate = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = (): void => own.abort(signal?.reason)
  const end = (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', follow)
  }
  const restart = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      isLate = true
      own.abort()
    }, milliseconds)
  }
  restart()
  signal?.addEventListener('abort', follow)
  if (signal?.aborted) follow()
  return { signal: own.signal, isLate: () => isLate, restart, end }
}

/** Throws the reason of a signal that is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw signal.reason ?? Object.assign(new Error('The action was aborted.'), { name: 'AbortError' })
}
