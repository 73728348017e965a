import { fail } from '@banyan/base'
import { z } from 'zod'
import type { BlockRecord } from '../../history.js'
import { findBlock } from '../block-of.js'
import { method, type RpcContext, type RpcMethod, type RpcMethods } from '../method.js'
import { blockNumberParam, blockParam, hashParam } from '../params.js'
import { data, quantity } from '../quantities.js'
import { blockShape } from '../shapes/block.js'
import { receiptShape } from '../shapes/receipt.js'
import { includedShape } from '../shapes/transaction.js'

async function shapeOf(context: RpcContext, block: BlockRecord | undefined, whole: boolean) {
  if (block === undefined) return null
  const { node } = context
  return blockShape(node, block, await contentOf(context, block, whole))
}

/** Ids or whole transactions of a block. Error: RequestLimitExceeded for a block with too many. */
async function contentOf(context: RpcContext, block: BlockRecord, whole: boolean): Promise<unknown[]> {
  const { node, limits } = context
  const { height } = block.header
  const limit = whole ? limits.transactions : limits.ids
  checkCount(block, limit)
  if (!whole) return (await node.history.ids(height, 0, limit)).map(data)
  const included = await node.history.included(height, 0, limit)
  return included.map((one) => includedShape(node.identity.chainId, one))
}

function checkCount({ included, header }: BlockRecord, limit: number): void {
  if (included <= limit) return
  const what = `the number of transactions in an answer (block ${header.height} has ${included})`
  fail('RequestLimitExceeded', { what, limit })
}

const byNumber = z.tuple([blockNumberParam, z.boolean().default(false)])
const byHash = z.tuple([hashParam, z.boolean().default(false)])
const anyNumber = z.tuple([blockNumberParam])
const anyHash = z.tuple([hashParam])

const noUncles: RpcMethod = method(z.tuple([blockParam]), async ({ node }, block) =>
  (await findBlock(node, block)) === undefined ? null : '0x0',
)

export const blockMethods: RpcMethods = {
  eth_getBlockByNumber: method(byNumber, async (context, block, whole) =>
    shapeOf(context, await findBlock(context.node, block), whole),
  ),
  eth_getBlockByHash: method(byHash, async (context, id, whole) =>
    shapeOf(context, await context.node.history.blockById(id), whole),
  ),
  eth_getBlockTransactionCountByNumber: method(anyNumber, async ({ node }, block) => {
    const found = await findBlock(node, block)
    return found === undefined ? null : quantity(found.included)
  }),
  eth_getBlockTransactionCountByHash: method(anyHash, async ({ node }, id) => {
    const found = await node.history.blockById(id)
    return found === undefined ? null : quantity(found.included)
  }),
  eth_getUncleCountByBlockNumber: noUncles,
  eth_getUncleCountByBlockHash: method(anyHash, async ({ node }, id) =>
    (await node.history.blockById(id)) === undefined ? null : '0x0',
  ),
  eth_getBlockReceipts: method(z.tuple([blockParam]), async ({ node, limits }, block) => {
    const found = await findBlock(node, block)
    if (found === undefined) return null
    checkCount(found, limits.transactions)
    const included = await node.history.included(found.header.height, 0, limits.transactions)
    const logs = included.reduce((sum, one) => sum + one.logs.length, 0)
    if (logs > limits.logs) {
      fail('RequestLimitExceeded', { what: 'the number of logs in an answer', limit: limits.logs })
    }
    return included.map((one) => receiptShape(node.identity.provider, one))
  }),
}
