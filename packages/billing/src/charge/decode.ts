import { createReader, equalBytes, fail, type Reader, toHex } from '@banyan/base'
import {
  type ColumnKind,
  kindBytes,
  maxCount,
  maxCustomBytes,
  maxCustomFields,
  type PrivateColumns,
  type PublicColumns,
  privateColumns,
  publicColumns,
} from './columns.js'
import { schemaId } from './schema.js'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const refuse = (reason: string): never =>
  fail('StatementInvalid', { reason: `a row is malformed: ${reason}` })

function readText(reader: Reader): string {
  const [low, high] = reader.fixed(2)
  const bytes = reader.fixed(low! + 256 * high!)
  try {
    return decoder.decode(bytes)
  } catch {
    return refuse('a text is not UTF-8')
  }
}

function readColumns(
  reader: Reader,
  columns: readonly { readonly name: string; readonly kind: ColumnKind }[],
): Record<string, bigint | string> {
  const values: Record<string, bigint | string> = {}
  for (const { name, kind } of columns) {
    if (kind === 'text') values[name] = readText(reader)
    else if (kind === 'uint64') {
      const count = reader.big64()
      values[name] = count <= maxCount ? count : refuse('a count is beyond its bound')
    } else values[name] = toHex(reader.fixed(kindBytes[kind]))
  }
  reader.end()
  return values
}

/** The public columns of a row. Error: StatementInvalid if the bytes are not what `encodePublic` makes. */
export function decodePublic(bytes: Uint8Array): PublicColumns {
  const reader = createReader(bytes, refuse)
  if (!equalBytes(reader.fixed(32), schemaId)) refuse('its schema is another one')
  return readColumns(reader, publicColumns) as PublicColumns
}

/** The private columns. Error: StatementInvalid. */
export function decodePrivate(bytes: Uint8Array): PrivateColumns {
  const reader = createReader(bytes, refuse)
  reader.fixed(16)
  return readColumns(reader, privateColumns) as PrivateColumns
}

/** The custom fields. Error: StatementInvalid. */
export function decodeCustom(bytes: Uint8Array): Readonly<Record<string, string>> {
  if (bytes.length === 0) return {}
  if (bytes.length > 18 + maxCustomBytes) refuse('its custom fields are too long')
  const reader = createReader(bytes, refuse)
  reader.fixed(16)
  const [low, high] = reader.fixed(2)
  const count = low! + 256 * high!
  if (count > maxCustomFields) refuse('it has too many custom fields')
  const fields: [string, string][] = []
  for (let i = 0; i < count; i++) fields.push([readText(reader), readText(reader)])
  reader.end()
  return Object.fromEntries(fields)
}
