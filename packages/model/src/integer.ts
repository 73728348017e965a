import { assert } from '@banyan/base'

/** Unsigned integer as `length` little-endian bytes. A value that does not fit is a defect of the caller. */
export function le(value: bigint | number, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let rest = BigInt(value)
  let word = 0
  for (let at = 0; at < length && (rest > 0n || word > 0); at++) {
    if (at % 4 === 0) {
      word = Number(rest & 0xffffffffn)
      rest >>= 32n
    }
    out[at] = word & 0xff
    word >>>= 8
  }
  assert(rest === 0n && word === 0, 'an integer fits its field')
  return out
}
