/** Requests above this get memory of their own, so that one large use is not kept for ever. */
const keptBytes = 2 ** 22

/**
 * Memory for intermediate results: every call returns the same buffer, enlarged where needed, with whatever the last
 * use left in it. The result is valid until the next call. Fresh large arrays per block would keep the garbage collector busy.
 */
export function createScratch(): (length: number) => Uint8Array<ArrayBuffer> {
  let kept = new Uint8Array(0)
  return (length) => {
    if (length > keptBytes) return new Uint8Array(length)
    if (kept.length < length) kept = new Uint8Array(2 ** Math.ceil(Math.log2(length)))
    return kept.subarray(0, length)
  }
}
