import type { CryptoProvider } from '@banyan/crypto'
import { copy32, copy64, wide } from './copy.js'
import type { Rows } from './rows.js'

/** Depth of every row table: lists of at most 2^32 rows. */
export const tableDepth = 32

const batchPairs = 1024

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
  private readonly pairs = new Uint8Array(batchPairs * 64)
  private readonly widePairs = wide(this.pairs)
  private readonly hashes = new Uint8Array(batchPairs * 32)
  private readonly wideHashes = wide(this.hashes)
  private touched = new Uint32Array(1024)
  /** Root of the rows at the last commitment, before the length is mixed in. */
  private top: Uint8Array

  constructor(rows: Rows, provider: CryptoProvider, zeroNodes: readonly Uint8Array[]) {
    this.rows = rows
    this.provider = provider
    this.zeroNodes = zeroNodes
    this.rowScratch = new Uint8Array(batchPairs * rows.rowBytes)
    this.wideRowScratch = wide(this.rowScratch)
    this.top = zeroNodes[tableDepth]!
  }

  /** Hashes all touched rows up to the root and clears the marks. Returns the list root, length mixed in. */
  commit(): Uint8Array {
    this.fitLevels()
    const count = this.collectTouched()
    if (count > 0) {
      this.padLevels()
      this.hashRows(count)
      this.hashLevels(count)
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
      const level = new Uint8Array(size * 32)
      const previous = old[this.levels.length]
      if (previous !== undefined) level.set(previous)
      this.levels.push(level)
      this.wideLevels.push(wide(level))
    }
    // A taller tree has new nodes above the old top; row 0 lies below all of them.
    if (old.length > 0) this.rows.dirty[0]! |= 1
  }

  /** Touched row numbers in ascending order, into `touched`; clears the bitmap. */
  private collectTouched(): number {
    const { dirty, rows } = { dirty: this.rows.dirty, rows: this.rows }
    const words = Math.min(dirty.length, Math.ceil(rows.capacity / 32))
    let count = 0
    for (let word = 0; word < words; word++) {
      let bits = dirty[word]!
      if (bits === 0) continue
      dirty[word] = 0
      if (count + 32 > this.touched.length) {
        const larger = new Uint32Array(this.touched.length * 2)
        larger.set(this.touched)
        this.touched = larger
      }
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits)
        this.touched[count++] = word * 32 + bit
        bits &= bits - 1
      }
    }
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

  private hashRows(count: number): void {
    const { wide: rows, length } = this.rows
    const wideRow = this.rows.rowWords / 2
    const leaves = this.wideLevels[0]!
    const { touched, wideRowScratch } = this
    for (let from = 0; from < count; from += batchPairs) {
      const size = Math.min(batchPairs, count - from)
      for (let i = 0; i < size; i++) {
        const base = touched[from + i]! * wideRow
        for (let k = 0; k < wideRow; k += 8) copy64(rows, base + k, wideRowScratch, i * wideRow + k)
      }
      this.hashScratchRows(size)
      for (let i = 0; i < size; i++) {
        const row = touched[from + i]!
        if (row < length) copy32(wideRowScratch, i * 4, leaves, row * 4)
        else leaves.fill(0n, row * 4, row * 4 + 4)
      }
    }
  }

  /** Reduces `size` gathered rows to one 32-byte root each, in place at the front of the scratch. */
  private hashScratchRows(size: number): void {
    for (let bytes = size * this.rows.rowBytes; bytes > size * 32; bytes /= 2) {
      this.provider.hashPairs(this.rowScratch.subarray(0, bytes), this.rowScratch.subarray(0, bytes / 2))
    }
  }

  private hashLevels(touchedCount: number): void {
    let count = touchedCount
    for (let depth = 1; depth < this.levels.length; depth++) {
      count = this.parentsOf(count)
      const used = Math.ceil(this.rows.length / 2 ** depth)
      if (count * 2 > used) this.hashWholeLevel(depth, used)
      else this.hashTouchedNodes(depth, count)
    }
  }

  /** Replaces the touched nodes by their distinct parents. */
  private parentsOf(count: number): number {
    const touched = this.touched
    let parents = 0
    let last = -1
    for (let i = 0; i < count; i++) {
      const parent = touched[i]! >>> 1
      if (parent === last) continue
      touched[parents++] = parent
      last = parent
    }
    return parents
  }

  private hashWholeLevel(depth: number, used: number): void {
    const below = this.levels[depth - 1]!
    const level = this.levels[depth]!
    const bytesAtOnce = batchPairs * 32
    for (let from = 0; from < used * 32; from += bytesAtOnce) {
      const to = Math.min(used * 32, from + bytesAtOnce)
      this.provider.hashPairs(below.subarray(from * 2, to * 2), level.subarray(from, to))
    }
  }

  private hashTouchedNodes(depth: number, count: number): void {
    const below = this.wideLevels[depth - 1]!
    const level = this.wideLevels[depth]!
    const { touched, widePairs, wideHashes } = this
    for (let from = 0; from < count; from += batchPairs) {
      const size = Math.min(batchPairs, count - from)
      for (let i = 0; i < size; i++) copy64(below, touched[from + i]! * 8, widePairs, i * 8)
      this.provider.hashPairs(this.pairs.subarray(0, size * 64), this.hashes.subarray(0, size * 32))
      for (let i = 0; i < size; i++) copy32(wideHashes, i * 4, level, touched[from + i]! * 4)
    }
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
