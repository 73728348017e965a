import { equalIds } from '@banyan/base'
import { windowBlocks } from './id-window.js'
import { recentRow } from './layout.js'

const rowWords = recentRow.bytes / 4
const buckets = 256

/**
 * Heights of the recent blocks by their ids: the marks that transactions of the next block may carry. Built once per
 * block. Consecutive transactions mostly carry the same mark, so the last match is tried first.
 */
export class Marks {
  private readonly words: Uint32Array
  private readonly bucketRows = new Int8Array(buckets).fill(-1)
  private readonly chain = new Int8Array(windowBlocks).fill(-1)
  private last = -1

  /** `words` are the rows of the recent table; `nextHeight` is the height of the block being executed. */
  constructor(words: Uint32Array, nextHeight: number) {
    this.words = words
    for (let height = Math.max(0, nextHeight - windowBlocks); height < nextHeight; height++) {
      const row = height % windowBlocks
      const bucket = words[row * rowWords]! & (buckets - 1)
      this.chain[row] = this.bucketRows[bucket]!
      this.bucketRows[bucket] = row
    }
  }

  /** Height of the block with the id at `mark[offset…]`, -1 if it is not among the recent ones. */
  heightOf(mark: Uint32Array, offset: number): number {
    if (this.last >= 0 && this.isId(this.last, mark, offset)) return this.heightAt(this.last)
    let row = this.bucketRows[mark[offset]! & (buckets - 1)]!
    while (row >= 0) {
      if (this.isId(row, mark, offset)) {
        this.last = row
        return this.heightAt(row)
      }
      row = this.chain[row]!
    }
    return -1
  }

  private isId(row: number, mark: Uint32Array, offset: number): boolean {
    return equalIds(this.words, row * rowWords + recentRow.blockId, mark, offset)
  }

  private heightAt(row: number): number {
    const base = row * rowWords + recentRow.height
    return this.words[base]! + this.words[base + 1]! * 2 ** 32
  }
}
