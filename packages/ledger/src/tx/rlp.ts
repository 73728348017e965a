/**
 * Canonical RLP (Ethereum Yellow Paper, appendix B): lengths and integers are minimal, nothing follows the outer item.
 * The reader walks one flat buffer and copies nothing; what it returns are views of that buffer.
 */

import { malformed, notCanonical } from './malformed.js'

export type RlpItem = Uint8Array | readonly RlpItem[]

/** Position of the reader: everything before `offset` has been consumed. */
export type RlpCursor = { readonly bytes: Uint8Array; offset: number }

const stringMark = 0x80
const listMark = 0xc0
/** Longest payload whose length fits in the mark itself. */
const shortLimit = 55

/** Reads the length that follows a mark, `size` bytes big-endian. */
function readLongLength(cursor: RlpCursor, end: number, size: number): number {
  const { bytes, offset } = cursor
  if (size > end - offset) malformed('a length is cut off')
  if (bytes[offset] === 0) notCanonical('a length has leading zeros')
  if (size > 4) malformed('a length exceeds the transaction')
  let length = 0
  for (let i = 0; i < size; i++) length = length * 256 + bytes[offset + i]!
  if (length <= shortLimit) notCanonical('a short length is written as a long one')
  cursor.offset = offset + size
  return length
}

/** Consumes the header of a string or a list before `end`; returns the length of its payload. */
function readHeader(cursor: RlpCursor, end: number, list: boolean, field: string): number {
  if (cursor.offset >= end) malformed(`${field} is missing`)
  const first = cursor.bytes[cursor.offset]!
  if (first >= listMark !== list) malformed(list ? `${field} is not a list` : `${field} is a list`)
  if (first < stringMark) return 1
  cursor.offset++
  let length = first - (list ? listMark : stringMark)
  if (length > shortLimit) length = readLongLength(cursor, end, length - shortLimit)
  if (length > end - cursor.offset) malformed(`${field} is cut off`)
  if (!list && length === 1 && cursor.bytes[cursor.offset]! < stringMark) {
    notCanonical(`${field} is one small byte with a length`)
  }
  return length
}

/** Enters a list; returns the offset at which it ends. */
export function enterList(cursor: RlpCursor, end: number, field: string): number {
  return readHeader(cursor, end, true, field) + cursor.offset
}

/** Refuses what is left of a list, or of the whole input, after its last item. */
export function leaveList(cursor: RlpCursor, end: number, field: string): void {
  if (cursor.offset !== end) malformed(`${field} has surplus bytes`)
}

/** A view of the next string. */
export function readString(cursor: RlpCursor, end: number, field: string): Uint8Array {
  const length = readHeader(cursor, end, false, field)
  const start = cursor.offset
  cursor.offset = start + length
  return cursor.bytes.subarray(start, start + length)
}

/** A view of the next string, which must have `length` bytes. */
export function readFixed(cursor: RlpCursor, end: number, length: number, field: string): Uint8Array {
  const bytes = readString(cursor, end, field)
  if (bytes.length !== length) malformed(`${field} has ${bytes.length} bytes instead of ${length}`)
  return bytes
}

/** Consumes the header of an integer of at most `maxBytes` bytes; returns its length. */
function readIntegerLength(cursor: RlpCursor, end: number, maxBytes: number, field: string): number {
  const length = readHeader(cursor, end, false, field)
  if (length > maxBytes) malformed(`${field} has more than ${8 * maxBytes} bits`)
  if (length > 0 && cursor.bytes[cursor.offset] === 0) notCanonical(`${field} has leading zeros`)
  return length
}

/** The next string as an unsigned integer of at most `maxBytes` bytes. */
export function readInteger(cursor: RlpCursor, end: number, maxBytes: number, field: string): bigint {
  const length = readIntegerLength(cursor, end, maxBytes, field)
  const { bytes, offset } = cursor
  cursor.offset = offset + length
  // Most integers fit a double, which is far cheaper to build than a bigint.
  let low = 0
  const lowLength = Math.min(length, 6)
  for (let i = 0; i < lowLength; i++) low = low * 256 + bytes[offset + i]!
  let value = BigInt(low)
  for (let i = lowLength; i < length; i++) value = (value << 8n) | BigInt(bytes[offset + i]!)
  return value
}

/** The next string as an unsigned integer of at most `out.length` bytes, written big-endian into `out`. */
export function readIntegerInto(cursor: RlpCursor, end: number, out: Uint8Array, field: string): void {
  const length = readIntegerLength(cursor, end, out.length, field)
  const start = out.length - length
  for (let i = 0; i < length; i++) out[start + i] = cursor.bytes[cursor.offset + i]!
  cursor.offset += length
}

/** The minimal big-endian bytes of an unsigned integer: none for zero. */
export function integerBytes(value: bigint): Uint8Array {
  let length = 0
  for (let rest = value; rest > 0n; rest >>= 8n) length++
  const out = new Uint8Array(length)
  let rest = value
  for (let i = length - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return out
}

/** Big-endian bytes without their leading zeros. */
export function trimInteger(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length && bytes[start] === 0) start++
  return bytes.subarray(start)
}

function lengthSize(length: number): number {
  if (length <= shortLimit) return 0
  let size = 0
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size++
  return size
}

function isBytes(item: RlpItem): item is Uint8Array {
  return item instanceof Uint8Array
}

function payloadLength(item: RlpItem): number {
  if (isBytes(item)) return item.length
  let length = 0
  for (const part of item) length += encodedLength(part)
  return length
}

function encodedLength(item: RlpItem): number {
  if (isBytes(item) && item.length === 1 && item[0]! < stringMark) return 1
  const length = payloadLength(item)
  return 1 + lengthSize(length) + length
}

function writeHeader(out: Uint8Array, at: number, mark: number, length: number): number {
  const size = lengthSize(length)
  if (size === 0) {
    out[at] = mark + length
    return at + 1
  }
  out[at] = mark + shortLimit + size
  let rest = length
  for (let i = size; i > 0; i--) {
    out[at + i] = rest
    rest = Math.floor(rest / 256)
  }
  return at + 1 + size
}

function write(item: RlpItem, out: Uint8Array, at: number): number {
  if (isBytes(item)) {
    const isOwnEncoding = item.length === 1 && item[0]! < stringMark
    const start = isOwnEncoding ? at : writeHeader(out, at, stringMark, item.length)
    out.set(item, start)
    return start + item.length
  }
  let offset = writeHeader(out, at, listMark, payloadLength(item))
  for (const part of item) offset = write(part, out, offset)
  return offset
}

/** The canonical encoding of an item, after `prefix` if one is given (the type byte of EIP-2718). */
export function encodeRlp(item: RlpItem, prefix?: number): Uint8Array {
  const start = prefix === undefined ? 0 : 1
  const out = new Uint8Array(start + encodedLength(item))
  if (prefix !== undefined) out[0] = prefix
  write(item, out, start)
  return out
}
