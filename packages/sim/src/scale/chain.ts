import type { Hash } from '@banyan/base'
import type { BlockRef } from '@banyan/consensus'
import { blockNumber, createBlocks } from '../core/blocks.js'
import type { Batch } from './traffic.js'

/** A block with what it orders. */
export type ScaleBlock = {
  readonly number: number
  readonly ref: BlockRef
  readonly batches: readonly Batch[]
  readonly transactions: number
  readonly bytes: number
}

/** All blocks that were made. */
export type ScaleChain = {
  readonly start: { readonly id: Hash; readonly height: number }
  readonly create: (fields: Omit<BlockRef, 'id'>, batches: readonly Batch[]) => ScaleBlock
  /** Nothing for the block that the chain starts from. */
  readonly find: (id: Hash) => ScaleBlock | undefined
  /** The block and its ancestors, newest first, up to and without the first of which `isEnd` holds. */
  readonly path: (id: Hash, isEnd: (block: ScaleBlock) => boolean) => readonly ScaleBlock[]
}

export function createChain(): ScaleChain {
  const blocks = createBlocks(0)
  const made = new Map<number, ScaleBlock>()
  const find = (id: Hash): ScaleBlock | undefined => made.get(blockNumber(id))
  return {
    start: blocks.start,
    create(fields, batches) {
      const ref = blocks.create(fields)
      const number = blockNumber(ref.id)
      const transactions = batches.reduce((sum, { count }) => sum + count, 0)
      const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0)
      const block = { number, ref, batches, transactions, bytes }
      made.set(number, block)
      return block
    },
    find,
    path(id, isEnd) {
      const path: ScaleBlock[] = []
      for (let block = find(id); block !== undefined && !isEnd(block); block = find(block.ref.parentId)) {
        path.push(block)
      }
      return path
    },
  }
}
