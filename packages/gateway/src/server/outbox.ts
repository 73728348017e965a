import type { Outlet } from '../mqtt/link.js'

/** What an outbox writes to. */
export type Sink = {
  /** Writes pieces that have `bytes` bytes together. */
  readonly write: (pieces: readonly Uint8Array[], bytes: number) => void
  readonly end: () => void
  /** Bytes that were written and have not left yet. */
  readonly backlog: () => number
}

/** Collects what is sent within one turn of the event loop, and writes it at once. */
export function createOutbox(sink: Sink): Outlet {
  let pieces: Uint8Array[] = []
  let held = 0
  let isScheduled = false

  const flush = (): void => {
    isScheduled = false
    if (held === 0) return
    const [ready, bytes] = [pieces, held]
    pieces = []
    held = 0
    sink.write(ready, bytes)
  }
  return {
    send: (bytes) => {
      pieces.push(bytes)
      held += bytes.length
      if (isScheduled) return
      isScheduled = true
      setImmediate(flush)
    },
    end: () => {
      flush()
      sink.end()
    },
    backlog: () => held + sink.backlog(),
  }
}
