import { assert, copyId, equalIds, fail } from '@banyan/base'
import { type CryptoProvider, listRoot } from '@banyan/crypto'
import { hashKey, SlotTable } from './slot-table.js'

/** Blocks within which an id is remembered, and within which a mark is valid. */
export const windowBlocks = 64

/** Largest number of transactions in one block: depth of the ids list and of the receipts list. */
export const maxBlockTransactionsDepth = 22

const ringSize = 128
const indexBits = maxBlockTransactionsDepth
const idWords = 8

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
    if (expired !== undefined) this.forEach(expired, (hash, reference) => this.set.erase(hash, reference + 1))
    const block = this.ring[height % ringSize]!
    block.height = height
    block.count = 0
  }

  /** Remembers the id at `ids[offset…]` as of the current block. False if it is remembered already. */
  add(ids: Uint32Array, offset: number): boolean {
    const hash = this.hash(ids, offset)
    if (this.isRemembered(hash, ids, offset)) return false
    const block = this.ring[this.height % ringSize]!
    if (block.count >= 2 ** indexBits) {
      fail('BlockTooLarge', { what: 'transactions', limit: 2 ** indexBits })
    }
    this.set.place(hash, this.referenceOf(this.height, block.count) + 1)
    appendId(block, ids, offset)
    return true
  }

  has(ids: Uint32Array, offset: number): boolean {
    return this.isRemembered(this.hash(ids, offset), ids, offset)
  }

  /** Forgets the newest block and remembers again the one that it had pushed out. */
  undo(): void {
    const newest = this.blockAt(this.height)
    assert(newest !== undefined, 'the newest block is in the id ring')
    this.forEach(newest, (hash, reference) => this.set.erase(hash, reference + 1))
    newest.height = -1
    newest.count = 0
    const revived = this.blockAt(this.height - windowBlocks)
    if (revived !== undefined) this.forEach(revived, (hash, reference) => this.set.place(hash, reference + 1))
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
    const sorted = sortIds(this.idsOf(height))
    return listRoot(provider, new Uint8Array(sorted.buffer), maxBlockTransactionsDepth)
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

  private isRemembered(hash: number, ids: Uint32Array, offset: number): boolean {
    const { slots, mask } = this.set
    let slot = hash & mask
    for (;;) {
      const value = slots[2 * slot + 1]!
      if (value === 0) return false
      if (slots[2 * slot] === hash && this.isId(value - 1, ids, offset)) return true
      slot = (slot + 1) & mask
    }
  }

  private referenceOf(height: number, index: number): number {
    return (height % ringSize) * 2 ** indexBits + index
  }

  private isId(reference: number, ids: Uint32Array, offset: number): boolean {
    const block = this.ring[reference >>> indexBits]!
    const base = (reference & (2 ** indexBits - 1)) * idWords
    return equalIds(block.ids, base, ids, offset)
  }

  private forEach(block: BlockIds, visit: (hash: number, reference: number) => void): void {
    for (let i = 0; i < block.count; i++) {
      visit(this.hash(block.ids, i * idWords), this.referenceOf(block.height, i))
    }
  }
}

function appendId(block: BlockIds, ids: Uint32Array, offset: number): void {
  const base = block.count * idWords
  if (base === block.ids.length) {
    const larger = new Uint32Array(Math.max(64 * idWords, base * 2))
    larger.set(block.ids)
    block.ids = larger
  }
  copyId(ids, offset, block.ids, base)
  block.count++
}

/** A copy of the ids (8 words each) in ascending order of their bytes. */
export function sortIds(ids: Uint32Array): Uint32Array<ArrayBuffer> {
  const bytes = new DataView(ids.buffer, ids.byteOffset, ids.byteLength)
  const count = ids.length / idWords
  const order = orderByPrefix(bytes, count)
  for (let from = 0, to = 1; to <= count; to++) {
    if (to < count && bytes.getUint32(order[to]! * 32) === bytes.getUint32(order[from]! * 32)) continue
    if (to - from > 1) order.subarray(from, to).sort((a, b) => compareIds(bytes, a, b))
    from = to
  }
  const sorted = new Uint32Array(ids.length)
  for (let i = 0; i < count; i++) copyId(ids, order[i]! * idWords, sorted, i * idWords)
  return sorted
}

const radixBits = 11

/** Places of the ids in the order of their first four bytes: a radix sort, three digits of 11 bits, lowest first. */
function orderByPrefix(bytes: DataView, count: number): Uint32Array {
  const prefixes = new Uint32Array(count)
  let order = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    prefixes[i] = bytes.getUint32(i * 32)
    order[i] = i
  }
  let next = new Uint32Array(count)
  const starts = new Uint32Array(2 ** radixBits + 1)
  for (let shift = 0; shift < 32; shift += radixBits) {
    const mask = 2 ** radixBits - 1
    starts.fill(0)
    for (let i = 0; i < count; i++) starts[((prefixes[i]! >>> shift) & mask) + 1]!++
    for (let digit = 0; digit < mask; digit++) starts[digit + 1]! += starts[digit]!
    for (let i = 0; i < count; i++) next[starts[(prefixes[order[i]!]! >>> shift) & mask]!++] = order[i]!
    ;[order, next] = [next, order]
  }
  return order
}

function compareIds(bytes: DataView, a: number, b: number): number {
  for (let k = 0; k < 32; k += 4) {
    const difference = bytes.getUint32(a * 32 + k) - bytes.getUint32(b * 32 + k)
    if (difference !== 0) return difference
  }
  return 0
}
