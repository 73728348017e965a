/** Things that are written in the order in which they came, many at once, while their makers go on. */
export type WriteBehind<Item> = {
  readonly add: (item: Item) => void
  /** Things that were added and are not written. */
  readonly waiting: () => number
  /** Resolves when all that was added is written, or writing has failed. */
  readonly settled: () => Promise<void>
}

export type WriteBehindOptions<Item> = {
  /** Things in one go. */
  readonly most: number
  readonly write: (items: readonly Item[]) => Promise<void>
  /** What was waiting is dropped. */
  readonly failed: (error: unknown) => void
}

export function createWriteBehind<Item>({
  most,
  write,
  failed,
}: WriteBehindOptions<Item>): WriteBehind<Item> {
  let waiting: Item[] = []
  let inHand = 0
  let writing: Promise<void> | undefined

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      // What else comes in this turn of the event loop goes with it.
      await new Promise((resolve) => setImmediate(resolve))
      const items = waiting.splice(0, most)
      inHand = items.length
      await write(items)
      inHand = 0
    }
  }
  const start = (): void => {
    writing ??= run()
      .catch((error: unknown) => {
        waiting = []
        inHand = 0
        failed(error)
      })
      .finally(() => {
        writing = undefined
        // What came after the last look, and before this moment.
        if (waiting.length > 0) start()
      })
  }
  return {
    add: (item) => {
      waiting.push(item)
      start()
    },
    waiting: () => waiting.length + inHand,
    settled: async () => {
      while (writing !== undefined) await writing
    },
  }
}
