/** Finds images by the numbers of their rows: an open hash table over the rows of an undo frame, which only grow. */
export class ImageIndex {
  /** Places of images plus one; 0 stands for nothing. */
  private slots = new Int32Array(16)
  private indexed = 0

  /** Forgets everything: the frame belongs to another block now. */
  clear(): void {
    this.slots.fill(0)
    this.indexed = 0
  }

  /** Place of the image of `row` among the first `count` of `rows`, -1 if it has none. Indexes those that are new. */
  find(rows: Uint32Array, count: number, row: number): number {
    if (this.indexed < count) this.add(rows, count)
    const { slots } = this
    for (let slot = this.slotOf(row); ; slot = (slot + 1) & (slots.length - 1)) {
      const place = slots[slot]! - 1
      if (place < 0 || rows[place] === row) return place
    }
  }

  private add(rows: Uint32Array, count: number): void {
    if (2 * count > this.slots.length) {
      this.slots = new Int32Array(2 ** Math.ceil(Math.log2(4 * count)))
      this.indexed = 0
    }
    const { slots } = this
    while (this.indexed < count) {
      let slot = this.slotOf(rows[this.indexed]!)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = ++this.indexed
    }
  }

  /** Fibonacci hashing (Knuth, volume 3, 6.4): row numbers are close to each other. */
  private slotOf(row: number): number {
    return (Math.imul(row, 0x9e3779b1) >>> 7) & (this.slots.length - 1)
  }
}
