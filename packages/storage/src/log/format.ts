import { equalBytes, fail, utf8 } from '@banyan/base'
import type { Disk } from '../disk.js'
import type { FileWindow } from '../window.js'
import type { LogOptions } from './options.js'

/**
 * Segment: a header of 64 bytes, then records without gaps. All integers are little-endian.
 *
 * Header: 0 magic (8), 8 version (4), 12 previous (4), 16 first sequence (8), 24 identity (32), 56 zero (4),
 * 60 checksum of bytes 0-59 (4). Record: 0 checksum of identity and rest (4), 4 payload length (4), 8 previous (4),
 * 12 place in its batch (4), 16 sequence (8), 24 payload.
 *
 * `previous` is the checksum of the record before, or of the segment's header for its first record; the header
 * in turn holds that of the last record of the segment before. So everything in a log forms one chain.
 */
export const headerBytes = 64
export const recordHeaderBytes = 24
export const identityBytes = 32

const magic = utf8('BANYNLOG')
const version = 1
const high = 2 ** 32

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export type SegmentHeader = { readonly first: number; readonly previous: number; readonly checksum: number }

export function encodeHeader(disk: Disk, identity: Uint8Array, first: number, previous: number): Uint8Array {
  const bytes = new Uint8Array(headerBytes)
  const view = viewOf(bytes)
  bytes.set(magic)
  view.setUint32(8, version, true)
  view.setUint32(12, previous, true)
  view.setBigUint64(16, BigInt(first), true)
  bytes.set(identity, 24)
  view.setUint32(60, disk.crc32(bytes.subarray(0, 60), 0), true)
  return bytes
}

/**
 * The header in `bytes`, or `undefined` if it is damaged. Throws `FormatUnknown` for an undamaged header of
 * another version or another log.
 */
export function decodeHeader(
  disk: Disk,
  bytes: Uint8Array,
  identity: Uint8Array,
  path: string,
): SegmentHeader | undefined {
  const view = viewOf(bytes)
  const checksum = view.getUint32(60, true)
  if (!equalBytes(bytes.subarray(0, 8), magic) || disk.crc32(bytes.subarray(0, 60), 0) !== checksum) {
    return undefined
  }
  const given = view.getUint32(8, true)
  if (given !== version) fail('FormatUnknown', { path, given, expected: version })
  if (!equalBytes(bytes.subarray(24, 56), identity)) {
    fail('FormatUnknown', { path, given: 'the identity of another log', expected: 'its own' })
  }
  return { first: Number(view.getBigUint64(16, true)), previous: view.getUint32(12, true), checksum }
}

/** Fills the first 24 bytes `header` of a record with this payload; returns its checksum. */
export function encodeRecordHeader(
  disk: Disk,
  identity: Uint8Array,
  header: Uint8Array,
  place: { readonly sequence: number; readonly batch: number; readonly previous: number },
  payload: readonly Uint8Array[],
): number {
  const view = viewOf(header)
  let length = 0
  for (const part of payload) length += part.length
  view.setUint32(4, length, true)
  view.setUint32(8, place.previous, true)
  view.setUint32(12, place.batch, true)
  view.setBigUint64(16, BigInt(place.sequence), true)
  let checksum = disk.crc32(header.subarray(4), disk.crc32(identity, 0))
  for (const part of payload) checksum = disk.crc32(part, checksum)
  view.setUint32(0, checksum, true)
  return checksum
}

export type StoredRecord = {
  readonly sequence: number
  /** Number of records before it that were written by the same write and made durable by the same sync. */
  readonly batch: number
  readonly previous: number
  readonly checksum: number
  /** A view into a buffer that is not reused. */
  readonly payload: Uint8Array
  /** Offset of the byte after the record. */
  readonly end: number
}

/**
 * The intact record that starts at `offset`, wherever it belongs; `undefined` if there is none. Throws
 * `RecordTooLarge` for an intact record beyond the limit, which must not be taken for damage and cut.
 */
export async function recordAt(
  disk: Disk,
  window: FileWindow,
  offset: number,
  { identity, maxRecordBytes }: LogOptions,
): Promise<StoredRecord | undefined> {
  const header = await window.view(offset, recordHeaderBytes)
  if (header === undefined) return undefined
  const view = viewOf(header)
  const length = view.getUint32(4, true)
  const sequence = view.getUint32(16, true) + view.getUint32(20, true) * high
  if (length === 0 || !Number.isSafeInteger(sequence)) return undefined
  const whole = await window.view(offset, recordHeaderBytes + length)
  if (whole === undefined) return undefined
  const checksum = view.getUint32(0, true)
  if (disk.crc32(whole.subarray(4), disk.crc32(identity, 0)) !== checksum) return undefined
  if (length > maxRecordBytes) fail('RecordTooLarge', { size: length, limit: maxRecordBytes })
  return {
    sequence,
    batch: view.getUint32(12, true),
    previous: view.getUint32(8, true),
    checksum,
    payload: whole.subarray(recordHeaderBytes),
    end: offset + whole.length,
  }
}

/**
 * Whether some record from `from` on proves that record `lost` had been durable: it is intact and belongs to a
 * batch that was begun after `lost`, and a batch is begun only when the one before is durable.
 */
export async function provesDurable(
  disk: Disk,
  window: FileWindow,
  from: number,
  lost: number,
  options: LogOptions,
): Promise<boolean> {
  const newest = lost + (window.size - from) / recordHeaderBytes
  for (let offset = from; offset + recordHeaderBytes <= window.size; offset++) {
    const header = await plausible(window, offset, lost, newest)
    if (header === undefined) return false
    offset = header
    const record = await recordAt(disk, window, offset, options)
    if (record !== undefined && record.sequence - record.batch > lost) return true
  }
  return false
}

/** The next offset whose bytes, read as a record header, name a sequence between `lost` and `newest`. */
async function plausible(
  window: FileWindow,
  from: number,
  lost: number,
  newest: number,
): Promise<number | undefined> {
  const step = 1 << 16
  for (let start = from; start + recordHeaderBytes <= window.size; start += step) {
    const bytes = await window.view(start, Math.min(step + recordHeaderBytes - 1, window.size - start))
    if (bytes === undefined) return undefined
    const view = viewOf(bytes)
    for (let at = 0; at + recordHeaderBytes <= bytes.length; at++) {
      const sequence = view.getUint32(at + 16, true) + view.getUint32(at + 20, true) * high
      if (sequence > lost && sequence <= newest) return start + at
    }
  }
  return undefined
}
