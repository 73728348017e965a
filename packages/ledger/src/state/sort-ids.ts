import { copyId, createScratch } from '@banyan/base'

const idWords = 8

/** A copy of the ids (8 words each) in ascending order of their bytes. */
export function sortIds(ids: Uint32Array): Uint32Array<ArrayBuffer> {
  const sorted = new Uint32Array(ids.length)
  sortIdsInto(ids, sorted)
  return sorted
}

/** Writes the ids (8 words each) to `sorted` in ascending order of their bytes. */
export function sortIdsInto(ids: Uint32Array, sorted: Uint32Array): void {
  const bytes = new DataView(ids.buffer, ids.byteOffset, ids.byteLength)
  const count = ids.length / idWords
  const order = orderByPrefix(bytes, count)
  for (let from = 0, to = 1; to <= count; to++) {
    if (to < count && bytes.getUint32(order[to]! * 32) === bytes.getUint32(order[from]! * 32)) continue
    if (to - from > 1) order.subarray(from, to).sort((a, b) => compareIds(bytes, a, b))
    from = to
  }
  for (let i = 0; i < count; i++) copyId(ids, order[i]! * idWords, sorted, i * idWords)
}

const radixBits = 11
const prefixScratch = createScratch()
const orderScratch = createScratch()
const nextScratch = createScratch()

/**
 * Places of the ids in the order of their first four bytes, valid until the next call: a radix sort, three digits of 11
 * bits, lowest first.
 */
function orderByPrefix(bytes: DataView, count: number): Uint32Array {
  const wordsOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.buffer, 0, count)
  const prefixes = wordsOf(prefixScratch(count * 4))
  let order = wordsOf(orderScratch(count * 4))
  for (let i = 0; i < count; i++) {
    prefixes[i] = bytes.getUint32(i * 32)
    order[i] = i
  }
  let next = wordsOf(nextScratch(count * 4))
  const starts = new Uint32Array(2 ** radixBits + 1)
  for (let shift = 0; shift < 32; shift += radixBits) {
    const mask = 2 ** radixBits - 1
    starts.fill(0)
    for (let i = 0; i < count; i++) starts[((prefixes[i]! >>> shift) & mask) + 1]!++
    for (let digit = 0; digit < mask; digit++) starts[digit + 1]! += starts[digit]!
    for (let i = 0; i < count; i++) next[starts[(prefixes[order[i]!]! >>> shift) & mask]!++] = order[i]!
    ;[order, next] = [next, order]
  }
  return order
}

function compareIds(bytes: DataView, a: number, b: number): number {
  for (let k = 0; k < 32; k += 4) {
    const difference = bytes.getUint32(a * 32 + k) - bytes.getUint32(b * 32 + k)
    if (difference !== 0) return difference
  }
  return 0
}
