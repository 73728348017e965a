import { bucketCount, type Term } from './terms.js'

/** Entries of the newest blocks, in memory: chains by bucket, newest first. Readers may hold one that is no longer filled. */
export class OpenSection {
  readonly section: number
  /** Its first transaction. */
  readonly ordinal: number
  count = 0
  /** Newest entry of each bucket, -1 for none; for each entry its mark, its place and the entry before it. */
  readonly newest: Int32Array = new Int32Array(bucketCount).fill(-1)
  marks: Uint32Array = new Uint32Array(1024)
  places: Uint32Array = new Uint32Array(1024)
  earlier: Int32Array = new Int32Array(1024)

  constructor(section: number, ordinal: number) {
    this.section = section
    this.ordinal = ordinal
  }

  /** Adds entries of three words: bucket, mark and place. */
  addAll(words: Uint32Array): void {
    this.reserve(this.count + words.length / 3)
    for (let i = 0; i < words.length; i += 3) {
      const bucket = words[i]!
      const entry = this.count++
      this.marks[entry] = words[i + 1]!
      this.places[entry] = words[i + 2]!
      this.earlier[entry] = this.newest[bucket]!
      this.newest[bucket] = entry
    }
  }

  /** Transactions of a term, newest first. */
  find({ bucket, mark }: Term): number[] {
    const found: number[] = []
    for (let entry = this.newest[bucket]!; entry >= 0; entry = this.earlier[entry]!) {
      if (this.marks[entry] === mark) found.push(this.ordinal + this.places[entry]!)
    }
    return found
  }

  /** Entries of a bucket, oldest first. */
  bucket(bucket: number): number[] {
    const entries: number[] = []
    for (let entry = this.newest[bucket]!; entry >= 0; entry = this.earlier[entry]!) entries.push(entry)
    return entries.reverse()
  }

  reserve(count: number): void {
    if (count <= this.marks.length) return
    const size = Math.max(count, this.marks.length * 2)
    this.marks = extended(this.marks, new Uint32Array(size))
    this.places = extended(this.places, new Uint32Array(size))
    this.earlier = extended(this.earlier, new Int32Array(size))
  }
}

function extended<Words extends Uint32Array | Int32Array>(words: Words, larger: Words): Words {
  larger.set(words)
  return larger
}
