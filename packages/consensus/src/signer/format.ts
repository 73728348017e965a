import { asHash, concatBytes, equalBytes, type Hash, utf8 } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { integer } from '../codec/reader.js'
import type { SignerRecord } from '../core/events.js'

/**
 * The files of a signer (docs/formats.md, "Signer files"). Records of 128 bytes form a chain of hashes that begins
 * with the signer's identity; marks of 64 bytes name a length of that chain which was durable.
 */
export const recordBytes = 128
export const markBytes = 64

/** A place in the order of views over all epochs. */
export type SignerFloor = { readonly epoch: number; readonly view: number }

export type SignerEntry =
  | { readonly kind: 'record'; readonly record: SignerRecord }
  /** Nothing is signed at or below this place any more. */
  | { readonly kind: 'floor'; readonly floor: SignerFloor }

/** Hash before the first record of a file: of the format's name and the signer's identity. */
export function chainStart(provider: CryptoProvider, identity: Uint8Array): Hash {
  return provider.sha256(concatBytes(utf8('banyan/signer/1'), identity))
}

function entryBody(entry: SignerEntry): Uint8Array {
  const body = new Uint8Array(recordBytes - 32)
  const { epoch, view } = entry.kind === 'record' ? entry.record : entry.floor
  body.set(integer(epoch, 8), 8)
  body.set(integer(view, 8), 16)
  if (entry.kind === 'floor') {
    body[0] = 2
    return body
  }
  const { notarized, nullified, finalized } = entry.record
  body[0] = 1
  body[1] = (notarized ? 1 : 0) | (nullified ? 2 : 0) | (finalized ? 4 : 0)
  if (notarized !== undefined) body.set(notarized, 32)
  if (finalized !== undefined) body.set(finalized, 64)
  return body
}

/** Bytes of an entry after those that hash to `chain`; their last 32 are the next chain hash. */
export function encodeEntry(provider: CryptoProvider, chain: Uint8Array, entry: SignerEntry): Uint8Array {
  const body = entryBody(entry)
  return concatBytes(body, provider.sha256(concatBytes(chain, body)))
}

function readEntry(body: Uint8Array): SignerEntry {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const place = { epoch: Number(view.getBigUint64(8, true)), view: Number(view.getBigUint64(16, true)) }
  if (body[0] === 2) return { kind: 'floor', floor: place }
  const flags = body[1]!
  const hashAt = (offset: number): Hash => asHash(body.slice(offset, offset + 32))
  const record: SignerRecord = {
    ...place,
    notarized: flags & 1 ? hashAt(32) : undefined,
    nullified: (flags & 2) !== 0,
    finalized: flags & 4 ? hashAt(64) : undefined,
  }
  return { kind: 'record', record }
}

export type Entries = {
  readonly entries: readonly SignerEntry[]
  /** Chain hash after each entry. */
  readonly hashes: readonly Uint8Array[]
}

/** The entries of a file up to the first that does not continue the chain. */
export function readEntries(provider: CryptoProvider, identity: Uint8Array, bytes: Uint8Array): Entries {
  const entries: SignerEntry[] = []
  const hashes: Uint8Array[] = []
  let chain: Uint8Array = chainStart(provider, identity)
  for (let offset = 0; offset + recordBytes <= bytes.length; offset += recordBytes) {
    const body = bytes.subarray(offset, offset + recordBytes - 32)
    const expected = provider.sha256(concatBytes(chain, body))
    if (!equalBytes(expected, bytes.subarray(offset + recordBytes - 32, offset + recordBytes))) break
    chain = expected
    entries.push(readEntry(body))
    hashes.push(expected)
  }
  return { entries, hashes }
}

/** A length of the chain with its last hash. */
export type Mark = { readonly count: number; readonly chain: Uint8Array }

export function encodeMark(crc32: (bytes: Uint8Array, seed: number) => number, mark: Mark): Uint8Array {
  const body = concatBytes(integer(mark.count, 8), mark.chain, new Uint8Array(20))
  return concatBytes(body, integer(crc32(body, 0), 4))
}

/** The mark of the greatest length; damaged marks are passed over. */
export function readMarks(
  crc32: (bytes: Uint8Array, seed: number) => number,
  bytes: Uint8Array,
): Mark | undefined {
  let newest: Mark | undefined
  for (let offset = 0; offset + markBytes <= bytes.length; offset += markBytes) {
    const body = bytes.subarray(offset, offset + markBytes - 4)
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, markBytes)
    if (crc32(body, 0) !== view.getUint32(markBytes - 4, true)) continue
    const count = Number(view.getBigUint64(0, true))
    if (newest === undefined || count > newest.count) newest = { count, chain: body.slice(8, 40) }
  }
  return newest
}
