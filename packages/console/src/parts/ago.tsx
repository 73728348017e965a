import { useSyncExternalStore } from 'react'
import { agoText, exactText } from '../format/time.js'

/** One clock for the page: it ticks only while something shows how long ago a moment was. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, newly read each second. In ms since the Unix epoch. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** How long ago a moment was, with the exact time on hover. */
export function Ago({ at }: { readonly at: number }) {
  const current = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={exactText(at)}>
      {agoText(at, current)}
    </time>
  )
}
