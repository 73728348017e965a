import { type Address, addressLength, assert } from '@banyan/base'

/** Field types of table rows: all of fixed size, so that a record has one encoding. */
export const fieldSizes = {
  bool: 1,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  uint128: 16,
  uint256: 32,
  address: addressLength,
  bytes32: 32,
  /** Up to 31 bytes of UTF-8, after one byte of length. */
  string31: 32,
} as const

export type FieldType = keyof typeof fieldSizes

export type FieldValue<Type extends FieldType> = Type extends 'bool'
  ? boolean
  : Type extends 'uint8' | 'uint16' | 'uint32'
    ? number
    : Type extends 'uint64' | 'uint128' | 'uint256'
      ? bigint
      : Type extends 'address'
        ? Address
        : Type extends 'bytes32'
          ? Uint8Array
          : string

/** Names and types of fields; their order of declaration is their order in the encoding. */
export type Fields = Readonly<Record<string, FieldType>>

export type RecordOf<Schema extends Fields> = {
  readonly [Name in keyof Schema]: FieldValue<Schema[Name]>
}

/** Schema of one table. The id is unique in its contract and never reused: it is part of every row key. */
export type Table<Key extends Fields = Fields, Row extends Fields = Fields> = {
  readonly id: number
  readonly name: string
  readonly key: Key
  readonly row: Row
}

/** Bytes of one storage row, and the most rows that one record may take. */
export const storageRowBytes = 64
const maxRecordRows = 16

export function sizeOf(fields: Fields): number {
  return Object.values(fields).reduce((size, type) => size + fieldSizes[type], 0)
}

/** Checks a table's sizes and keeps the literal types of its fields. */
export function defineTable<const Key extends Fields, const Row extends Fields>(
  table: Table<Key, Row>,
): Table<Key, Row> {
  const size = sizeOf(table.row)
  assert(size > 0 && size <= storageRowBytes * maxRecordRows, `record of table ${table.name} fits its rows`)
  return table
}
