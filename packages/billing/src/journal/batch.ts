import { asHash, concatBytes, equalBytes, fail, type Hash, uintToLe } from '@banyan/base'
import type { Row } from '../charge/charge.js'
import { hashRow, type Keccak, type Parts } from '../charge/seal.js'

/**
 * A record of the journal: docs/formats.md "Journals of charges". Its head names the root of the batch before, so that no batch can be exchanged,
 * removed or put in between.
 */

const headBytes = 32 + 8 + 4
/** Three lengths and the hash of the row. */
const rowHeadBytes = 12 + 32

export const maxBatchRows = 4_096
/** Bytes at which a batch takes no further row; one row has fewer. */
export const fullBatchBytes = 2 ** 22
export const maxBatchBytes = 2 ** 23

export function batchRowBytes({ public: open, private: hidden, custom }: Parts): number {
  return rowHeadBytes + open.length + hidden.length + custom.length
}

/** Rows without hashes. */
export function encodeRows(rows: readonly Parts[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headBytes + rows.reduce((sum, row) => sum + batchRowBytes(row), 0))
  const view = new DataView(bytes.buffer)
  view.setUint32(40, rows.length, true)
  let at = headBytes
  for (const { public: open, private: hidden, custom } of rows) {
    view.setUint32(at, open.length, true)
    view.setUint32(at + 4, hidden.length, true)
    view.setUint32(at + 8, custom.length, true)
    at += rowHeadBytes
    for (const part of [open, hidden, custom]) {
      bytes.set(part, at)
      at += part.length
    }
  }
  return bytes
}

type RowPlace = { readonly head: number; readonly parts: Parts }

/** The rows of a batch, as views. Errors: JournalForged. */
function* placesOf(batch: Uint8Array): Generator<RowPlace, void, undefined> {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length)
  let at = headBytes
  for (let left = view.getUint32(40, true); left > 0; left--) {
    const head = at
    at += rowHeadBytes
    const take = (field: number): Uint8Array => {
      const length = view.getUint32(head + field, true)
      at += length
      return batch.subarray(at - length, at)
    }
    const parts = { public: take(0), private: take(4), custom: take(8) }
    if (at > batch.length) fail('JournalForged', { sequence: firstOf(batch), reason: 'a row ends too late' })
    yield { head, parts }
  }
}

/** Fills in all hashes of the rows, in place. */
export function hashBatch(batch: Uint8Array, keccak256: Keccak): void {
  for (const { head, parts } of placesOf(batch)) batch.set(hashRow(parts, keccak256), head + 12)
}

/** Sets the head of a batch with hashes, and gives its root. */
export function linkBatch(batch: Uint8Array, previous: Hash, first: number, keccak256: Keccak): Hash {
  batch.set(previous)
  batch.set(uintToLe(BigInt(first), 8), 32)
  return rootOf(batch, keccak256)
}

/** `Keccak(head ‖ row hashes)`. */
export function rootOf(batch: Uint8Array, keccak256: Keccak): Hash {
  const hashes = [...placesOf(batch)].map(({ head }) => batch.subarray(head + 12, head + rowHeadBytes))
  return keccak256(concatBytes(batch.subarray(0, headBytes), ...hashes))
}

export function previousOf(batch: Uint8Array): Hash {
  return asHash(batch.subarray(0, 32))
}

export function firstOf(batch: Uint8Array): number {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length)
  return Number(view.getBigUint64(32, true))
}

export function countOf(batch: Uint8Array): number {
  return new DataView(batch.buffer, batch.byteOffset, batch.length).getUint32(40, true)
}

/** The rows of a batch, as views of it. Error: JournalForged. */
export function rowsOf(batch: Uint8Array): readonly Row[] {
  const first = firstOf(batch)
  return [...placesOf(batch)].map(({ head, parts }, i) => ({
    sequence: first + i,
    rowHash: batch.subarray(head + 12, head + rowHeadBytes),
    ...parts,
  }))
}

/** Computes all hashes of a row again. Error: JournalForged. */
export function auditRow(row: Row, keccak256: Keccak): void {
  const parts = { public: row.public.slice(), private: row.private, custom: row.custom }
  const hash = hashRow(parts, keccak256)
  if (!equalBytes(hash, row.rowHash) || !equalBytes(parts.public, row.public))
    fail('JournalForged', { sequence: row.sequence, reason: 'its hashes are those of another row' })
}
