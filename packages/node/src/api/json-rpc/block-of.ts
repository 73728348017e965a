import { fail, toHex } from '@banyan/base'
import type { BlockRecord } from '../history.js'
import type { NodeApi } from '../port.js'
import type { BlockParam } from './params.js'

/** Height of a block by tag or number. Every tag but `earliest` is the newest final block. */
export function heightOf(node: NodeApi, block: BlockParam & (string | number)): number {
  if (typeof block === 'number') return block
  return block === 'earliest' ? 0 : node.head().header.height
}

/** The final block that a parameter names, `undefined` if there is none. */
export function findBlock(node: NodeApi, block: BlockParam): Promise<BlockRecord | undefined> {
  if (typeof block === 'object') {
    return 'blockHash' in block
      ? node.history.blockById(block.blockHash)
      : node.history.blockAt(block.blockNumber)
  }
  if (typeof block === 'number' || block === 'earliest') return node.history.blockAt(heightOf(node, block))
  return Promise.resolve(node.head())
}

/** The final block that a parameter names. Error: BlockUnknown. */
export async function requireBlock(node: NodeApi, block: BlockParam): Promise<BlockRecord> {
  return (await findBlock(node, block)) ?? fail('BlockUnknown', { block: nameOf(block) })
}

/**
 * Makes sure that a parameter names the newest final block, the only one whose state a node has.
 * Errors: BlockUnknown, StateUnavailable.
 */
export async function requireNewest(node: NodeApi, block: BlockParam | undefined): Promise<void> {
  if (block === undefined || (typeof block === 'string' && block !== 'earliest')) return
  const found = await requireBlock(node, block)
  const newest = node.head().header.height
  const { height } = found.header
  if (height !== newest) fail('StateUnavailable', { height, newest })
}

function nameOf(block: BlockParam): string {
  if (typeof block !== 'object') return String(block)
  return 'blockHash' in block ? toHex(block.blockHash) : String(block.blockNumber)
}
