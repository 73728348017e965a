import { type Address, asHash, assert, concatBytes, type Hash, uintToLe } from '@banyan/base'
import { tag } from '@banyan/crypto'
import type { StateView, StorageRow } from '../state/view.js'
import { type AccessKey, reads, storageKey, writes } from './access-key.js'
import type { CallContext, KeyContext } from './context.js'
import { chargeGas, gasPrices } from './gas.js'
import { decodeRecord, encodeRecord } from './record.js'
import { type Fields, type RecordOf, sizeOf, storageRowBytes, type Table } from './schema.js'

const rowTag = tag('banyan/row')

const rowCount = (table: Table): number => Math.ceil(sizeOf(table.row) / storageRowBytes)

/** What the keys of rows depend on: the contract that owns them, and a hash function. */
export type RowOwner = { readonly address: Address; readonly sha256: (bytes: Uint8Array) => Hash }

/**
 * Key of one storage row: SHA-256 of tag "banyan/row" ‖ contract ‖ table id (4) ‖ row of the record (4) ‖ key fields.
 * Every part has a size that the table fixes, so different rows have different inputs.
 */
function keyOfRow<Key extends Fields>(
  { address, sha256 }: RowOwner,
  table: Table<Key>,
  key: RecordOf<Key>,
  part: number,
): Hash {
  return asHash(
    sha256(
      concatBytes(
        rowTag,
        address,
        uintToLe(BigInt(table.id), 4),
        uintToLe(BigInt(part), 4),
        encodeRecord(table.key, key),
      ),
    ),
  )
}

function rowKey<Key extends Fields>(
  { contract, host }: KeyContext,
  table: Table<Key>,
  key: RecordOf<Key>,
  part: number,
): Hash {
  return keyOfRow({ address: contract.address, sha256: host.crypto.sha256 }, table, key, part)
}

/** The record under `key` as a view of the state shows it, outside of any call. */
export function read<Key extends Fields, Row extends Fields>(
  owner: RowOwner,
  view: Pick<StateView, 'storage'>,
  table: Table<Key, Row>,
  key: RecordOf<Key>,
): RecordOf<Row> {
  return recordOf(table, (part) => view.storage(keyOfRow(owner, table, key, part)))
}

/** The record that its rows make; a row that is not kept is zero. */
function recordOf<Row extends Fields>(
  table: Table<Fields, Row>,
  rowAt: (part: number) => Uint8Array | undefined,
): RecordOf<Row> {
  const bytes = new Uint8Array(sizeOf(table.row))
  for (let part = 0; part < rowCount(table); part++) {
    const row = rowAt(part)
    if (row !== undefined) bytes.set(row, part * storageRowBytes)
  }
  return decodeRecord(table.row, bytes)
}

/** The storage rows of a record, for a genesis that starts with it. */
export function rowsOf<Key extends Fields, Row extends Fields>(
  owner: RowOwner,
  table: Table<Key, Row>,
  key: RecordOf<Key>,
  record: RecordOf<Row>,
): readonly StorageRow[] {
  return recordParts(table, record).flatMap((value, part) =>
    value === null ? [] : [{ contract: owner.address, key: keyOfRow(owner, table, key, part), value }],
  )
}

/** A record cut into rows; `null` for those that are zero throughout, which are not kept. */
function recordParts<Row extends Fields>(
  table: Table<Fields, Row>,
  record: RecordOf<Row>,
): readonly (Uint8Array | null)[] {
  const bytes = encodeRecord(table.row, record)
  return Array.from({ length: rowCount(table) }, (_, part) => {
    const value = bytes.slice(part * storageRowBytes, (part + 1) * storageRowBytes)
    return value.some((byte) => byte !== 0) ? value : null
  })
}

/** Record under `key`; one that was never set, or set to zero throughout, reads as zero. */
export function get<Key extends Fields, Row extends Fields>(
  context: CallContext,
  table: Table<Key, Row>,
  key: RecordOf<Key>,
): RecordOf<Row> {
  return recordOf(table, (part) => {
    chargeGas(context.meter, gasPrices.rowRead)
    return context.overlay.storage(rowKey(context, table, key, part))
  })
}

/** Stores a record. Rows that are zero throughout are not kept. */
export function set<Key extends Fields, Row extends Fields>(
  context: CallContext,
  table: Table<Key, Row>,
  key: RecordOf<Key>,
  record: RecordOf<Row>,
): void {
  assert(!context.readOnly, 'a view writes nothing')
  for (const [part, value] of recordParts(table, record).entries()) {
    chargeGas(context.meter, gasPrices.rowWrite)
    context.overlay.setStorage(context.contract.address, rowKey(context, table, key, part), value)
  }
}

/** Access keys of reading a record. */
export function readKeys<Key extends Fields>(
  context: KeyContext,
  table: Table<Key>,
  key: RecordOf<Key>,
): AccessKey[] {
  const parts = Array.from({ length: rowCount(table) }, (_, part) => rowKey(context, table, key, part))
  return reads(...parts.map(storageKey))
}

/** Access keys of reading and writing a record. */
export function writeKeys<Key extends Fields>(
  context: KeyContext,
  table: Table<Key>,
  key: RecordOf<Key>,
): AccessKey[] {
  return writes(...readKeys(context, table, key).map((access) => access.key))
}
