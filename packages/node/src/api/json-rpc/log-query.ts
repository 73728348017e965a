import { fail, toHex } from '@banyan/base'
import type { LogQuery, PlacedLog } from '../history.js'
import { heightOf } from './block-of.js'
import type { RpcContext } from './method.js'
import type { LogFilterParam } from './params.js'

/** What logs must look like to pass, without a range of blocks. */
export type LogPattern = Pick<LogQuery, 'addresses' | 'topics'>

export function patternOf({ address, topics }: LogFilterParam): LogPattern {
  return { addresses: listOf(address), topics: (topics ?? []).map(listOf) }
}

/** One, several or any: an empty list stands for any. */
function listOf<Item extends Uint8Array>(given: Item | readonly Item[] | null | undefined): readonly Item[] {
  if (given === null || given === undefined) return []
  return given instanceof Uint8Array ? [given] : given
}

/** Blocks of a filter: a range that ends with the newest final block at the latest. */
export async function rangeOf(
  { node }: RpcContext,
  filter: LogFilterParam,
): Promise<{ readonly from: number; readonly to: number }> {
  const { blockHash, fromBlock, toBlock } = filter
  if (blockHash !== undefined) {
    if ((fromBlock ?? toBlock ?? undefined) !== undefined) {
      fail('ParametersInvalid', { reason: 'cannot specify both BlockHash and FromBlock/ToBlock' })
    }
    const block = await node.history.blockById(blockHash)
    if (block === undefined) fail('BlockUnknown', { block: toHex(blockHash) })
    return { from: block.header.height, to: block.header.height }
  }
  const newest = node.head().header.height
  const from = heightOf(node, fromBlock ?? 'latest')
  const to = heightOf(node, toBlock ?? 'latest')
  if (from > to) fail('ParametersInvalid', { reason: 'invalid block range: it ends before it starts' })
  if (from < node.history.oldest()) fail('BlockUnknown', { block: from })
  return { from, to: Math.min(to, newest) }
}

/** All logs of a range. Error: RequestLimitExceeded. */
export async function logsOf(
  { node, limits }: RpcContext,
  pattern: LogPattern,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly PlacedLog[]> {
  if (from > to) return []
  if (to - from >= limits.logBlocks) {
    fail('RequestLimitExceeded', { what: 'the number of blocks in a range', limit: limits.logBlocks })
  }
  const page = await node.history.logs({ ...pattern, from, to, limit: limits.logs })
  if (!page.complete) {
    fail('RequestLimitExceeded', { what: 'the number of logs in an answer', limit: limits.logs })
  }
  return page.logs
}
