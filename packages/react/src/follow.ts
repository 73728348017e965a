import { type Block, type Client, recentBlock, watchHead } from '@banyan/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { scopeKey } from './queries.js'

/**
 * Marks what a new block changes as out of date, so that it is asked for again where it is shown: the status with every
 * block, what depends on the state only with blocks that hold transactions. Heads that come meanwhile are passed over.
 */
export async function followChain(client: Client, queries: QueryClient, signal: AbortSignal): Promise<void> {
  let last: number | undefined
  for await (const head of watchHead(client, { signal })) {
    addToBlocks(client, queries, head)
    const changed = [queries.invalidateQueries({ queryKey: scopeKey(client, 'chain') })]
    if (hasTransactions(client, (last ?? head.height - 1) + 1, head)) {
      const queryKey = scopeKey(client, 'state')
      changed.push(queries.invalidateQueries({ queryKey, predicate: ({ state }) => !isSettled(state.data) }))
    }
    last = head.height
    await Promise.all(changed)
  }
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
  queries.setQueriesData<readonly Block[]>({ queryKey }, (blocks) => {
    const newest = blocks?.[0]
    if (blocks === undefined || newest === undefined || newest.height >= head.height) return blocks
    if (newest.height + 1 < head.height) missed = true
    return [head, ...blocks.slice(0, -1)]
  })
  if (missed) void queries.invalidateQueries({ queryKey })
}
