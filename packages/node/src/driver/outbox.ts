/**
 * The order of an engine's effects: writes start at once and may overlap; what waits for the disk is done as soon as all
 * writes in front of it are durable, in its order.
 */
export type Outbox = {
  /** Starts a write. If it fails, nothing behind it is ever done. */
  readonly write: (start: () => Promise<void>) => void
  /** Does something once all writes so far are durable. */
  readonly afterWrites: (act: () => void) => void
  /** Resolves when all that was put in is done. Rejects with what a write failed with. */
  readonly drained: () => Promise<void>
}

type Entry = { readonly act: (() => void) | undefined; isReady: boolean }

/** `onFailure` is called once, with what the first write failed with. */
export function createOutbox(onFailure: (error: unknown) => void): Outbox {
  const entries: Entry[] = []
  let failure: { readonly error: unknown } | undefined
  let onDrained: (() => void)[] = []

  const settle = (): void => {
    for (const resolve of onDrained) resolve()
    onDrained = []
  }

  const advance = (): void => {
    for (let first = entries[0]; first?.isReady === true && failure === undefined; first = entries[0]) {
      entries.shift()
      first.act?.()
    }
    if (entries.length === 0) settle()
  }

  const fail = (error: unknown): void => {
    if (failure !== undefined) return
    failure = { error }
    settle()
    onFailure(error)
  }

  const write = (start: () => Promise<void>): void => {
    if (failure !== undefined) return
    const entry: Entry = { act: undefined, isReady: false }
    entries.push(entry)
    start()
      .then(() => {
        entry.isReady = true
        advance()
      })
      .catch(fail)
  }

  const afterWrites = (act: () => void): void => {
    if (failure !== undefined) return
    if (entries.length === 0) act()
    else entries.push({ act, isReady: true })
  }

  const drained = async (): Promise<void> => {
    if (failure === undefined && entries.length > 0) {
      await new Promise<void>((resolve) => onDrained.push(resolve))
    }
    if (failure !== undefined) throw failure.error
  }

  return { write, afterWrites, drained }
}
