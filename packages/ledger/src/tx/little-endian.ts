/**
 * Little-endian integers at an offset of a byte array. Plain shifts: for these few fields per transaction a DataView
 * costs more to create than the reads themselves. The caller has checked the bounds and the ranges.
 */

export function readU32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

export function readU64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(readU32(bytes, at + 4)) << 32n) | BigInt(readU32(bytes, at))
}

export function readU128(bytes: Uint8Array, at: number): bigint {
  return (readU64(bytes, at + 8) << 64n) | readU64(bytes, at)
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

export function writeU64(bytes: Uint8Array, at: number, value: bigint): void {
  writeU32(bytes, at, Number(value & 0xffffffffn))
  writeU32(bytes, at + 4, Number(value >> 32n))
}

export function writeU128(bytes: Uint8Array, at: number, value: bigint): void {
  writeU64(bytes, at, value & 0xffffffffffffffffn)
  writeU64(bytes, at + 8, value >> 64n)
}
