import { assert } from '@banyan/base'
import { findRow, KeyIndex } from './key-index.js'
import { KeyOrder } from './key-order.js'
import { Rows, type RowsOptions } from './rows.js'
import { lookupBatch } from './slot-table.js'

/** Hashes of the keys that are looked up together, and the hashes in their first slots. */
const hashes = new Int32Array(lookupBatch)
const found = new Int32Array(lookupBatch)

export type KeyedTableOptions = RowsOptions & {
  /** Length of the key at the start of a row, in words. */
  readonly keyWords: number
  /** Word of a row that holds the number of the row with the next greater key. */
  readonly nextWord: number
  readonly seeds: Uint32Array
  /** Rows below the bound that `room` does not count: they are kept for a purpose of the owner's. */
  readonly kept: number
}

/**
 * Rows with unique keys: a hash index to find them, and a ring through all of them in key order that proves absence.
 * Row 0 has the all-zero key and always exists. A freed row is all zero but for its link to the next freed row.
 */
export class KeyedTable {
  readonly rows: Rows
  readonly index: KeyIndex
  readonly keyWords: number
  readonly nextWord: number
  private readonly kept: number
  private readonly order: KeyOrder

  constructor(options: KeyedTableOptions) {
    this.rows = new Rows(options)
    this.index = new KeyIndex(options.keyWords, options.capacity, options.seeds, options.memory)
    this.order = new KeyOrder(this.rows, options.keyWords)
    this.keyWords = options.keyWords
    this.nextWord = options.nextWord
    this.kept = options.kept
    this.rows.append()
    this.addToDirectory(0)
  }

  /** Number of rows that can still be made, freed ones included and kept ones not. */
  room(): number {
    return Math.max(0, this.rows.maxRows - this.kept - this.index.table.count)
  }

  /** Row with the key at `key[offset…]`, -1 if there is none. */
  find(key: Uint32Array, offset: number): number {
    return this.index.find(this.rows.words, this.rows.rowWords, key, offset)
  }

  /**
   * Looks up `count` keys, at most `lookupBatch`, the i-th at word `i × stride + offset`, and writes their rows (-1: absent)
   * to `out`. Each step does one thing for all keys, so that the accesses to memory of a batch overlap.
   */
  findMany(keys: Uint32Array, stride: number, offset: number, count: number, out: Int32Array): void {
    assert(count <= lookupBatch, 'keys are looked up in batches')
    const { slots, mask } = this.index.table
    const { words, rowWords } = this.rows
    for (let i = 0; i < count; i++) hashes[i] = this.index.hash(keys, i * stride + offset)
    for (let i = 0; i < count; i++) {
      const slot = 2 * (hashes[i]! & mask)
      found[i] = slots[slot]!
      out[i] = slots[slot + 1]! - 1
    }
    for (let i = 0; i < count; i++) {
      if (found[i] !== hashes[i]) out[i] = this.index.candidate(hashes[i]!)
    }
    // Only to have the rows in the cache when they are compared, and soon after changed.
    for (let i = 0; i < count; i++) found[i] = words[Math.max(out[i]!, 0) * rowWords]!
    for (let i = 0; i < count; i++) {
      const at = i * stride + offset
      const row = out[i]!
      if (row < 0 || this.keyEquals(words, row * rowWords, keys, at)) continue
      out[i] = findRow(slots, words, rowWords, this.keyWords, keys, at, hashes[i]!)
    }
  }

  /** Adds a row for a key that is absent; all its other fields are zero. Returns its number. The caller has looked for room. */
  insert(key: Uint32Array, offset: number): number {
    const { rows, nextWord } = this
    const row = rows.freeHead !== 0 ? this.takeFreed() : rows.append()
    const base = row * rows.rowWords
    for (let k = 0; k < this.keyWords; k++) rows.words[base + k] = key[offset + k]!
    const before = this.order.predecessor(row)
    rows.touch(before)
    const linkBefore = before * rows.rowWords + nextWord
    rows.words[base + nextWord] = rows.words[linkBefore]!
    rows.words[linkBefore] = row
    this.addToDirectory(row)
    return row
  }

  /** Frees a row other than row 0. */
  remove(row: number): void {
    const { rows, nextWord } = this
    this.takeFromDirectory(row)
    const before = this.order.predecessor(row)
    rows.touch(before)
    rows.touch(row)
    const base = row * rows.rowWords
    rows.words[before * rows.rowWords + nextWord] = rows.words[base + nextWord]!
    rows.words.fill(0, base, base + rows.rowWords)
    rows.words[base + nextWord] = rows.freeHead
    rows.freeHead = row
    rows.noteFreed(row)
  }

  /**
   * Takes back the newest insertion, as if it had never been: the row number is given out again. `appended` says
   * whether the insertion made the table longer.
   */
  takeBack(row: number, appended: boolean): void {
    this.remove(row)
    if (!appended) return
    const { rows } = this
    const base = row * rows.rowWords
    rows.freeHead = rows.words[base + this.nextWord]!
    rows.words.fill(0, base, base + rows.rowWords)
    rows.length--
  }

