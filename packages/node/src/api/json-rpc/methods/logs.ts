import { fail } from '@banyan/base'
import { z } from 'zod'
import { heightOf } from '../block-of.js'
import type { Filter } from '../filters.js'
import { logsOf, patternOf, rangeOf } from '../log-query.js'
import { method, plainMethod, type RpcContext, type RpcMethods } from '../method.js'
import { logFilterParam } from '../params.js'
import { data } from '../quantities.js'
import { logShape } from '../shapes/log.js'

const filterId = z.tuple([z.string().max(66)])
const logFilter = z.tuple([logFilterParam])

/** Upper end of a filter that has none: it goes on with the chain. */
const open = Number.MAX_SAFE_INTEGER

async function changesOf(context: RpcContext, filter: Filter): Promise<unknown[]> {
  switch (filter.kind) {
    case 'pending':
      return filter.ids.splice(0).map(data)
    case 'blocks':
      return newBlocks(context, filter)
    case 'logs':
      return newLogs(context, filter)
  }
}

async function newBlocks(
  { node, limits }: RpcContext,
  filter: Extract<Filter, { readonly kind: 'blocks' }>,
): Promise<unknown[]> {
  const from = filter.next
  const to = Math.min(node.head().header.height, from + limits.filterItems - 1)
  filter.next = Math.max(from, to + 1)
  const ids: unknown[] = []
  for (let height = from; height <= to; height++) {
    const block = await node.history.blockAt(height)
    if (block !== undefined) ids.push(data(block.id))
  }
  return ids
}

/** Logs since the last question. Where they are too many for one answer, the filter stays where it was. */
async function newLogs(
  context: RpcContext,
  filter: Extract<Filter, { readonly kind: 'logs' }>,
): Promise<unknown[]> {
  const from = filter.next
  const newest = context.node.head().header.height
  const to = Math.min(newest, filter.range.to, from + context.limits.logBlocks - 1)
  const logs = await logsOf(context, filter.pattern, { from, to })
  filter.next = Math.max(filter.next, to + 1)
  return logs.map(logShape)
}

export const logMethods: RpcMethods = {
  eth_getLogs: method(logFilter, async (context, filter) => {
    const range = await rangeOf(context, filter)
    return (await logsOf(context, patternOf(filter), range)).map(logShape)
  }),

  eth_newFilter: method(logFilter, ({ node, filters }, filter) => {
    if (filter.blockHash !== undefined) {
      fail('ParametersInvalid', { reason: '0.blockHash: a filter has a range of blocks' })
    }
    const from = heightOf(node, filter.fromBlock ?? 'latest')
    const to = typeof filter.toBlock === 'number' ? filter.toBlock : open
    if (to < from) fail('ParametersInvalid', { reason: 'invalid block range: it ends before it starts' })
    // Changes are what comes after the filter was made; what was before is asked for with eth_getFilterLogs.
    const next = Math.max(from, node.head().header.height + 1)
    return filters.add({ kind: 'logs', pattern: patternOf(filter), range: { from, to }, next })
  }),

  eth_newBlockFilter: plainMethod(({ node, filters }) =>
    filters.add({ kind: 'blocks', next: node.head().header.height + 1 }),
  ),

  eth_newPendingTransactionFilter: plainMethod(({ filters }) => filters.add({ kind: 'pending', ids: [] })),

  eth_getFilterChanges: method(filterId, (context, id) => changesOf(context, context.filters.use(id))),

  eth_getFilterLogs: method(filterId, async (context, id) => {
    const filter = context.filters.use(id)
    if (filter.kind !== 'logs') fail('FilterUnknown', { id: id.slice(0, 66) })
    const to = Math.min(filter.range.to, context.node.head().header.height)
    return (await logsOf(context, filter.pattern, { from: filter.range.from, to })).map(logShape)
  }),

  eth_uninstallFilter: method(filterId, ({ filters }, id) => filters.remove(id)),
}
