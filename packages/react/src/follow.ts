import { type Block, type Client, recentBlock, watchHead } from '@banyan/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { scopeKey } from './queries.js'

/**
 * Marks what a new block changes as out of date, so that it is asked for again where it is shown: the status with every
 * block, what depends on the state only with blocks that hold transactions. However fast blocks come, answers are awaited
 * before the same is asked again.
 */
export async function followChain(client: Client, queries: QueryClient, signal: AbortSignal): Promise<void> {
  const renewStatus = oneAtATime(() => queries.invalidateQueries({ queryKey: scopeKey(client, 'chain') }))
  const renewState = oneAtATime(() => {
    const queryKey = scopeKey(client, 'state')
    return queries.invalidateQueries({ queryKey, predicate: ({ state }) => !isSettled(state.data) })
  })
  let last: number | undefined
  for await (const head of watchHead(client, { signal })) {
    addToBlocks(client, queries, head)
    renewStatus()
    if (hasTransactions(client, (last ?? head.height - 1) + 1, head)) renewState()
    last = head.height
  }
}

/** Runs a task; while it runs, asking for it makes it run once more afterwards. */
function oneAtATime(task: () => Promise<void>): () => void {
  let isRunning = false
  let isWanted = false
  const run = async (): Promise<void> => {
    isRunning = true
    await task().catch(() => undefined)
    isRunning = false
    if (isWanted) request()
  }
  const request = (): void => {
    isWanted = isRunning
    if (!isRunning) void run()
  }
  return request
}

/** Whether blocks from a height up to the head hold transactions; those that did not come may. */
function hasTransactions(client: Client, from: number, { height: to }: Block): boolean {
  for (let height = to; height >= from; height--) {
    if (recentBlock(client, height)?.included !== 0) return true
  }
  return false
}

/** A transaction with an outcome changes no more. */
function isSettled(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'outcome' in data && data.outcome !== null
}

/** Lists of the newest blocks grow by the head, or are read again where they have missed one. */
function addToBlocks(client: Client, queries: QueryClient, head: Block): void {
  const queryKey = scopeKey(client, 'newest blocks')
  let missed = false
  for (const { queryKey: key } of queries.getQueryCache().findAll({ queryKey })) {
    queries.setQueryData<readonly Block[]>(key, (blocks) => {
      const newest = blocks?.[0]
      if (blocks === undefined || newest === undefined || newest.height >= head.height) return blocks
      if (newest.height + 1 < head.height) missed = true
      return [head, ...blocks].slice(0, Number(key.at(-1)))
    })
  }
  if (missed) void queries.invalidateQueries({ queryKey })
}
