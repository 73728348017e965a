/** Where flat tables live: `shared` lets worker threads read them; `private` serves runtimes without shared memory. */
export type Memory = 'shared' | 'private'

/** Arrays below this fit the caches of a core, wherever they start. */
const alignedBytes = 2 ** 20

/**
 * Zeroed words. Large shared arrays start on a page, so that a row of 64 bytes, and a pair of tree nodes, is in one cache
 * line: V8 maps memory for growable buffers itself, while other large buffers begin 16 bytes behind a boundary. Views must
 * state their lengths: those that do not would follow a growing buffer and be slow.
 */
export function allocateWords(memory: Memory, length: number): Uint32Array {
  const bytes = length * 4
  if (memory === 'private') return new Uint32Array(length)
  const options = bytes < alignedBytes ? {} : { maxByteLength: bytes }
  return new Uint32Array(new SharedArrayBuffer(bytes, options), 0, length)
}

/** The same memory as bytes. */
export function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

/** The same memory as signed words. */
export function signedOf(words: Uint32Array): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length)
}
