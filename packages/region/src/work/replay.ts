/** The body of a request, kept so that another miner can get it from its start: up to a bound, then no more. */
export type Replay = {
  readonly add: (bytes: Uint8Array) => void
  /** Nothing follows. */
  readonly end: () => void
  readonly size: () => number
  readonly isWhole: () => boolean
  /** The piece at an offset; undefined if it has not come yet. */
  readonly at: (offset: number) => Uint8Array | undefined
  /** What is before the offset has been sent; it is dropped if it could not be sent again anyway. */
  readonly sent: (offset: number) => void
  /** All of the body; undefined if it was too large to be kept. */
  readonly all: () => readonly Uint8Array[] | undefined
  /** Frees what it holds. */
  readonly drop: () => void
}

/** Bytes kept for all requests of a region, and for each. */
export type ReplayBudget = { readonly total: number; readonly each: number; used: number }

/** `lost` is called once, when the body has become too large to be sent twice. */
export function createReplay(budget: ReplayBudget, lost: () => void): Replay {
  const pieces: Uint8Array[] = []
  /** Offset of the first piece. */
  let start = 0
  let size = 0
  let whole = false
  let kept = true
  /** The piece that was asked for last, so that reading on is quick. */
  let index = 0
  let indexAt = 0

  const free = (count: number): void => {
    for (const piece of pieces.splice(0, count)) {
      start += piece.length
      budget.used -= piece.length
    }
    index = 0
    indexAt = start
  }
  return {
    add: (bytes) => {
      pieces.push(bytes)
      size += bytes.length
      budget.used += bytes.length
      if (!kept || (size <= budget.each && budget.used <= budget.total)) return
      kept = false
      lost()
    },
    end: () => {
      whole = true
    },
    size: () => size,
    isWhole: () => whole,
    at: (offset) => {
      if (offset < indexAt) {
        index = 0
        indexAt = start
      }
      while (index < pieces.length && indexAt + pieces[index]!.length <= offset) {
        indexAt += pieces[index]!.length
        index++
      }
      const piece = pieces[index]
      return piece === undefined ? undefined : piece.subarray(offset - indexAt)
    },
    sent: (offset) => {
      if (kept) return
      let count = 0
      let end = start
      while (count < pieces.length && end + pieces[count]!.length <= offset) end += pieces[count++]!.length
      free(count)
    },
    all: () => (kept ? [...pieces] : undefined),
    drop: () => free(pieces.length),
  }
}
