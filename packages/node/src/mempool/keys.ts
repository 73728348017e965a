import { type Address, asAddress, toHex } from '@banyan/base'

/**
 * Ids and addresses as keys of maps: texts with one character for two bytes, the lower byte first. They are made from words
 * as flat arrays hold them, in a fraction of the time that hexadecimal digits take, and are a quarter as long.
 */

const { fromCharCode } = String
const low = 0xffff

/** Key of the id in eight words from `at` on. */
export function idKey(words: Uint32Array, at: number): string {
  const a = words[at]!
  const b = words[at + 1]!
  const c = words[at + 2]!
  const d = words[at + 3]!
  const e = words[at + 4]!
  const f = words[at + 5]!
  const g = words[at + 6]!
  const h = words[at + 7]!
  // biome-ignore format: a line for each two words
  return fromCharCode(
    a & low, a >>> 16, b & low, b >>> 16,
    c & low, c >>> 16, d & low, d >>> 16,
    e & low, e >>> 16, f & low, f >>> 16,
    g & low, g >>> 16, h & low, h >>> 16,
  )
}

/** Key of the address in five words from `at` on. */
export function addressKey(words: Uint32Array, at: number): string {
  const a = words[at]!
  const b = words[at + 1]!
  const c = words[at + 2]!
  const d = words[at + 3]!
  const e = words[at + 4]!
  // biome-ignore format: a line for each two words
  return fromCharCode(
    a & low, a >>> 16, b & low, b >>> 16,
    c & low, c >>> 16, d & low, d >>> 16,
    e & low, e >>> 16,
  )
}

/** The same key from an id or address by itself. */
export function keyOf(bytes: Uint8Array): string {
  const characters = new Array<number>(bytes.length / 2)
  for (let i = 0; i < characters.length; i++) characters[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8)
  return fromCharCode.apply(undefined, characters)
}

/** The address that a key stands for. */
export function addressOf(key: string): Address {
  return asAddress(bytesOf(key))
}

/** What a key stands for, in hexadecimal digits. */
export function hexOf(key: string): string {
  return toHex(bytesOf(key))
}

function bytesOf(key: string): Uint8Array {
  const bytes = new Uint8Array(2 * key.length)
  for (let i = 0; i < key.length; i++) {
    const character = key.charCodeAt(i)
    bytes[2 * i] = character
    bytes[2 * i + 1] = character >>> 8
  }
  return bytes
}
