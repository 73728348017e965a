import { copy32, copy64, wide } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { allocateWords, bytesOf } from './memory.js'
import type { Rows } from './rows.js'

/** Depth of every row table: lists of at most 2^32 rows. */
const tableDepth = 32

/** Nodes hashed by one call: enough to hide its cost, few enough to stay in the fast caches. */
const batchNodes = 1024

/** Levels that a batch of rows climbs before the next batch: while its nodes are still in the cache. */
const climb = 6

/**
 * Dense Merkle tree over the rows of a table, kept incrementally. Level 0 holds one 32-byte root per row; level d + 1
 * holds H(left ‖ right) of level d. Levels end at the capacity of the rows; above it, and right of the last row, the
 * roots of empty subtrees stand in.
 */
export class RowTree {
  private readonly rows: Rows
  private readonly provider: CryptoProvider
  private readonly zeroNodes: readonly Uint8Array[]
  private levels: Uint8Array[] = []
  private wideLevels: BigUint64Array[] = []
  private readonly rowScratch: Uint8Array
  private readonly wideRowScratch: BigUint64Array
  private readonly pairs = new Uint8Array(batchNodes * 64)
  private readonly widePairs = wide(this.pairs)
  private readonly hashes = new Uint8Array(batchNodes * 32)
  private readonly wideHashes = wide(this.hashes)
  private touched = new Uint32Array(1024)
  /** Nodes of the batch that is climbing. */
  private readonly nodes = new Uint32Array(batchNodes)
  /** Root of the rows at the last commitment, before the length is mixed in. */
  private top: Uint8Array

  constructor(rows: Rows, provider: CryptoProvider, zeroNodes: readonly Uint8Array[]) {
    this.rows = rows
    this.provider = provider
    this.zeroNodes = zeroNodes
    this.rowScratch = new Uint8Array(batchNodes * rows.rowBytes)
    this.wideRowScratch = wide(this.rowScratch)
    this.top = zeroNodes[tableDepth]!
  }

  /** Hashes all touched rows up to the root and clears the marks. Returns the list root, length mixed in. */
  commit(): Uint8Array {
    this.fitLevels()
    const count = this.collectTouched()
    if (count > 0) {
      this.padLevels()
      if (count * 2 > this.rows.length) this.hashAll()
      else this.hashPaths(count)
      this.top = this.extendTop()
    }
    return this.root()
  }

  /** List root as of the last commitment. */
  root(): Uint8Array {
    const pair = new Uint8Array(64)
    pair.set(this.top)
    new DataView(pair.buffer).setUint32(32, this.rows.length, true)
    const out = new Uint8Array(32)
    this.provider.hashPairs(pair, out)
    return out
  }

  /** The 32 siblings on the way from a row to the root, lowest first, as of the last commitment. */
  branch(row: number): Uint8Array[] {
    const siblings: Uint8Array[] = []
    let node = row
    for (let depth = 0; depth < tableDepth; depth++) {
      const level = this.levels[depth]
      const sibling = node ^ 1
      const used = Math.ceil(this.rows.length / 2 ** depth)
      siblings.push(
        level === undefined || sibling >= used
          ? this.zeroNodes[depth]!
          : level.slice(sibling * 32, sibling * 32 + 32),
      )
      node >>>= 1
    }
    return siblings
  }

  /** Bytes of memory held by the levels. */
  byteLength(): number {
    return this.levels.reduce((sum, level) => sum + level.byteLength, 0)
  }

  private fitLevels(): void {
    if (this.levels[0]?.length === this.rows.capacity * 32) return
    const old = this.levels
    this.levels = []
    this.wideLevels = []
    for (let size = this.rows.capacity; size >= 1; size /= 2) {
      const level = bytesOf(allocateWords(this.rows.memory, size * 8))
      const previous = old[this.levels.length]
      if (previous !== undefined) level.set(previous)
      this.levels.push(level)
      this.wideLevels.push(wide(level))
    }
    // A taller tree has new nodes above the old top; row 0 lies below all of them.
    if (old.length > 0) this.rows.dirty[0]! |= 1
  }

  /**
   * Touched row numbers in ascending order, into `touched`; clears the bitmap. Rows beyond the length were taken back:
   * the last row stands in for them, as the nodes that change without them are above it.
   */
  private collectTouched(): number {
    const { dirty, length } = this.rows
    let count = 0
    for (let word = 0; word < dirty.length; word++) {
      let bits = dirty[word]!
      if (bits === 0) continue
      dirty[word] = 0
      if (count + 32 > this.touched.length) {
        const larger = new Uint32Array(this.touched.length * 2)
        larger.set(this.touched)
        this.touched = larger
      }
      while (bits !== 0) {
        this.touched[count++] = word * 32 + 31 - Math.clz32(bits & -bits)
        bits &= bits - 1
      }
    }
    const all = count
    while (count > 0 && this.touched[count - 1]! >= length) count--
    if (count < all && this.touched[count - 1] !== length - 1) this.touched[count++] = length - 1
    return count
  }

