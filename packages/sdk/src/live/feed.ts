import type { Client } from '../client.js'
import { type Block, getBlock } from '../read/blocks.js'
import { readEvents } from './events.js'

/** `polling`: something in between lets no stream through, so the client asks instead. */
export type Connection = 'idle' | 'connecting' | 'live' | 'polling' | 'offline'

/** What all live data of a client share: one connection, open while somebody listens. */
export type Feed = {
  readonly connection: () => Connection
  /** Newest final block that was seen. */
  readonly newest: () => Block | undefined
  /** One of the last blocks that were seen, by height. */
  readonly recent: (height: number) => Block | undefined
  /** Calls the listener after each new block and each change of the connection. Returns what ends it. */
  readonly listen: (listener: () => void) => () => void
}

const recentBlocks = 64
const pollMs = 1_000
const longestWaitMs = 10_000
/** Streams in a row that brought no block, after which the client asks for a while. */
const failuresBeforePolling = 3
const pollsBeforeStream = 30

/** By `connection` of a client. */
const feeds = new WeakMap<object, Feed>()

export function feedOf(client: Client): Feed {
  const known = feeds.get(client.connection) ?? createFeed(client)
  feeds.set(client.connection, known)
  return known
}

function createFeed(client: Client): Feed {
  const listeners = new Set<() => void>()
  const recent = new Map<number, Block>()
  let newest: Block | undefined
  let connection: Connection = 'idle'
  let running: AbortController | undefined

  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  const become = (next: Connection): void => {
    if (next === connection) return
    connection = next
    tell()
  }
  const see = (block: Block): void => {
    recent.set(block.height, block)
    recent.delete(block.height - recentBlocks)
    if (newest !== undefined && block.height <= newest.height) return
    newest = block
    tell()
  }

  /** Blocks between two connections are no concern of the feed: whoever needs each of them asks for it. */
  const stream = async (signal: AbortSignal): Promise<boolean> => {
    let brought = false
    const head = await getBlock(client, { signal })
    see(head)
    await readEvents(client, head.height + 1, signal, (block) => {
      brought = true
      become('live')
      see(block)
    })
    return brought
  }

  const poll = async (signal: AbortSignal): Promise<void> => {
    for (let i = 0; i < pollsBeforeStream && !signal.aborted; i++) {
      see(await getBlock(client, { signal }))
      become('polling')
      await pause(pollMs, signal)
    }
  }

  const run = async (signal: AbortSignal): Promise<void> => {
    let failures = 0
    for (;;) {
      if (connection !== 'polling') become(failures === 0 ? 'connecting' : 'offline')
      try {
        const isStopped = failures >= failuresBeforePolling
        if (isStopped) await poll(signal)
        failures = (await stream(signal)) ? 0 : failures + 1
      } catch {
        if (connection === 'live') failures = 0
        failures++
      }
      if (signal.aborted) return
      become('offline')
      await pause(Math.min(longestWaitMs, 100 * 2 ** failures) * (0.5 + Math.random() / 2), signal)
    }
  }

  return {
    connection: () => connection,
    newest: () => newest,
    recent: (height) => recent.get(height),
    listen: (listener) => {
      listeners.add(listener)
      if (running === undefined) {
        running = new AbortController()
        void run(running.signal)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        running?.abort()
        running = undefined
        connection = 'idle'
      }
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
