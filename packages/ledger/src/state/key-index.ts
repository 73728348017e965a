import type { Memory } from './memory.js'
import { hashKey, SlotTable } from './slot-table.js'

/**
 * Hash index from row keys to row numbers. A probe touches a row only when the whole 32-bit hash of a slot agrees. Two
 * secret seeds keep outsiders from aiming keys at one slot; they influence speed only, never results.
 */
export class KeyIndex {
  readonly table: SlotTable
  readonly keyWords: number
  readonly seedA: number
  readonly seedB: number

  constructor(keyWords: number, capacity: number, seeds: Uint32Array, memory: Memory) {
    this.table = new SlotTable(capacity, memory)
    this.keyWords = keyWords
    this.seedA = seeds[0]!
    this.seedB = seeds[1]!
  }

  hash(key: Uint32Array, offset: number): number {
    return hashKey(key, offset, this.keyWords, this.seedA, this.seedB)
  }

  /** Row with this key, -1 if there is none. `words` and `rowWords` describe the rows the index is for. */
  find(words: Uint32Array, rowWords: number, key: Uint32Array, offset: number): number {
    return findRow(this.table.slots, words, rowWords, this.keyWords, key, offset, this.hash(key, offset))
  }

  /** First row whose key has this hash, -1 if there is none: most likely the row of the key. */
  candidate(hash: number): number {
    const { slots, mask } = this.table
    let slot = hash & mask
    while (slots[2 * slot + 1] !== 0 && slots[2 * slot] !== hash) slot = (slot + 1) & mask
    return slots[2 * slot + 1]! - 1
  }

  insert(hash: number, row: number): void {
    this.table.place(hash, row + 1)
  }

  remove(hash: number, row: number): void {
    this.table.erase(hash, row + 1)
  }
}

/** Probes flat slots for a key; -1 if it is absent. */
export function findRow(
  slots: Int32Array,
  words: Uint32Array,
  rowWords: number,
  keyWords: number,
  key: Uint32Array,
  offset: number,
  hash: number,
): number {
  const mask = slots.length / 2 - 1
  let slot = hash & mask
  for (;;) {
    const value = slots[2 * slot + 1]!
    if (value === 0) return -1
    if (slots[2 * slot] === hash) {
      const base = (value - 1) * rowWords
      let k = 0
      while (k < keyWords && words[base + k] === key[offset + k]) k++
      if (k === keyWords) return value - 1
    }
    slot = (slot + 1) & mask
  }
}