  /** Row with the greatest key below the given absent key. */
  below(key: Uint32Array): number {
    const { rows } = this
    const probe = rows.length
    rows.reserve(probe + 1)
    const base = probe * rows.rowWords
    for (let k = 0; k < this.keyWords; k++) rows.words[base + k] = key[k]!
    const row = this.order.predecessor(probe)
    rows.words.fill(0, base, base + rows.rowWords)
    return row
  }

  isLive(row: number): boolean {
    return row === 0 || !this.isBlankKey(row)
  }

  /** Restores the table as it was before the newest undo frame. */
  undoFrame(): void {
    const { rows } = this
    const frame = rows.frames[rows.frames.length - 1]!
    const changed: number[] = []
    for (let row = frame.length; row < rows.length; row++) if (this.isLive(row)) this.takeFromDirectory(row)
    for (let i = 0; i < frame.count; i++) {
      const row = frame.rows[i]!
      if (this.keyEquals(rows.words, row * rows.rowWords, frame.images, i * rows.rowWords)) continue
      changed.push(row)
      if (this.isLive(row)) this.takeFromDirectory(row)
    }
    rows.undoFrame()
    for (const row of changed) if (this.isLive(row)) this.addToDirectory(row)
  }

  /** Builds index, order and ring from the keys of all live rows, for tables filled in bulk. */
  rebuildDirectory(): void {
    const { rows } = this
    const live = new Uint32Array(rows.length)
    let count = 0
    this.index.table.clear(rows.length)
    for (let row = 0; row < rows.length; row++) {
      if (!this.isLive(row)) continue
      live[count++] = row
      this.index.insert(this.index.hash(rows.words, row * rows.rowWords), row)
    }
    const sorted = this.order.rebuild(live.subarray(0, count))
    for (let i = 0; i < count; i++) {
      rows.words[sorted[i]! * rows.rowWords + this.nextWord] = sorted[(i + 1) % count]!
    }
  }

  /**
   * Builds index and order of rows that were loaded with their links, which are left as they are. False unless the
   * links form the ring of all live rows, and from `freeHead` on the list of all others.
   */
  loadDirectory(freeHead: number): boolean {
    const { rows } = this
    const sorted = new Uint32Array(rows.length)
    let count = 0
    // Ascending keys: the walk cannot come to a row twice.
    for (let row = 0, next = -1; next !== 0; row = next) {
      sorted[count++] = row
      next = this.linkOf(row)
      if (next >= rows.length || (next !== 0 && !this.order.isAscending(row, next))) return false
    }
    let freed = 0
    for (let row = freeHead; row !== 0; row = this.linkOf(row)) {
      if (row >= rows.length || !this.isBlank(row) || ++freed > rows.length - count) return false
    }
    if (count + freed !== rows.length || !this.isBlankKey(0)) return false
    rows.freeHead = freeHead
    this.index.table.clear(rows.length)
    for (let row = 0; row < rows.length; row++) {
      if (this.isLive(row)) this.index.insert(this.index.hash(rows.words, row * rows.rowWords), row)
    }
    this.order.fill(sorted.subarray(0, count))
    return true
  }

  /** Bytes of memory of the directory. */
  directoryBytes(): number {
    return this.index.table.slots.byteLength + this.order.byteLength()
  }

  private takeFreed(): number {
    const { rows } = this
    const row = rows.freeHead
    rows.touch(row)
    const link = row * rows.rowWords + this.nextWord
    rows.freeHead = rows.words[link]!
    rows.words[link] = 0
    return row
  }

  private linkOf(row: number): number {
    return this.rows.words[row * this.rows.rowWords + this.nextWord]!
  }

  private isBlankKey(row: number): boolean {
    const base = row * this.rows.rowWords
    for (let k = 0; k < this.keyWords; k++) if (this.rows.words[base + k] !== 0) return false
    return true
  }

  /** Whether a row is all zero but for its link. */
  private isBlank(row: number): boolean {
    const { words, rowWords } = this.rows
    const base = row * rowWords
    for (let k = 0; k < rowWords; k++) if (k !== this.nextWord && words[base + k] !== 0) return false
    return true
  }

  private keyEquals(words: Uint32Array, base: number, key: Uint32Array, offset: number): boolean {
    for (let k = 0; k < this.keyWords; k++) if (words[base + k] !== key[offset + k]) return false
    return true
  }

  private addToDirectory(row: number): void {
    this.index.insert(this.index.hash(this.rows.words, row * this.rows.rowWords), row)
    this.order.insert(row)
  }

  private takeFromDirectory(row: number): void {
    this.index.remove(this.index.hash(this.rows.words, row * this.rows.rowWords), row)
    this.order.remove(row)
  }
}
