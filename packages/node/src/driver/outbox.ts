/**
 * The order of an engine's effects. Writes start at once and may overlap. A vote is written when all other writes in front of
 * it are durable; votes that wait for the same writes share a sync, so a slow disk delays a node but does not make it fall
 * behind ever more. What is sent is begun, in its order, when everything in front of it is durable.
 */
export type Outbox = {
  /** Starts a write. If it fails, nothing behind it is ever done. */
  readonly write: (start: () => Promise<void>) => void
  /** Starts the write of a vote once all other writes so far are durable. */
  readonly vote: (start: () => Promise<void>) => void
  /** Begins something once everything so far is durable. */
  readonly afterWrites: (begin: () => void) => void
  /** Resolves when all that was put in is done. Rejects with what a write failed with. */
  readonly drained: () => Promise<void>
}

type Entry =
  /** On its way to the disk. */
  | { readonly kind: 'write'; isDurable: boolean }
  | { readonly kind: 'vote'; isDurable: boolean; start: (() => Promise<void>) | undefined }
  | { readonly kind: 'act'; readonly begin: () => void }

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

  const follow = (entry: { isDurable: boolean }, work: Promise<void>): void => {
    work
      .then(() => {
        entry.isDurable = true
        advance()
      })
      .catch(fail)
  }

  /** Removes what is done from the front and begins what may be begun. */
  const advance = (): void => {
    for (let first = entries[0]; first !== undefined && failure === undefined; first = entries[0]) {
      if (first.kind === 'act') first.begin()
      else if (!first.isDurable) break
      entries.shift()
    }
    if (failure !== undefined) return
    if (entries.length === 0) settle()
    else startVotes()
  }

  /** Starts all votes that stand in front of the first write that is not durable. */
  const startVotes = (): void => {
    for (const entry of entries) {
      if (entry.kind === 'write' && !entry.isDurable) return
      if (entry.kind !== 'vote' || entry.start === undefined) continue
      const { start } = entry
      entry.start = undefined
      follow(entry, start())
    }
  }

  const put = (entry: Entry): void => {
    if (failure !== undefined) return
    entries.push(entry)
    advance()
  }

  return {
    write: (start) => {
      if (failure !== undefined) return
      const entry: Entry = { kind: 'write', isDurable: false }
      entries.push(entry)
      follow(entry, start())
    },
    vote: (start) => put({ kind: 'vote', isDurable: false, start }),
    afterWrites: (begin) => put({ kind: 'act', begin }),
    drained: async () => {
      if (failure === undefined && entries.length > 0) {
        await new Promise<void>((resolve) => onDrained.push(resolve))
      }
      if (failure !== undefined) throw failure.error
    },
  }
}
