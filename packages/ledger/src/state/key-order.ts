import type { Rows } from './rows.js'

const blockSize = 512
const bulkFill = 384

/**
 * Row numbers in the order of their keys (unsigned bytes), in sorted blocks of at most 512 entries below one sorted
 * list of blocks. An entry keeps the first four key bytes beside the row number, so that a search seldom touches rows.
 */
export class KeyOrder {
  private readonly rows: Rows
  private readonly keyWords: number
  /** Entry arrays, `blockSize` per block: first key bytes as a big-endian number, and row. */
  private prefixes = new Uint32Array(blockSize * 4)
  private entries = new Uint32Array(blockSize * 4)
  private counts = new Uint32Array(4)
  /** Block numbers in key order. */
  private blocks: number[] = []
  private readonly freeBlocks: number[] = []
  private allocated = 0

  constructor(rows: Rows, keyWords: number) {
    this.rows = rows
    this.keyWords = keyWords
  }

  /** Row with the greatest key that is less than the key of `row`. Row 0 holds the least key and is always present. */
  predecessor(row: number): number {
    const prefix = this.prefixOf(row)
    let at = this.blockFor(prefix, row)
    let position = this.positionIn(this.blocks[at]!, prefix, row)
    if (position === 0) {
      at--
      position = this.counts[this.blocks[at]!]!
    }
    return this.entries[this.blocks[at]! * blockSize + position - 1]!
  }

  insert(row: number): void {
    const prefix = this.prefixOf(row)
    if (this.blocks.length === 0) this.blocks.push(this.allocateBlock())
    let at = this.blockFor(prefix, row)
    if (this.counts[this.blocks[at]!] === blockSize) {
      this.split(at)
      at = this.blockFor(prefix, row)
    }
    const block = this.blocks[at]!
    const position = this.positionIn(block, prefix, row)
    const start = block * blockSize + position
    const end = block * blockSize + this.counts[block]!
    this.prefixes.copyWithin(start + 1, start, end)
    this.entries.copyWithin(start + 1, start, end)
    this.prefixes[start] = prefix
    this.entries[start] = row
    this.counts[block]!++
  }

  remove(row: number): void {
    const prefix = this.prefixOf(row)
    const at = this.blockFor(prefix, row)
    const block = this.blocks[at]!
    const start = block * blockSize + this.positionIn(block, prefix, row)
    const end = block * blockSize + this.counts[block]!
    this.prefixes.copyWithin(start, start + 1, end)
    this.entries.copyWithin(start, start + 1, end)
    this.counts[block]!--
    if (this.counts[block] === 0) {
      this.blocks.splice(at, 1)
      this.freeBlocks.push(block)
    }
  }

  /** Rebuilds the order of the given rows from scratch and returns them sorted. */
  rebuild(liveRows: Uint32Array): Uint32Array {
    const sorted = this.sort(liveRows)
    this.fill(sorted)
    return sorted
  }

  /** Replaces the order by rows that are in the order of their keys already. */
  fill(sorted: Uint32Array): void {
    this.blocks = []
    this.freeBlocks.length = 0
    this.allocated = 0
    for (let from = 0; from < sorted.length; from += bulkFill) {
      const block = this.allocateBlock()
      const count = Math.min(bulkFill, sorted.length - from)
      for (let i = 0; i < count; i++) {
        const row = sorted[from + i]!
        this.prefixes[block * blockSize + i] = this.prefixOf(row)
        this.entries[block * blockSize + i] = row
      }
      this.counts[block] = count
      this.blocks.push(block)
    }
  }

  /** Whether the key of `row` is less than that of `other`. */
  isAscending(row: number, other: number): boolean {
    return this.isBefore(this.prefixOf(row), row, this.prefixOf(other), other)
  }

  /** Bytes of memory in use. */
  byteLength(): number {
    return (
      this.prefixes.byteLength + this.entries.byteLength + this.counts.byteLength + 8 * this.blocks.length
    )
  }

  private prefixOf(row: number): number {
    return bigEndian(this.rows.words[row * this.rows.rowWords]!)
  }

  /** Whether the entry (prefix, row) sorts before the key of `otherRow`, whose prefix is given. */
  private isBefore(prefix: number, row: number, otherPrefix: number, otherRow: number): boolean {
    if (prefix !== otherPrefix) return prefix < otherPrefix
    const { words, rowWords } = this.rows
    const a = row * rowWords
    const b = otherRow * rowWords
    for (let k = 1; k < this.keyWords; k++) {
      if (words[a + k] !== words[b + k]) return bigEndian(words[a + k]!) < bigEndian(words[b + k]!)
    }
    return false
  }

  /** Index into `blocks` of the last block whose first key is not after the given key; 0 at least. */
  private blockFor(prefix: number, row: number): number {
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      const first = this.blocks[middle]! * blockSize
      if (this.isBefore(prefix, row, this.prefixes[first]!, this.entries[first]!)) high = middle - 1
      else low = middle
    }
    return low
  }

  /** Number of entries of a block that sort before the given key. */
  private positionIn(block: number, prefix: number, row: number): number {
    let low = 0
    let high = this.counts[block]!
    const base = block * blockSize
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.isBefore(this.prefixes[base + middle]!, this.entries[base + middle]!, prefix, row))
        low = middle + 1
      else high = middle
    }
    return low
  }

  private split(at: number): void {
    const block = this.blocks[at]!
    const upper = this.allocateBlock()
    const half = blockSize / 2
    const from = block * blockSize + half
    this.prefixes.copyWithin(upper * blockSize, from, from + half)
    this.entries.copyWithin(upper * blockSize, from, from + half)
    this.counts[block] = half
    this.counts[upper] = half
    this.blocks.splice(at + 1, 0, upper)
  }

  private allocateBlock(): number {
    const block = this.freeBlocks.pop() ?? this.allocated++
    if (block >= this.counts.length) {
      this.counts = doubled(this.counts)
      this.prefixes = doubled(this.prefixes)
      this.entries = doubled(this.entries)
    }
    this.counts[block] = 0
    return block
  }

  private sort(liveRows: Uint32Array): Uint32Array {
    const keyed = new BigUint64Array(liveRows.length)
    const halves = new Uint32Array(keyed.buffer)
    for (let i = 0; i < liveRows.length; i++) {
      halves[2 * i] = liveRows[i]!
      halves[2 * i + 1] = this.prefixOf(liveRows[i]!)
    }
    keyed.sort()
    const sorted = new Uint32Array(liveRows.length)
    for (let i = 0; i < sorted.length; i++) sorted[i] = halves[2 * i]!
    for (let from = 0, to = 1; to <= sorted.length; to++) {
      if (to < sorted.length && halves[2 * to + 1] === halves[2 * from + 1]) continue
      if (to - from > 1) this.sortEqualPrefixes(sorted.subarray(from, to), halves[2 * from + 1]!)
      from = to
    }
    return sorted
  }

  private sortEqualPrefixes(run: Uint32Array, prefix: number): void {
    run.sort((a, b) => (a === b ? 0 : this.isBefore(prefix, a, prefix, b) ? -1 : 1))
  }
}

function bigEndian(word: number): number {
  return ((word << 24) | ((word << 8) & 0x00ff0000) | ((word >>> 8) & 0x0000ff00) | (word >>> 24)) >>> 0
}

function doubled(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(words.length * 2)
  out.set(words)
  return out
}
