import { concatBytes } from './bytes.js'

/** Collects the parts of a message: integers little-endian, byte strings with their length in front. */
export type Writer = {
  readonly u8: (value: number) => Writer
  readonly u32: (value: number) => Writer
  /** Of a safe integer, or a bigint below 2^64. */
  readonly u64: (value: number | bigint) => Writer
  readonly fixed: (bytes: Uint8Array) => Writer
  /** With the length in front, in four bytes. */
  readonly bytes: (bytes: Uint8Array) => Writer
  readonly done: () => Uint8Array
}

export function createWriter(): Writer {
  const parts: Uint8Array[] = []
  const number = (length: number, set: (view: DataView) => void): Writer => {
    const view = new DataView(new ArrayBuffer(length))
    set(view)
    return self.fixed(new Uint8Array(view.buffer))
  }
  const self: Writer = {
    u8: (value) => number(1, (view) => view.setUint8(0, value)),
    u32: (value) => number(4, (view) => view.setUint32(0, value, true)),
    u64: (value) => number(8, (view) => view.setBigUint64(0, BigInt(value), true)),
    fixed: (bytes) => {
      parts.push(bytes)
      return self
    },
    bytes: (bytes) => self.u32(bytes.length).fixed(bytes),
    done: () => concatBytes(...parts),
  }
  return self
}

/** Reads what a `Writer` wrote. Every function refuses where there is too little or too much. */
export type Reader = {
  readonly u8: (limit: number) => number
  readonly u32: (limit: number) => number
  /** Below 2^53. */
  readonly u64: () => number
  readonly big64: () => bigint
  /** A copy. */
  readonly fixed: (length: number) => Uint8Array
  /** A copy of a byte string of at most `limit` bytes. */
  readonly bytes: (limit: number) => Uint8Array
  /** All that is left, as a view. */
  readonly rest: () => Uint8Array
  readonly end: () => void
}

/** Reads bytes from their start; `refuse` throws the error of their format. */
export function createReader(bytes: Uint8Array, refuse: (reason: string) => never): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let offset = 0
  const take = (length: number): number => {
    if (offset + length > bytes.length) refuse('it ends too early')
    offset += length
    return offset - length
  }
  const within = (value: number, limit: number): number =>
    value <= limit ? value : refuse('a number is beyond its bound')
  const u32 = (limit: number): number => within(view.getUint32(take(4), true), limit)
  const big64 = (): bigint => view.getBigUint64(take(8), true)
  const fixed = (length: number): Uint8Array => {
    const start = take(length)
    return bytes.slice(start, start + length)
  }
  return {
    u8: (limit) => within(view.getUint8(take(1)), limit),
    u32,
    u64: () => within(Number(big64()), Number.MAX_SAFE_INTEGER),
    big64,
    fixed,
    bytes: (limit) => fixed(u32(limit)),
    rest: () => bytes.subarray(take(bytes.length - offset)),
    end: () => {
      if (offset !== bytes.length) refuse('something follows its end')
    },
  }
}
