import { allocateWords, type Memory, signedOf } from './memory.js'

/** Keys that are looked up together: their slots and rows stay in the fastest caches until they are used. */
export const lookupBatch = 256

/**
 * Open-addressing hash slots in one flat array: the hash of a key, and a number from 1 that stands for the key. What the
 * number means, and comparing keys, is the owner's business. At most two thirds full.
 */
export class SlotTable {
  private readonly memory: Memory
  slots: Int32Array
  mask: number
  count = 0
  /** What `preload` read last, so that its reads are not optimised away. */
  preloaded = 0

  constructor(capacity: number, memory: Memory) {
    this.memory = memory
    const slotCount = slotsFor(capacity)
    this.slots = signedOf(allocateWords(memory, slotCount * 2))
    this.mask = slotCount - 1
  }

  /** Adds an entry for a key that is absent. */
  place(hash: number, value: number): void {
    if (++this.count * 3 > (this.mask + 1) * 2) this.grow()
    placeIn(this.slots, this.mask, hash, value)
  }

  /**
   * Reads the first slots of `count` hashes: all of them are on their way from memory together, where one probe after the
   * other would wait for each.
   */
  preload(hashes: Int32Array, count: number): void {
    const { slots, mask } = this
    let sum = 0
    for (let i = 0; i < count; i++) sum ^= slots[2 * (hashes[i]! & mask)]!
    this.preloaded = sum
  }

  /** Removes a present entry by shifting the rest of its run back, which keeps runs free of tombstones. */
  erase(hash: number, value: number): void {
    const { slots, mask } = this
    let hole = hash & mask
    while (slots[2 * hole + 1] !== value) hole = (hole + 1) & mask
    let probe = hole
    for (;;) {
      probe = (probe + 1) & mask
      if (slots[2 * probe + 1] === 0) break
      const home = slots[2 * probe]! & mask
      if (((probe - home) & mask) < ((probe - hole) & mask)) continue
      slots[2 * hole] = slots[2 * probe]!
      slots[2 * hole + 1] = slots[2 * probe + 1]!
      hole = probe
    }
    slots[2 * hole] = 0
    slots[2 * hole + 1] = 0
    this.count--
  }

  /** Forgets all entries and makes room for `capacity` of them. */
  clear(capacity: number): void {
    const slotCount = slotsFor(capacity)
    this.slots = signedOf(allocateWords(this.memory, slotCount * 2))
    this.mask = slotCount - 1
    this.count = 0
  }

  private grow(): void {
    const old = this.slots
    const slots = signedOf(allocateWords(this.memory, old.length * 2))
    const mask = this.mask * 2 + 1
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) placeIn(slots, mask, old[i]!, old[i + 1]!)
    this.slots = slots
    this.mask = mask
  }
}

function slotsFor(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(64, capacity * 1.5)))
}

function placeIn(slots: Int32Array, mask: number, hash: number, value: number): void {
  let slot = hash & mask
  while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
  slots[2 * slot] = hash
  slots[2 * slot + 1] = value
}

/**
 * Multiply-and-shift mix of `keyWords` words (constants of xxHash32), keyed by two secret seeds. The result is signed: V8
 * keeps all of these as small integers, but would box every other unsigned one.
 */
export function hashKey(
  key: Uint32Array,
  offset: number,
  keyWords: number,
  seedA: number,
  seedB: number,
): number {
  let hash = seedA
  for (let k = 0; k < keyWords; k++) {
    hash = Math.imul(hash ^ key[offset + k]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ seedB, 0x85ebca77)
  return hash ^ (hash >>> 13)
}
