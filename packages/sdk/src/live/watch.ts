import type { Hex } from '@banyan/base'
import { throwIfAborted } from '../abort.js'
import type { Client } from '../client.js'
import { requireAddress } from '../hex.js'
import type { Options } from '../http.js'
import { type Block, getBlock, getBlocks, maxBlocks } from '../read/blocks.js'
import { getLogs, type LogFilter, type PlacedLog } from '../read/logs.js'
import { getActivity, type Summary } from '../read/transactions.js'
import { type Connection, feedOf } from './feed.js'

/**
 * Live data as async iterators over one shared connection. Each keeps its own place in the chain: it waits for nobody,
 * holds no queue, and after a break asks for what it has missed, so that it sees everything once and in order.
 */

/** The newest final block whenever there is a new one; those that come while the caller is busy are passed over. */
export async function* watchHead(
  client: Client,
  { signal }: Options = {},
): AsyncGenerator<Block, void, undefined> {
  const feed = feedOf(client)
  let wake = (): void => undefined
  const onEvent = (): void => wake()
  const end = feed.listen(onEvent)
  signal?.addEventListener('abort', onEvent)
  let seen = -1
  try {
    for (;;) {
      throwIfAborted(signal)
      const newest = feed.newest()
      if (newest !== undefined && newest.height > seen) {
        seen = newest.height
        yield newest
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    end()
    signal?.removeEventListener('abort', onEvent)
  }
}

/** One of the last 64 blocks that came while somebody watched; `undefined` for others. Asks nothing. */
export function recentBlock(client: Client, height: number): Block | undefined {
  return feedOf(client).recent(height)
}

/** From which height on; by default from the block after the newest one. */
type From = Options & { readonly from?: number | undefined }

/** Final blocks, each once and in order. Errors: BlockUnknown if one is no longer kept, those of `ask`. */
export async function* watchBlocks(
  client: Client,
  { from, signal }: From = {},
): AsyncGenerator<Block, void, undefined> {
  let next = from
  for await (const head of watchHead(client, { signal })) {
    next ??= head.height + 1
    while (next <= head.height) {
      for (const block of await blocksFrom(client, next, head.height, signal)) {
        yield block
        next++
      }
    }
  }
}

/** Blocks from a height on, oldest first: those that were seen, or else one answer of the node. */
async function blocksFrom(
  client: Client,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<readonly Block[]> {
  const { recent } = feedOf(client)
  const seen: Block[] = []
  for (let block = recent(from); block !== undefined && block.height <= to; block = recent(block.height + 1))
    seen.push(block)
  if (seen.length > 0) return seen
  const limit = Math.min(maxBlocks, to - from + 1)
  const blocks = await getBlocks(client, { before: from + limit, limit, signal })
  // The node says itself why it lacks the block.
  return blocks.at(-1)?.height === from
    ? blocks.toReversed()
    : [await getBlock(client, { block: from, signal })]
}

/** Blocks that one question for logs covers. */
const logBlocks = 1_000

/** Logs that pass the filter, each once and in order. Errors as for `watchBlocks`. */
export async function* watchLogs(
  client: Client,
  { from, addresses, topics, signal }: From & LogFilter = {},
): AsyncGenerator<PlacedLog, void, undefined> {
  const filter = { ...(addresses && { addresses }), ...(topics && { topics }) }
  let next = from
  for await (const head of watchHead(client, { signal })) {
    next ??= head.height + 1
    while (next <= head.height) {
      const to = Math.min(head.height, next + logBlocks - 1)
      let after: string | null = null
      do {
        const range = { from: next, to, ...(after === null ? {} : { after }) }
        const page: Awaited<ReturnType<typeof getLogs>> = await getLogs(client, {
          ...range,
          ...filter,
          signal,
        })
        yield* page.items
        after = page.next
      } while (after !== null)
      next = to + 1
    }
  }
}

/** Transactions of an account (`getActivity`), each once and oldest first. Errors as for `watchBlocks`. */
export async function* watchActivity(
  client: Client,
  { address, from, signal }: From & { readonly address: Hex },
): AsyncGenerator<Summary, void, undefined> {
  const account = requireAddress(address, 'address')
  let next = from
  for await (const head of watchHead(client, { signal })) {
    next ??= head.height + 1
    const isQuiet = next === head.height && head.included === 0
    if (next > head.height) continue
    if (!isQuiet) yield* await activityBetween(client, account, next, head.height, signal)
    next = head.height + 1
  }
}

async function activityBetween(
  client: Client,
  address: Hex,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<readonly Summary[]> {
  const found: Summary[] = []
  let before: string | null = `${to + 1}:0`
  while (before !== null) {
    const page: Awaited<ReturnType<typeof getActivity>> = await getActivity(client, {
      address,
      before,
      limit: 100,
      signal,
    })
    const fitting = page.items.filter(({ height }) => height >= from)
    found.push(...fitting)
    before = fitting.length === page.items.length ? page.next : null
  }
  return found.reverse()
}

/** Calls the listener with each change of the connection that live data share. Returns what ends it. */
export function watchConnection(client: Client, listener: (connection: Connection) => void): () => void {
  const feed = feedOf(client)
  let last: Connection | undefined
  const tell = (): void => {
    const now = feed.connection()
    if (now !== last) listener(now)
    last = now
  }
  const end = feed.listen(tell)
  tell()
  return end
}
