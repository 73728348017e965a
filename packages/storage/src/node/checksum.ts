import { crc32 } from 'node:zlib'

/** `Disk.crc32` by zlib. Node 20 gives 0 instead of the seed for no bytes at all. */
export function checksum(bytes: Uint8Array, seed: number): number {
  return bytes.length === 0 ? seed : crc32(bytes, seed)
}
