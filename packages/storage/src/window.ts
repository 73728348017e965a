import type { DiskFile } from './disk.js'

/** Bytes read ahead at once. */
const readAhead = 1 << 20

/** Sequential reader over a file of known size: views into buffers that are never written to again. */
export type FileWindow = {
  readonly size: number
  /** `length` bytes at `offset`; `undefined` if the file ends before. Reads at most that or 1 MiB at once. */
  readonly view: (offset: number, length: number) => Promise<Uint8Array | undefined>
}

export function openWindow(file: DiskFile, size: number): FileWindow {
  let start = 0
  let buffer: Uint8Array = new Uint8Array(0)
  return {
    size,
    view: async (offset, length) => {
      if (offset + length > size) return undefined
      if (offset < start || offset + length > start + buffer.length) {
        const wanted = new Uint8Array(Math.min(Math.max(length, readAhead), size - offset))
        buffer = wanted.subarray(0, await file.read(offset, wanted))
        start = offset
      }
      return buffer.length < length ? undefined : buffer.subarray(offset - start, offset - start + length)
    },
  }
}
