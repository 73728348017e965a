import { decodeEnvelope } from '@banyan/ledger'
import { z } from 'zod'
import type { BlockRecord } from '../../history.js'
import type { NodeApi } from '../../port.js'
import { findBlock } from '../block-of.js'
import { method, type RpcMethods } from '../method.js'
import { blockNumberParam, hashParam, quantityParam } from '../params.js'
import { receiptShape } from '../shapes/receipt.js'
import { includedShape, waitingShape } from '../shapes/transaction.js'

async function atIndex(node: NodeApi, block: BlockRecord | undefined, index: bigint) {
  if (block === undefined || index >= BigInt(block.included)) return null
  const [found] = await node.history.included(block.header.height, Number(index), 1)
  return found === undefined ? null : includedShape(node.identity.chainId, found)
}

export const transactionMethods: RpcMethods = {
  eth_getTransactionByHash: method(z.tuple([hashParam]), async ({ node }, id) => {
    const { chainId } = node.identity
    const included = await node.history.transaction(id)
    if (included !== undefined) return includedShape(chainId, included)
    const waiting = node.waiting(id)
    if (waiting === undefined || waiting.state.kind === 'dropped') return null
    return waitingShape(chainId, decodeEnvelope(waiting.envelope), waiting.sender, id)
  }),

  eth_getTransactionByBlockNumberAndIndex: method(
    z.tuple([blockNumberParam, quantityParam]),
    async ({ node }, block, index) => atIndex(node, await findBlock(node, block), index),
  ),

  eth_getTransactionByBlockHashAndIndex: method(
    z.tuple([hashParam, quantityParam]),
    async ({ node }, id, index) => atIndex(node, await node.history.blockById(id), index),
  ),

  eth_getTransactionReceipt: method(z.tuple([hashParam]), async ({ node }, id) => {
    const included = await node.history.transaction(id)
    return included === undefined ? null : receiptShape(node.identity.provider, included)
  }),
}
