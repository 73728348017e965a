/** What a client was sent, in order, for tests that wait for it. */
export type Inbox<Item> = {
  readonly push: (item: Item) => void
  /** The next item that was not taken yet. */
  readonly next: () => Promise<Item>
  /** The first item from the next one on that is wanted; those before it are dropped. */
  readonly until: (isWanted: (item: Item) => boolean) => Promise<Item>
  /** Nothing more will come: who waits is told. */
  readonly end: () => void
}

export function createInbox<Item>(): Inbox<Item> {
  const items: Item[] = []
  const waiting: { readonly take: (item: Item) => void; readonly refuse: (error: Error) => void }[] = []
  let hasEnded = false
  const next = (): Promise<Item> =>
    new Promise((take, refuse) => {
      if (items.length > 0) take(items.shift()!)
      else if (hasEnded) refuse(new Error('the connection has ended'))
      else waiting.push({ take, refuse })
    })
  return {
    push: (item) => {
      const [first] = waiting.splice(0, 1)
      if (first === undefined) items.push(item)
      else first.take(item)
    },
    next,
    until: async (isWanted) => {
      for (;;) {
        const item = await next()
        if (isWanted(item)) return item
      }
    },
    end: () => {
      hasEnded = true
      for (const { refuse } of waiting.splice(0)) refuse(new Error('the connection has ended'))
    },
  }
}
