import { BanyanError, concatBytes, fail } from '@banyan/base'

/** Collects the parts of a message: integers little-endian, byte strings with their length in front. */
export type Writer = {
  readonly u32: (value: number) => Writer
  readonly u64: (value: number) => Writer
  readonly fixed: (bytes: Uint8Array) => Writer
  readonly bytes: (bytes: Uint8Array) => Writer
  readonly done: () => Uint8Array
}

export function writer(): Writer {
  const parts: Uint8Array[] = []
  const number = (length: 4 | 8, value: number): void => {
    const view = new DataView(new ArrayBuffer(length))
    if (length === 4) view.setUint32(0, value, true)
    else view.setBigUint64(0, BigInt(value), true)
    parts.push(new Uint8Array(view.buffer))
  }
  const self: Writer = {
    u32: (value) => {
      number(4, value)
      return self
    },
    u64: (value) => {
      number(8, value)
      return self
    },
    fixed: (bytes) => {
      parts.push(bytes)
      return self
    },
    bytes: (bytes) => self.u32(bytes.length).fixed(bytes),
    done: () => concatBytes(...parts),
  }
  return self
}

/** Reads what a `Writer` wrote. Every function throws MessageMalformed where there is too little or too much. */
export type Reader = {
  readonly u32: (limit: number) => number
  readonly u64: () => number
  /** A copy. */
  readonly fixed: (length: number) => Uint8Array
  /** A copy of a byte string of at most `limit` bytes. */
  readonly bytes: (limit: number) => Uint8Array
  /** All that is left, as a view. */
  readonly rest: () => Uint8Array
  readonly end: () => void
}

export function malformed(reason: string): never {
  fail('MessageMalformed', { reason })
}

export function reader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let offset = 0
  const take = (length: number): number => {
    if (offset + length > bytes.length) malformed('it ends too early')
    offset += length
    return offset - length
  }
  const u32 = (limit: number): number => {
    const value = view.getUint32(take(4), true)
    return value <= limit ? value : malformed('a number is beyond its bound')
  }
  const fixed = (length: number): Uint8Array => {
    const start = take(length)
    return bytes.slice(start, start + length)
  }
  return {
    u32,
    u64: () => {
      const value = Number(view.getBigUint64(take(8), true))
      return Number.isSafeInteger(value) ? value : malformed('a number is beyond its bound')
    },
    fixed,
    bytes: (limit) => fixed(u32(limit)),
    rest: () => bytes.subarray(take(bytes.length - offset)),
    end: () => {
      if (offset !== bytes.length) malformed('something follows its end')
    },
  }
}

/** The result of reading what a peer has sent; `undefined` if it is malformed. */
export function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof BanyanError && error.kind !== 'InvariantBroken') return undefined
    throw error
  }
}
