import { bucketCount, type Term } from './terms.js'

/** Words of an entry: its mark, its place, and the entry before it in its bucket. */
const stride = 3
const none = -1

/** Entries of the newest blocks, in memory: chains by bucket, newest first. Readers may hold one that is no longer filled. */
export class OpenSection {
  readonly section: number
  /** Its first transaction. */
  readonly ordinal: number
  count = 0
  /** Newest entry of each bucket: the offset of its words. */
  readonly newest: Int32Array = new Int32Array(bucketCount).fill(none)
  /** All words of an entry stand together: following a chain is bound by the cache. */
  entries: Int32Array = new Int32Array(stride * 1024)

  constructor(section: number, ordinal: number) {
    this.section = section
    this.ordinal = ordinal
  }

  /** Adds entries of three words: bucket, mark and place. */
  addAll(words: Uint32Array): void {
    this.reserve(this.count * stride + words.length)
    const { entries, newest } = this
    for (let i = 0; i < words.length; i += 3) {
      const bucket = words[i]!
      const at = this.count++ * stride
      entries[at] = words[i + 1]!
      entries[at + 1] = words[i + 2]!
      entries[at + 2] = newest[bucket]!
      newest[bucket] = at
    }
  }

  /** Transactions of a term, newest first. */
  find({ bucket, mark }: Term): number[] {
    const { entries, ordinal } = this
    const found: number[] = []
    for (let at = this.newest[bucket]!; at !== none; at = entries[at + 2]!) {
      if (entries[at] === (mark | 0)) found.push(ordinal + (entries[at + 1]! >>> 0))
    }
    return found
  }

  /** Entries of a bucket, oldest first: mark and place of each. */
  bucket(bucket: number): Uint32Array {
    const { entries } = this
    let count = 0
    for (let at = this.newest[bucket]!; at !== none; at = entries[at + 2]!) count++
    const pairs = new Uint32Array(2 * count)
    for (let at = this.newest[bucket]!; at !== none; at = entries[at + 2]!) {
      count--
      pairs[2 * count] = entries[at]!
      pairs[2 * count + 1] = entries[at + 1]!
    }
    return pairs
  }

  reserve(words: number): void {
    if (words <= this.entries.length) return
    const larger = new Int32Array(Math.max(words, this.entries.length * 2))
    larger.set(this.entries)
    this.entries = larger
  }
}
