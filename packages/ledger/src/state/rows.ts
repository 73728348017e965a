import { assert, copy64, wide } from '@banyan/base'
import { ImageIndex } from './image-index.js'
import { allocateWords, bytesOf, type Memory } from './memory.js'
import { copyWords } from './u128.js'

export type RowsOptions = {
  readonly name: string
  /** Bytes of a row: a power of two, at least 64. */
  readonly rowBytes: number
  /** Rows to make room for at the start; the operating system backs only pages that are written. */
  readonly capacity: number
  /** Most rows; whoever makes rows looks for room first. */
  readonly maxRows: number
  readonly memory: Memory
}

/** First images of the rows that one block touched, to undo the block. */
export type UndoFrame = {
  length: number
  freeHead: number
  count: number
  rows: Uint32Array
  images: Uint32Array
  wideImages: BigUint64Array
  readonly index: ImageIndex
  /** Rows that the block freed, perhaps to use them again. */
  readonly freed: number[]
}

/**
 * Fixed-size rows in one flat array, with a bitmap of the rows touched since the last commitment and, per block that
 * is not final, the images of touched rows before the block.
 */
export class Rows {
  readonly name: string
  readonly rowBytes: number
  readonly rowWords: number
  readonly maxRows: number
  readonly memory: Memory
  words: Uint32Array
  bytes: Uint8Array
  /** The same memory in units of eight bytes. */
  wide: BigUint64Array
  /** Rows in use, freed ones included: row numbers below this are valid. */
  length = 0
  /** First freed row, 0 if there is none (row 0 is never freed). */
  freeHead = 0
  capacity: number
  dirty: Uint32Array
  readonly frames: UndoFrame[] = []
  private readonly spareFrames: UndoFrame[] = []

  constructor(options: RowsOptions) {
    this.name = options.name
    this.rowBytes = options.rowBytes
    this.rowWords = options.rowBytes / 4
    this.maxRows = options.maxRows
    this.memory = options.memory
    this.capacity = Math.max(32, 2 ** Math.ceil(Math.log2(options.capacity)))
    this.words = allocateWords(options.memory, this.capacity * this.rowWords)
    this.bytes = bytesOf(this.words)
    this.wide = wide(this.words)
    this.dirty = new Uint32Array(this.capacity / 32)
  }

  /** Number of a new all-zero row at the end. It counts as touched. The caller has looked for room. */
  append(): number {
    assert(this.length < this.maxRows, `the table ${this.name} has room for a row`)
    if (this.length === this.capacity) this.grow()
    const row = this.length++
    this.dirty[row >>> 5]! |= 1 << (row & 31)
    return row
  }

  /** Must be called before a row is changed for the first time in a block; cheap when repeated. */
  touch(row: number): void {
    const word = row >>> 5
    const bit = 1 << (row & 31)
    const bits = this.dirty[word]!
    if ((bits & bit) !== 0) return
    this.dirty[word] = bits | bit
    if (this.frames.length > 0) this.saveImage(row)
  }

  /** Must be called when a row is freed. */
  noteFreed(row: number): void {
    this.frames.at(-1)?.freed.push(row)
  }

  /** Starts recording images for a new block. All earlier changes must have been committed. */
  beginFrame(): void {
    const frame = this.spareFrames.pop() ?? this.newFrame()
    frame.length = this.length
    frame.freeHead = this.freeHead
    frame.count = 0
    frame.index.clear()
    frame.freed.length = 0
    this.frames.push(frame)
  }

  /** Forgets the oldest frame: its block is final. */
  dropOldestFrame(): void {
    const frame = this.frames.shift()
    if (frame !== undefined) this.spareFrames.push(frame)
  }

  /** Restores the rows as they were when the newest frame began; every restored row counts as touched. */
  undoFrame(): void {
    const frame = this.frames.pop()
    assert(frame !== undefined, 'an undo frame exists')
    this.words.fill(0, frame.length * this.rowWords, this.length * this.rowWords)
    for (let row = frame.length; row < this.length; row++) this.dirty[row >>> 5]! |= 1 << (row & 31)
    this.length = frame.length
    this.freeHead = frame.freeHead
    for (let i = 0; i < frame.count; i++) {
      const row = frame.rows[i]!
      const image = frame.images.subarray(i * this.rowWords, (i + 1) * this.rowWords)
      this.words.set(image, row * this.rowWords)
      this.dirty[row >>> 5]! |= 1 << (row & 31)
    }
    this.spareFrames.push(frame)
  }

