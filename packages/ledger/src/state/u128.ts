/**
 * Unsigned 128-bit integers inside Uint32Arrays: four little-endian words at an offset. No allocation, no BigInt:
 * this is the arithmetic of the hot path.
 */

/** a < b */
export function isLess(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  if (a[i + 3] !== b[j + 3]) return a[i + 3]! < b[j + 3]!
  if (a[i + 2] !== b[j + 2]) return a[i + 2]! < b[j + 2]!
  if (a[i + 1] !== b[j + 1]) return a[i + 1]! < b[j + 1]!
  return a[i]! < b[j]!
}

/** a += b modulo 2^128; true if the sum overflowed. */
export function addTo(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  let sum = a[i]! + b[j]!
  a[i] = sum
  sum = a[i + 1]! + b[j + 1]! + (sum > 0xffffffff ? 1 : 0)
  a[i + 1] = sum
  sum = a[i + 2]! + b[j + 2]! + (sum > 0xffffffff ? 1 : 0)
  a[i + 2] = sum
  sum = a[i + 3]! + b[j + 3]! + (sum > 0xffffffff ? 1 : 0)
  a[i + 3] = sum
  return sum > 0xffffffff
}

/** a -= b modulo 2^128. The caller has checked that b is not greater than a. */
export function subtractFrom(a: Uint32Array, i: number, b: Uint32Array, j: number): void {
  let difference = a[i]! - b[j]!
  a[i] = difference
  difference = a[i + 1]! - b[j + 1]! - (difference < 0 ? 1 : 0)
  a[i + 1] = difference
  difference = a[i + 2]! - b[j + 2]! - (difference < 0 ? 1 : 0)
  a[i + 2] = difference
  a[i + 3] = a[i + 3]! - b[j + 3]! - (difference < 0 ? 1 : 0)
}

export function copyWords(from: Uint32Array, i: number, to: Uint32Array, j: number, count: number): void {
  for (let k = 0; k < count; k++) to[j + k] = from[i + k]!
}

/** The value as a bigint, for edges and cold paths. */
export function readUint(words: Uint32Array, offset: number, count: number): bigint {
  let k = count - 1
  while (k > 0 && words[offset + k] === 0) k--
  let value = BigInt(words[offset + k]!)
  while (--k >= 0) value = (value << 32n) | BigInt(words[offset + k]!)
  return value
}

/** Writes a bigint that fits into `count` words. */
export function writeUint(words: Uint32Array, offset: number, count: number, value: bigint): void {
  let rest = value
  for (let k = 0; k < count; k++) {
    words[offset + k] = Number(rest & 0xffffffffn)
    rest >>= 32n
  }
}
