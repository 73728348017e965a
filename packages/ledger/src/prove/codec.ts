import { concatBytes, createReader, createWriter, fail, type Reader, type Writer } from '@banyan/base'
import {
  headerFields,
  type ListProof,
  levelsOf,
  type RowProof,
  receiptLayout,
  rowLimitDepth,
  type TableName,
  type TransactionProof,
  tableLayouts,
  tableRootDepth,
  zeroHashes,
} from '@banyan/crypto'
import type { HeaderFieldProof } from './block.js'
import type { KeyProof } from './rows.js'

/**
 * Byte forms of proofs of parts of the state and of blocks: docs/formats.md "Proofs". Siblings of levels above those
 * that a list needs are roots of empty subtrees and left out.
 */

/** What stands in the payload or the receipts of a block. */
export type ReceiptProof = { readonly receipt: Uint8Array; readonly proof: ListProof }

const maxListLength = 2 ** 22

function refuse(reason: string): never {
  return fail('ProofMalformed', { reason })
}

/** Reads all of the bytes. Error: ProofMalformed. */
function whole<Value>(bytes: Uint8Array, read: (from: Reader) => Value): Value {
  const from = createReader(bytes, refuse)
  const value = read(from)
  from.end()
  return value
}

function writeRow(out: Writer, { row, bytes, branch, length, tableBranch }: RowProof): void {
  out.u32(row).u64(length).fixed(bytes)
  out.fixed(branch.subarray(0, 32 * levelsOf(length))).fixed(tableBranch)
}

function readRow(from: Reader, table: TableName): RowProof {
  const row = from.u32(0xffffffff)
  const length = from.u64()
  if (length > 2 ** rowLimitDepth || row >= length) refuse('a row is beyond its table')
  const bytes = from.fixed(tableLayouts[table].rowBytes)
  const levels = levelsOf(length)
  const branch = concatBytes(from.fixed(32 * levels), ...zeroHashes.slice(levels, rowLimitDepth))
  return { row, bytes, branch, length, tableBranch: from.fixed(32 * tableRootDepth) }
}

export function encodeRowProof(proof: RowProof): Uint8Array {
  const out = createWriter()
  writeRow(out, proof)
  return out.done()
}

/** Error: ProofMalformed. */
export function decodeRowProof(table: TableName, bytes: Uint8Array): RowProof {
  return whole(bytes, (from) => readRow(from, table))
}

export function encodeKeyProof(proof: KeyProof): Uint8Array {
  const out = createWriter().u8(proof.kind === 'present' ? 0 : 1)
  const rows = proof.kind === 'present' ? [proof.row] : [proof.absence.low, proof.absence.next]
  for (const row of rows) writeRow(out, row)
  return out.done()
}

/** Error: ProofMalformed. */
export function decodeKeyProof(table: TableName, bytes: Uint8Array): KeyProof {
  return whole(bytes, (from) =>
    from.u8(1) === 0
      ? { kind: 'present', row: readRow(from, table) }
      : { kind: 'absent', absence: { low: readRow(from, table), next: readRow(from, table) } },
  )
}

function writeList(out: Writer, { index, length, branch }: ListProof): void {
  out.u32(index).u32(length).fixed(branch)
}

function readList(from: Reader): ListProof {
  const index = from.u32(maxListLength)
  const length = from.u32(maxListLength)
  return { index, length, branch: from.fixed(32 * levelsOf(length)) }
}

export function encodeReceiptProof({ receipt, proof }: ReceiptProof): Uint8Array {
  const out = createWriter().fixed(receipt)
  writeList(out, proof)
  return out.done()
}

/** Error: ProofMalformed. */
export function decodeReceiptProof(bytes: Uint8Array): ReceiptProof {
  return whole(bytes, (from) => ({ receipt: from.fixed(receiptLayout.bytes), proof: readList(from) }))
}

export function encodeTransactionProof({ seal, kind, batch, payload }: TransactionProof): Uint8Array {
  const out = createWriter().fixed(seal).u8(kind)
  writeList(out, batch)
  writeList(out, payload)
  return out.done()
}

/** Error: ProofMalformed. */
export function decodeTransactionProof(bytes: Uint8Array): TransactionProof {
  return whole(bytes, (from) => ({
    seal: from.fixed(32),
    kind: from.u8(1),
    batch: readList(from),
    payload: readList(from),
  }))
}

export function encodeFieldProof({ field, chunk, branch }: HeaderFieldProof): Uint8Array {
  return createWriter().u8(headerFields.indexOf(field)).fixed(chunk).fixed(branch).done()
}

/** Error: ProofMalformed. */
export function decodeFieldProof(bytes: Uint8Array): HeaderFieldProof {
  return whole(bytes, (from) => ({
    field: headerFields[from.u8(headerFields.length - 1)]!,
    chunk: from.fixed(32),
    branch: from.fixed(160),
  }))
}
