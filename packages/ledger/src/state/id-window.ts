import { assert, copyId, createScratch, equalIds, fail } from '@banyan/base'
import { type CryptoProvider, listRoot } from '@banyan/crypto'
import { hashKey, lookupBatch, SlotTable } from './slot-table.js'
import { sortIdsInto } from './sort-ids.js'

/** Blocks within which an id is remembered, and within which a mark is valid. */
export const windowBlocks = 64

/** Largest number of transactions in one block: depth of the ids list and of the receipts list. */
export const maxBlockTransactionsDepth = 22

const ringSize = 128
const indexBits = maxBlockTransactionsDepth
const idWords = 8

const sortedScratch = createScratch()
const hashes = new Int32Array(lookupBatch)

type BlockIds = { height: number; ids: Uint32Array; count: number }

/**
 * The transaction ids of the last 64 blocks: what makes a replay decidable. Kept as one hash set over the id lists of
 * the blocks; blocks that left the window stay in the ring for as long as a rollback may bring them back.
 */
export class IdWindow {
  private readonly seedA: number
  private readonly seedB: number
  private readonly ring: BlockIds[] = []
  /** Pairs: hash of the id, then (ring place, index in block) plus one. */
  private readonly set = new SlotTable(1024, 'private')
  private height = 0

  constructor(seeds: Uint32Array) {
    this.seedA = seeds[0]!
    this.seedB = seeds[1]!
    for (let i = 0; i < ringSize; i++) this.ring.push({ height: -1, ids: new Uint32Array(0), count: 0 })
  }

  /** Opens the list of a new block; ids of the block 64 before it are forgotten. */
  begin(height: number): void {
    this.height = height
    const expired = this.blockAt(height - windowBlocks)
    if (expired !== undefined) this.forget(expired)
    const block = this.ring[height % ringSize]!
    block.height = height
    block.count = 0
  }

  /** Remembers the id at `ids[offset…]` as of the current block. False if it is remembered already. */
  add(ids: Uint32Array, offset: number): boolean {
    const hash = this.hash(ids, offset)
    if (this.hasHashed(hash, ids, offset)) return false
    this.addHashed(hash, ids, offset)
    return true
  }

  has(ids: Uint32Array, offset: number): boolean {
    return this.hasHashed(this.hash(ids, offset), ids, offset)
  }

  /**
   * Hashes of `count` ids, at most `lookupBatch`, for `hasHashed` and `addHashed`. Their places in the set are brought into
   * the cache together.
   */
  hashMany(ids: Uint32Array, offset: number, count: number, out: Int32Array): void {
    for (let i = 0; i < count; i++) out[i] = this.hash(ids, offset + i * idWords)
    this.set.preload(out, count)
  }

  /** `has` of an id whose hash is known. */
  hasHashed(hash: number, ids: Uint32Array, offset: number): boolean {
    const { slots, mask } = this.set
    let slot = hash & mask
    for (;;) {
      const value = slots[2 * slot + 1]!
      if (value === 0) return false
      if (slots[2 * slot] === hash && this.isId(value - 1, ids, offset)) return true
      slot = (slot + 1) & mask
    }
  }

  /** Remembers an id whose hash is known, and which is not remembered yet, as of the current block. */
  addHashed(hash: number, ids: Uint32Array, offset: number): void {
    const block = this.ring[this.height % ringSize]!
    if (block.count >= 2 ** indexBits) {
      fail('BlockTooLarge', { what: 'transactions', limit: 2 ** indexBits })
    }
    this.set.place(hash, this.referenceOf(this.height, block.count) + 1)
    appendId(block, ids, offset)
  }

  /** Makes room for `count` more ids in the current block. */
  reserve(count: number): void {
    const block = this.ring[this.height % ringSize]!
    const words = (block.count + count) * idWords
    if (words > block.ids.length) enlarge(block, words)
  }

  /** Forgets the newest block and remembers again the one that it had pushed out. */
  undo(): void {
    const newest = this.blockAt(this.height)
    assert(newest !== undefined, 'the newest block is in the id ring')
    this.forget(newest)
    newest.height = -1
    newest.count = 0
    const revived = this.blockAt(this.height - windowBlocks)
    if (revived !== undefined) this.remember(revived)
    this.height--
  }

  countOf(height: number): number {
    return this.blockAt(height)?.count ?? 0
  }

  /** Ids of a block in the order of inclusion, as words; empty if the block left the ring. */
  idsOf(height: number): Uint32Array {
    const block = this.blockAt(height)
    return block === undefined ? new Uint32Array(0) : block.ids.subarray(0, block.count * idWords)
  }

  /** List root of a block's ids in ascending byte order. */
  idsRoot(provider: CryptoProvider, height: number): Uint8Array {
    const ids = this.idsOf(height)
    const sorted = sortedScratch(ids.byteLength)
    sortIdsInto(ids, new Uint32Array(sorted.buffer, 0, ids.length))
    return listRoot(provider, sorted, maxBlockTransactionsDepth)
  }

  /** Bytes of memory held per window, for the memory report. */
  byteLength(): number {
    return this.ring.reduce((sum, block) => sum + block.ids.byteLength, this.set.slots.byteLength)
  }

  private blockAt(height: number): BlockIds | undefined {
    if (height < 0) return undefined
    const block = this.ring[height % ringSize]!
    return block.height === height ? block : undefined
  }

  /** Ids are hashes: three of their words are enough, once mixed with the seeds. */
  private hash(ids: Uint32Array, offset: number): number {
    return hashKey(ids, offset, 3, this.seedA, this.seedB)
  }

  private referenceOf(height: number, index: number): number {
    return (height % ringSize) * 2 ** indexBits + index
  }

  private isId(reference: number, ids: Uint32Array, offset: number): boolean {
    const block = this.ring[reference >>> indexBits]!
    const base = (reference & (2 ** indexBits - 1)) * idWords
    return equalIds(block.ids, base, ids, offset)
  }

  /** Takes the ids of a block out of the set. */
  private forget(block: BlockIds): void {
    for (let from = 0; from < block.count; from += lookupBatch) {
      const size = Math.min(lookupBatch, block.count - from)
      this.hashMany(block.ids, from * idWords, size, hashes)
      const first = this.referenceOf(block.height, from) + 1
      for (let i = 0; i < size; i++) this.set.erase(hashes[i]!, first + i)
    }
  }

  /** Puts the ids of a block into the set again. */
  private remember(block: BlockIds): void {
    for (let i = 0; i < block.count; i++) {
      this.set.place(this.hash(block.ids, i * idWords), this.referenceOf(block.height, i) + 1)
    }
  }
}

function appendId(block: BlockIds, ids: Uint32Array, offset: number): void {
  const base = block.count * idWords
  if (base === block.ids.length) enlarge(block, Math.max(64 * idWords, base * 2))
  copyId(ids, offset, block.ids, base)
  block.count++
}

function enlarge(block: BlockIds, words: number): void {
  const larger = new Uint32Array(words)
  larger.set(block.ids)
  block.ids = larger
}
