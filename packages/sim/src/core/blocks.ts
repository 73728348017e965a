import { asHash, type Hash } from '@banyan/base'
import type { BlockRef } from '@banyan/consensus'

/** A block with what only its payload shows. */
export type SimBlock = {
  readonly ref: BlockRef
  /** Whether execution accepts the payload. */
  readonly payloadValid: boolean
  /** Participants that its proposer does not give the payload to. */
  readonly withheldFrom: ReadonlySet<number>
}

/**
 * All blocks that anybody made. Ids are handed out here, one for each block, so that an id stands for all fields as a
 * hash would: nobody can show one id with two parents.
 */
export type Blocks = {
  readonly start: { readonly id: Hash; readonly height: number }
  readonly create: (
    fields: Omit<BlockRef, 'id'>,
    payload?: { readonly valid?: boolean; readonly withheldFrom?: ReadonlySet<number> },
  ) => BlockRef
  /** Nothing for the block that the epoch starts from, and for ids that stand for no block. */
  readonly find: (id: Hash) => SimBlock | undefined
  readonly at: (number: number) => SimBlock | undefined
}

const noOne: ReadonlySet<number> = new Set()

/** The number that an id stands for; block 0 is the one that the epoch starts from. */
export function blockNumber(id: Hash): number {
  return (id[0]! | (id[1]! << 8) | (id[2]! << 16) | (id[3]! << 24)) >>> 0
}

/** An id by its number: also of blocks that nobody has made. */
export function blockIdOf(number: number): Hash {
  const id = new Uint8Array(32).fill(0xb1)
  for (let i = 0; i < 4; i++) id[i] = number >>> (8 * i)
  return asHash(id)
}

export function createBlocks(startHeight: number): Blocks {
  const blocks: (SimBlock | undefined)[] = [undefined]
  return {
    start: { id: blockIdOf(0), height: startHeight },
    create(fields, { valid = true, withheldFrom = noOne } = {}) {
      const ref: BlockRef = { ...fields, id: blockIdOf(blocks.length) }
      blocks.push({ ref, payloadValid: valid, withheldFrom })
      return ref
    },
    find: (id) => blocks[blockNumber(id)],
    at: (number) => blocks[number],
  }
}
