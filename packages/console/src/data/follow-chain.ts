import { type Block, type Connection, watchBlocks, watchConnection } from '@banyan/sdk'
import { useEffect, useState } from 'react'
import { client, queries } from './client.js'

/**
 * Beginnings of the keys of what is read of the chain: those of @banyan/react for what blocks with transactions can change and for
 * what never changes; and one for the newest blocks, which are added to and never read again.
 */
export const stateKey = ['banyan', client.url, 'state'] as const
export const finalKey = ['banyan', client.url, 'fixed'] as const
export const recentKey = ['banyan', client.url, 'recent blocks'] as const

const keptBlocks = 240
/** Pages read again at most this often, however fast blocks come. */
const renewMs = 400

/** When this browser saw blocks become final, ms since the Unix epoch, by height; of the blocks that it saw live. */
const seenAt = new Map<number, number>()

export function seenTimes(): ReadonlyMap<number, number> {
  return seenAt
}

function keep(block: Block): void {
  seenAt.set(block.height, Date.now())
  seenAt.delete(block.height - keptBlocks)
  let isGap = false
  queries.setQueryData<readonly Block[]>(recentKey, (known) => {
    if (known === undefined) return known
    const older = known.filter(({ height }) => height < block.height)
    // Blocks that came while the first ones were being read are missing.
    isGap = older.length > 0 && older[0]!.height + 1 < block.height
    return [block, ...older].slice(0, keptBlocks)
  })
  if (isGap) void queries.invalidateQueries({ queryKey: recentKey })
}

/** Brings each final block to the pages, and lets what they show of the chain be read again. Ends with the signal. */
async function follow(signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const renew = () => {
    timer = undefined
    void queries.invalidateQueries({ queryKey: stateKey })
  }
  try {
    for await (const block of watchBlocks(client, { signal })) {
      keep(block)
      if (block.included > 0) timer ??= setTimeout(renew, renewMs)
    }
  } finally {
    clearTimeout(timer)
  }
}

const againMs = 2_000

/** Follows the chain as long as the page is open; tells how. */
export function useFollowChain(): Connection {
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    const own = new AbortController()
    const end = watchConnection(client, setConnection)
    const run = async () => {
      while (!own.signal.aborted) {
        await follow(own.signal).catch(() => undefined)
        // A gap that the node no longer fills: start again from the newest block.
        await new Promise((resolve) => setTimeout(resolve, againMs))
        void queries.invalidateQueries({ queryKey: recentKey })
      }
    }
    void run()
    return () => {
      own.abort()
      end()
    }
  }, [])
  return connection
}