  /** Where a level has an odd number of used nodes, the next node must be the root of an empty subtree. */
  private padLevels(): void {
    let used = this.rows.length
    for (let depth = 0; depth < this.levels.length; depth++) {
      if (used % 2 === 1 && used * 32 < this.levels[depth]!.length) {
        this.levels[depth]!.set(this.zeroNodes[depth]!, used * 32)
      }
      used = Math.ceil(used / 2)
    }
  }

  /** Hashes every row and every level, without gathering. */
  private hashAll(): void {
    const { length, bytes, rowBytes } = this.rows
    const leaves = this.levels[0]!
    for (let from = 0; from < length; from += batchNodes) {
      const size = Math.min(batchNodes, length - from)
      this.rowScratch.set(bytes.subarray(from * rowBytes, (from + size) * rowBytes))
      this.hashScratchRows(size)
      leaves.set(this.rowScratch.subarray(0, size * 32), from * 32)
    }
    for (let depth = 1; depth < this.levels.length; depth++) {
      const nodes = Math.ceil(length / 2 ** depth)
      for (let from = 0; from < nodes; from += batchNodes) {
        const to = Math.min(nodes, from + batchNodes)
        this.provider.hashPairs(
          this.levels[depth - 1]!.subarray(from * 64, to * 64),
          this.levels[depth]!.subarray(from * 32, to * 32),
        )
      }
    }
  }

  /**
   * Hashes the paths from the touched rows to the top. Batches of neighbouring rows climb a few levels at a time; a
   * parent that two batches share is hashed by both, the second time with both children.
   */
  private hashPaths(count: number): void {
    const { touched, nodes } = this
    const height = Math.min(climb, this.levels.length - 1)
    let reached = 0
    for (let from = 0; from < count; from += batchNodes) {
      let size = Math.min(batchNodes, count - from)
      for (let i = 0; i < size; i++) nodes[i] = touched[from + i]!
      this.hashRows(size)
      for (let depth = 1; depth <= height; depth++) {
        size = parentsOf(nodes, size)
        this.hashNodes(depth, nodes, 0, size)
      }
      for (let i = 0; i < size; i++) {
        if (reached === 0 || touched[reached - 1] !== nodes[i]) touched[reached++] = nodes[i]!
      }
    }
    for (let depth = height + 1; depth < this.levels.length; depth++) {
      reached = parentsOf(touched, reached)
      for (let from = 0; from < reached; from += batchNodes) {
        this.hashNodes(depth, touched, from, Math.min(batchNodes, reached - from))
      }
    }
  }

  /** Hashes the rows listed in `nodes` into their leaves. */
  private hashRows(size: number): void {
    const { wide: rows } = this.rows
    const wideRow = this.rows.rowWords / 2
    const leaves = this.wideLevels[0]!
    const { nodes, wideRowScratch } = this
    for (let i = 0; i < size; i++) {
      const base = nodes[i]! * wideRow
      for (let k = 0; k < wideRow; k += 8) copy64(rows, base + k, wideRowScratch, i * wideRow + k)
    }
    this.hashScratchRows(size)
    for (let i = 0; i < size; i++) copy32(wideRowScratch, i * 4, leaves, nodes[i]! * 4)
  }

  /** Reduces `size` gathered rows to one 32-byte root each, in place at the front of the scratch. */
  private hashScratchRows(size: number): void {
    for (let bytes = size * this.rows.rowBytes; bytes > size * 32; bytes /= 2) {
      this.provider.hashPairs(this.rowScratch.subarray(0, bytes), this.rowScratch.subarray(0, bytes / 2))
    }
  }

  /** Hashes `size` nodes of a level, listed from `from`, from their children. */
  private hashNodes(depth: number, list: Uint32Array, from: number, size: number): void {
    const below = this.wideLevels[depth - 1]!
    const level = this.wideLevels[depth]!
    const { widePairs, wideHashes } = this
    for (let i = 0; i < size; i++) copy64(below, list[from + i]! * 8, widePairs, i * 8)
    this.provider.hashPairs(this.pairs.subarray(0, size * 64), this.hashes.subarray(0, size * 32))
    for (let i = 0; i < size; i++) copy32(wideHashes, i * 4, level, list[from + i]! * 4)
  }

  /** Root at the full depth of 2^32 rows. */
  private extendTop(): Uint8Array {
    let node = this.levels[this.levels.length - 1]!.slice(0, 32)
    for (let depth = this.levels.length - 1; depth < tableDepth; depth++) {
      const pair = new Uint8Array(64)
      pair.set(node)
      pair.set(this.zeroNodes[depth]!, 32)
      node = new Uint8Array(32)
      this.provider.hashPairs(pair, node)
    }
    return node
  }
}

/** Replaces ascending node numbers by their distinct parents; returns how many there are. */
function parentsOf(nodes: Uint32Array, count: number): number {
  let parents = 0
  let last = -1
  for (let i = 0; i < count; i++) {
    const parent = nodes[i]! >>> 1
    if (parent === last) continue
    nodes[parents++] = parent
    last = parent
  }
  return parents
}
