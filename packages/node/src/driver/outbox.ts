/**
 * The order of an engine's effects: writes start at once and may overlap; what waits for the disk is begun as soon as all
 * writes in front of it are durable, in its order.
 */
export type Outbox = {
  /** Starts a write. If it fails, nothing behind it is ever done. */
  readonly write: (start: () => Promise<void>) => void
  /** Begins something once all writes so far are durable. If it is a write itself, what follows waits for it too. */
  readonly afterWrites: (begin: () => Promise<void> | void) => void
  /** Resolves when all that was put in is done. Rejects with what a write failed with. */
  readonly drained: () => Promise<void>
}

/** `begin` is there until it is called; `isDone` once what it began is. */
type Entry = { begin: (() => Promise<void> | void) | undefined; isDone: boolean }

/** `onFailure` is called once, with what failed first. */
export function createOutbox(onFailure: (error: unknown) => void): Outbox {
  const entries: Entry[] = []
  let failure: { readonly error: unknown } | undefined
  let onDrained: (() => void)[] = []

  const settle = (): void => {
    for (const resolve of onDrained) resolve()
    onDrained = []
  }

  const fail = (error: unknown): void => {
    if (failure !== undefined) return
    failure = { error }
    settle()
    onFailure(error)
  }

  const begin = (entry: Entry): void => {
    const work = entry.begin?.()
    entry.begin = undefined
    if (work === undefined) {
      entry.isDone = true
      return
    }
    work
      .then(() => {
        entry.isDone = true
        advance()
      })
      .catch(fail)
  }

  /** Removes what is done from the front, and begins what stands there then. */
  const advance = (): void => {
    while (failure === undefined) {
      const first = entries[0]
      if (first === undefined) {
        settle()
        return
      }
      if (first.begin !== undefined) begin(first)
      if (!first.isDone) return
      entries.shift()
    }
  }

  const write = (start: () => Promise<void>): void => {
    if (failure !== undefined) return
    const entry: Entry = { begin: start, isDone: false }
    entries.push(entry)
    begin(entry)
  }

  const afterWrites: Outbox['afterWrites'] = (act) => {
    if (failure !== undefined) return
    entries.push({ begin: act, isDone: false })
    advance()
  }

  const drained = async (): Promise<void> => {
    if (failure === undefined && entries.length > 0) {
      await new Promise<void>((resolve) => onDrained.push(resolve))
    }
    if (failure !== undefined) throw failure.error
  }

  return { write, afterWrites, drained }
}
