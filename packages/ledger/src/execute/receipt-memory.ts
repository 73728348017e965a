/**
 * Memory of receipts that was given back, the newest last: it is taken first, as caches may still have it. A block of 10,000
 * transactions has 1.28 MB of receipts; fresh memory for each would keep the garbage collector busy.
 */
const spare: ArrayBuffer[] = []
const maxSpare = 4
/** Receipts of a full batch. */
const maxSpareBytes = 2 ** 23

/** Zeroed words, in memory that was given back if some of it is large enough. */
export function takeWords(count: number): Uint32Array<ArrayBuffer> {
  const at = spare.findLastIndex(({ byteLength }) => byteLength >= count * 4)
  if (count === 0 || at < 0) return new Uint32Array(count)
  const [kept] = spare.splice(at, 1)
  // As bytes: that is several times as fast.
  new Uint8Array(kept!, 0, count * 4).fill(0)
  return new Uint32Array(kept!, 0, count)
}

/**
 * Gives the memory of a block's receipts to later blocks. For whoever owns the block, once nobody reads its receipts any more;
 * without it they are collected like anything else. All views of them are detached: they have no bytes from now on, so that
 * late readers fail, and none sees the receipts of another block. May be called again.
 */
export function releaseReceipts({ receipts }: { readonly receipts: Uint8Array<ArrayBuffer> }): void {
  const { buffer } = receipts
  if (buffer.byteLength === 0) return
  const memory = structuredClone(buffer, { transfer: [buffer] })
  if (memory.byteLength > maxSpareBytes) return
  if (spare.length === maxSpare) spare.shift()
  spare.push(memory)
}
