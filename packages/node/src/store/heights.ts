/** Heights between two entries of the index. */
const step = 4

/** Where to look in the block log for a height: the first record of this height or a greater one, every few heights. */
export type HeightIndex = {
  /** Notes a block's record, in the order of the log. */
  readonly add: (height: number, sequence: number) => void
  /** A sequence from which on all blocks from this height on stand; `undefined` if the log has none of them. */
  readonly find: (height: number) => number | undefined
}

export function createHeightIndex(): HeightIndex {
  const heights: number[] = []
  const sequences: number[] = []
  let newest = -1
  return {
    add: (height, sequence) => {
      const last = heights.at(-1)
      newest = Math.max(newest, height)
      if (last !== undefined && height < last + step) return
      heights.push(height)
      sequences.push(sequence)
    },
    find: (height) => {
      if (height > newest) return undefined
      let low = 0
      let high = heights.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (heights[middle]! <= height) low = middle + 1
        else high = middle
      }
      // A node stores a block before its parent if it votes for it first, so the oldest entry serves all below it too.
      return sequences[Math.max(0, low - 1)]
    },
  }
}
