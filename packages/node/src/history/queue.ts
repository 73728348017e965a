export type Queue<Item> = {
  /** Takes an item of so many bytes. A promise means that the queue is full: it resolves when there is room again. */
  readonly push: (item: Item, bytes: number) => Promise<void> | undefined
  readonly isFull: () => boolean
  /** Resolves when nothing waits; rejects with what stopped the queue. */
  readonly drained: () => Promise<void>
  /** Throws what stopped the queue, if anything did. */
  readonly check: () => void
}

/**
 * A queue of at most `limit` bytes and one item, worked on in order. `take` gets what waits, and resolves with the number of
 * items that are done; when it rejects, the queue stops for good.
 */
export function createQueue<Item>(
  limit: number,
  take: (waiting: readonly Item[]) => Promise<number>,
): Queue<Item> {
  const items: Item[] = []
  const sizes: number[] = []
  let bytes = 0
  let room: { readonly promise: Promise<void>; readonly open: () => void } | undefined
  let working: Promise<void> = Promise.resolve()
  let isWorking = false
  let failure: { readonly error: unknown } | undefined

  const openRoom = (): void => {
    room?.open()
    room = undefined
  }

  const work = async (): Promise<void> => {
    try {
      while (items.length > 0) {
        const done = await take(items)
        items.splice(0, done)
        for (const size of sizes.splice(0, done)) bytes -= size
        if (bytes < limit) openRoom()
      }
    } catch (error) {
      failure = { error }
      openRoom()
    } finally {
      isWorking = false
    }
  }

  const check = (): void => {
    if (failure !== undefined) throw failure.error
  }

  const push = (item: Item, size: number): Promise<void> | undefined => {
    items.push(item)
    sizes.push(size)
    bytes += size
    if (!isWorking) {
      isWorking = true
      // What comes within one turn of the process is taken together.
      working = Promise.resolve().then(work)
    }
    if (bytes >= limit) room ??= newRoom()
    return room?.promise
  }

  const drained = async (): Promise<void> => {
    await working
    check()
  }

  return { push, isFull: () => bytes >= limit, drained, check }
}

function newRoom(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open }
}