  /** Bytes that the images of all frames use. */
  undoBytes(): number {
    return this.frames.reduce((sum, frame) => sum + frame.count * (this.rowBytes + 4), 0)
  }

  /** Appends rows from their bytes; they count as touched. The caller has checked their number. */
  load(bytes: Uint8Array): void {
    const from = this.length
    const to = from + bytes.length / this.rowBytes
    this.reserve(to)
    this.length = to
    this.bytes.set(bytes, from * this.rowBytes)
    for (let row = from; row < to; row++) this.dirty[row >>> 5]! |= 1 << (row & 31)
  }

  /** Number of rows before the oldest block that can be undone. */
  get finalLength(): number {
    return this.frames[0]?.length ?? this.length
  }

  /** A copy of a row as it was before the oldest block that can be undone. */
  finalRow(row: number): Uint32Array {
    const copy = new Uint32Array(this.rowWords)
    this.copyFinal(row, copy)
    return copy
  }

  /** Copies a row as it was before the oldest block that can be undone. */
  copyFinal(row: number, into: Uint32Array): void {
    const { rowWords } = this
    for (const { index, rows, count, images } of this.frames) {
      const place = index.find(rows, count, row)
      if (place >= 0) {
        copyWords(images, place * rowWords, into, 0, rowWords)
        return
      }
    }
    copyWords(this.words, row * rowWords, into, 0, rowWords)
  }

  /** A copy of the rows [from, to) as they were before the oldest block that can be undone. */
  finalBytes(from: number, to: number): Uint8Array {
    const bytes = this.bytes.slice(from * this.rowBytes, to * this.rowBytes)
    const words = new Uint32Array(bytes.buffer)
    // A row may have an image in several frames: the oldest is written last.
    for (const frame of this.frames.toReversed()) {
      for (let i = 0; i < frame.count; i++) {
        const row = frame.rows[i]!
        if (row < from || row >= to) continue
        words.set(
          frame.images.subarray(i * this.rowWords, (i + 1) * this.rowWords),
          (row - from) * this.rowWords,
        )
      }
    }
    return bytes
  }

  private saveImage(row: number): void {
    const frame = this.frames[this.frames.length - 1]!
    if (row >= frame.length) return
    if (frame.count === frame.rows.length) enlarge(frame)
    const wideRow = this.rowWords / 2
    const from = row * wideRow
    const to = frame.count * wideRow
    for (let k = 0; k < wideRow; k += 8) copy64(this.wide, from + k, frame.wideImages, to + k)
    frame.rows[frame.count++] = row
  }

  private newFrame(): UndoFrame {
    const images = new Uint32Array(64 * this.rowWords)
    return {
      length: 0,
      freeHead: 0,
      count: 0,
      rows: new Uint32Array(64),
      images,
      wideImages: wide(images),
      index: new ImageIndex(),
      freed: [],
    }
  }

  private grow(): void {
    this.reserve(this.capacity * 2)
  }

  /** Makes room for at least `rows` rows. */
  reserve(rows: number): void {
    if (rows <= this.capacity) return
    this.capacity = 2 ** Math.ceil(Math.log2(rows))
    const words = allocateWords(this.memory, this.capacity * this.rowWords)
    words.set(this.words.subarray(0, this.length * this.rowWords))
    this.words = words
    this.bytes = bytesOf(words)
    this.wide = wide(words)
    const dirty = new Uint32Array(this.capacity / 32)
    dirty.set(this.dirty)
    this.dirty = dirty
  }
}

function enlarge(frame: UndoFrame): void {
  const rows = new Uint32Array(frame.rows.length * 2)
  rows.set(frame.rows)
  frame.rows = rows
  const images = new Uint32Array(frame.images.length * 2)
  images.set(frame.images)
  frame.images = images
  frame.wideImages = wide(images)
}
