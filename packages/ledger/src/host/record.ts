import { assert, concatBytes, leToUint, uintToLe, utf8 } from '@banyan/base'
import { type Fields, type FieldType, fieldSizes, type RecordOf, sizeOf } from './schema.js'

/** Integers little-endian, others as they are; text with its length in front, padded with zeros. */
function encodeField(type: FieldType, value: unknown): Uint8Array {
  const size = fieldSizes[type]
  if (type === 'bool') return Uint8Array.of(value === true ? 1 : 0)
  if (type === 'address' || type === 'bytes32') {
    const bytes = value as Uint8Array
    assert(bytes.length === size, `a field of type ${type} has ${size} bytes`)
    return bytes
  }
  if (type === 'string31') {
    const text = utf8(value as string)
    assert(text.length < size, 'a text field has at most 31 bytes')
    return concatBytes(Uint8Array.of(text.length), text, new Uint8Array(size - 1 - text.length))
  }
  const integer = BigInt(value as bigint | number)
  assert(integer >= 0n && integer < 1n << BigInt(8 * size), `the value of a field fits ${type}`)
  return uintToLe(integer, size)
}

function decodeField(type: FieldType, bytes: Uint8Array): unknown {
  if (type === 'bool') return bytes[0] === 1
  if (type === 'address' || type === 'bytes32') return bytes.slice()
  if (type === 'string31') return new TextDecoder().decode(bytes.subarray(1, 1 + bytes[0]!))
  const integer = leToUint(bytes)
  return bytes.length <= 4 ? Number(integer) : integer
}

/** One byte form of a record: its fields in order of declaration. */
export function encodeRecord<Schema extends Fields>(schema: Schema, record: RecordOf<Schema>): Uint8Array {
  return concatBytes(...Object.entries(schema).map(([name, type]) => encodeField(type, record[name])))
}

export function decodeRecord<Schema extends Fields>(schema: Schema, bytes: Uint8Array): RecordOf<Schema> {
  assert(bytes.length === sizeOf(schema), 'a stored record has the size of its schema')
  let offset = 0
  const entries = Object.entries(schema).map(([name, type]) => {
    const start = offset
    offset += fieldSizes[type]
    return [name, decodeField(type, bytes.subarray(start, offset))]
  })
  return Object.fromEntries(entries) as RecordOf<Schema>
}
