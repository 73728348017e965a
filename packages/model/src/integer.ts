import { assert } from '@banyan/base'

/** Unsigned integer as `length` little-endian bytes. A value that does not fit is a defect of the caller. */
export function le(value: bigint | number, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let rest = BigInt(value)
  for (let i = 0; i < length && rest > 0n; i++) {
    out[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  assert(rest === 0n, 'an integer fits its field')
  return out
}
