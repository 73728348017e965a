/** A body that comes in pieces: pushed by the tunnel, pulled by its reader. */
export type PushedBody = {
  readonly push: (bytes: Uint8Array, end: boolean) => void
  /** The rest will not come; its reader gets `error`. */
  readonly abort: (error: Error) => void
  readonly iterable: AsyncIterable<Uint8Array>
}

/** `consumed` hears of bytes that the reader has taken, so that credits bound what waits here. */
export function createPushedBody(consumed: (bytes: number) => void): PushedBody {
  const waiting: Uint8Array[] = []
  let ended = false
  let failure: Error | undefined
  let wake: (() => void) | undefined

  const notify = (): void => {
    wake?.()
    wake = undefined
  }
  async function* read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = waiting.shift()
      if (failure !== undefined) throw failure
      if (next !== undefined) {
        consumed(next.length)
        yield next
      } else if (ended) return
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }
  return {
    push: (bytes, end) => {
      if (bytes.length > 0) waiting.push(bytes)
      ended = end
      notify()
    },
    abort: (error) => {
      failure = error
      notify()
    },
    iterable: { [Symbol.asyncIterator]: read },
  }
}
