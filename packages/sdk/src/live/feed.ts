import type { Client } from '../client.js'
import { waitMs } from '../pause.js'
import { type Block, getBlock } from '../read/blocks.js'
import { readEvents } from './events.js'
import { readSocket } from './socket.js'

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
  const stream = async (signal: AbortSignal, isFirstChoice: boolean): Promise<boolean> => {
    let brought = false
    const onBlock = (block: Block): void => {
      brought = true
      become('live')
      see(block)
    }
    const { webSocket } = client
    if (isFirstChoice && webSocket !== undefined) {
      const onOpen = (): void => void getBlock(client, { signal }).then(see, () => undefined)
      await readSocket(client, webSocket, signal, onOpen, onBlock)
    } else {
      const head = await getBlock(client, { signal })
      see(head)
      await readEvents(client, head.height + 1, signal, onBlock)
    }
    return brought
  }

  const poll = async (signal: AbortSignal): Promise<void> => {
    for (let i = 0; i < pollsBeforeStream && !signal.aborted; i++) {
      see(await getBlock(client, { signal }))
      become('polling')
      await waitMs(pollMs, signal)
    }
  }

  const run = async (signal: AbortSignal): Promise<void> => {
    become('connecting')
    for (let failures = 0; ; ) {
      let isStreamless = false
      try {
        if (failures >= failuresBeforePolling) {
          await poll(signal)
          isStreamless = true
        }
        failures = (await stream(signal, failures === 0)) ? 0 : failures + 1
      } catch {
        failures = connection === 'live' ? 0 : failures + 1
      }
      if (signal.aborted) return
      if (isStreamless && failures > 0) failures = failuresBeforePolling
      else become('offline')
      await waitMs(Math.min(longestWaitMs, 100 * 2 ** failures) * (0.5 + Math.random() / 2), signal)
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
