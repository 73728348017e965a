import { compareBytes, equalBytes } from '@banyan/base'
import { containerRoot, mixInLength, rootFromBranch, verifyBranch } from './merkle.js'
import type { CryptoProvider } from './provider.js'
import {
  type KeyedTableName,
  rowLimitDepth,
  type TableName,
  tableLayouts,
  tableNames,
  tableRootDepth,
} from './state-tables.js'

/** Shows the bytes of one row of a state table under a state root. */
export type RowProof = {
  /** Row number, below `length`. */
  readonly row: number
  readonly bytes: Uint8Array
  /** Siblings of the row's root in the list of rows, from the bottom: 32 × 32 bytes. */
  readonly branch: Uint8Array
  /** Number of rows of the table. */
  readonly length: number
  /** Siblings of the table's root in the container of the seven table roots: 3 × 32 bytes. */
  readonly tableBranch: Uint8Array
}

/** Shows that no row has a key: the live rows with the keys around it, which may be the same row 0. */
export type AbsenceProof = {
  readonly low: RowProof
  readonly next: RowProof
}

/**
 * Whether the row has these bytes under the state root. In a keyed table this says nothing about a key: a row that
 * was freed can be shown too. Use `verifyPresence` to look up a key.
 */
export function verifyRow(
  provider: CryptoProvider,
  stateRoot: Uint8Array,
  table: TableName,
  proof: RowProof,
): boolean {
  const { row, bytes, branch, length, tableBranch } = proof
  if (bytes.length !== tableLayouts[table].rowBytes || branch.length !== 32 * rowLimitDepth) return false
  if (!Number.isInteger(length) || length > 2 ** rowLimitDepth || row >= length) return false
  const rowsRoot = rootFromBranch(provider, containerRoot(provider, bytes), row, branch)
  if (rowsRoot === undefined) return false
  const tableRoot = mixInLength(provider, rowsRoot, length)
  return verifyBranch(provider, stateRoot, tableRoot, tableNames.indexOf(table), tableRootDepth, tableBranch)
}

function keyOf(table: KeyedTableName, proof: RowProof): Uint8Array {
  const { keyOffset, keyLength } = tableLayouts[table]
  return proof.bytes.subarray(keyOffset, keyOffset + keyLength)
}

function nextOf(table: KeyedTableName, proof: RowProof): number {
  const { bytes } = proof
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(
    tableLayouts[table].nextOffset,
    true,
  )
}

/**
 * Whether a proven row is part of the ring of keys. A freed row has the all-zero key and a free-list link where live
 * rows have `next`; the only live row with the all-zero key is row 0.
 */
function isLive(table: KeyedTableName, proof: RowProof): boolean {
  const isZeroKey = keyOf(table, proof).every((byte) => byte === 0)
  return isZeroKey === (proof.row === 0)
}

/** Whether the proof shows the live row of `key` in the table. */
export function verifyPresence(
  provider: CryptoProvider,
  stateRoot: Uint8Array,
  table: KeyedTableName,
  key: Uint8Array,
  proof: RowProof,
): boolean {
  return (
    verifyRow(provider, stateRoot, table, proof) &&
    isLive(table, proof) &&
    equalBytes(keyOf(table, proof), key)
  )
}

/** Whether the proof shows that no row of the table has `key`. */
export function verifyAbsence(
  provider: CryptoProvider,
  stateRoot: Uint8Array,
  table: KeyedTableName,
  key: Uint8Array,
  proof: AbsenceProof,
): boolean {
  const { low, next } = proof
  if (key.length !== tableLayouts[table].keyLength) return false
  if (!verifyRow(provider, stateRoot, table, low) || !verifyRow(provider, stateRoot, table, next))
    return false
  // Whatever a live row points to is live.
  if (!isLive(table, low) || nextOf(table, low) !== next.row) return false
  const isAboveLow = compareBytes(keyOf(table, low), key) < 0
  const isBelowNext = next.row === 0 || compareBytes(key, keyOf(table, next)) < 0
  return isAboveLow && isBelowNext
}
