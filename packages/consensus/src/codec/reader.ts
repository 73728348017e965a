import { asHash, fail, type Hash } from '@banyan/base'

/** Reads values one after the other; every failure is `ConsensusBytesMalformed`. */
export type Reader = {
  readonly byte: () => number
  /** Integer of two or four little-endian bytes. */
  readonly short: () => number
  readonly word: () => number
  /** Integer of eight little-endian bytes, below 2^53. */
  readonly long: () => number
  readonly hash: () => Hash
  /** A copy of so many bytes. */
  readonly bytes: (length: number) => Uint8Array
  readonly refuse: (reason: string) => never
}

/** Decodes all of `bytes`, which may not have more than `limit`, as a `what`. */
export function decodeWhole<Value>(
  what: string,
  bytes: Uint8Array,
  limit: number,
  read: (reader: Reader) => Value,
): Value {
  const refuse = (reason: string): never => fail('ConsensusBytesMalformed', { what, reason })
  if (bytes.length > limit) refuse(`it has ${bytes.length} bytes, at most ${limit} are allowed`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let offset = 0
  const take = (length: number): number => {
    if (offset + length > bytes.length) refuse('it ends too early')
    offset += length
    return offset - length
  }
  const copy = (length: number): Uint8Array => {
    const start = take(length)
    return bytes.slice(start, start + length)
  }
  const value = read({
    byte: () => view.getUint8(take(1)),
    short: () => view.getUint16(take(2), true),
    word: () => view.getUint32(take(4), true),
    long() {
      const at = take(8)
      const number = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
      return Number.isSafeInteger(number) ? number : refuse('a number is 2^53 or more')
    },
    hash: () => asHash(copy(32)),
    bytes: copy,
    refuse,
  })
  if (offset < bytes.length) refuse('bytes are left over')
  return value
}

/** Little-endian bytes of an integer below 2^53. */
export function integer(value: number, length: 1 | 2 | 4 | 8): Uint8Array {
  const out = new Uint8Array(length)
  // What is assigned to a byte is taken modulo 256.
  for (let i = 0, rest = value; i < length; i++, rest = Math.floor(rest / 256)) out[i] = rest
  return out
}
