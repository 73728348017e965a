import { fail, fromHex, type Hex } from '@banyan/base'
import type { Charge } from './charge.js'
import {
  type ColumnKind,
  kindBytes,
  maxCount,
  maxCustomBytes,
  maxCustomFields,
  maxPublicTextBytes,
  maxTextBytes,
  offsets,
  type PublicColumns,
  privateColumns,
  publicColumns,
} from './columns.js'
import { schemaId } from './schema.js'

/** The byte form of charges: docs/formats.md "Charges". Two different charges never have the same bytes. */

/** What is named in errors. */
type Named = Pick<Charge, 'id'>
type Column = { readonly name: string; readonly kind: ColumnKind }

const encoder = new TextEncoder()
const hexValue = new Int8Array(128).fill(-1)
for (let i = 0; i < 16; i++) hexValue['0123456789abcdef'.charCodeAt(i)] = i

/** Memory for one part of a row, used again for each: encoding allocates nothing but its results. A part has fewer bytes. */
const scratch = new Uint8Array(2 ** 16)
const view = new DataView(scratch.buffer)

function refuse(charge: Named, column: string, reason: string): never {
  return fail('ChargeInvalid', { id: charge.id, column, reason })
}

function writeHex(charge: Named, name: string, text: string, length: number, at: number): void {
  if (text.length !== 2 + 2 * length || text.charCodeAt(0) !== 48 || text.charCodeAt(1) !== 120)
    refuse(charge, name, `is not 0x and ${2 * length} digits`)
  for (let i = 0; i < length; i++) {
    const high = hexValue[text.charCodeAt(2 + 2 * i)] ?? -1
    const low = hexValue[text.charCodeAt(3 + 2 * i)] ?? -1
    if (high < 0 || low < 0) refuse(charge, name, `is not 0x and ${2 * length} digits in small letters`)
    scratch[at + i] = (high << 4) | low
  }
}

function writeText(charge: Named, name: string, text: string, limit: number, at: number): number {
  if (text.length > limit) refuse(charge, name, `has more than ${limit} bytes`)
  if (/\p{Surrogate}/u.test(text)) refuse(charge, name, 'is not valid Unicode')
  const { written } = encoder.encodeInto(text, scratch.subarray(at + 2, at + 2 + 3 * limit))
  if (written > limit) refuse(charge, name, `has more than ${limit} bytes`)
  view.setUint16(at, written, true)
  return at + 2 + written
}

function writeColumns(
  charge: Named,
  columns: readonly Column[],
  values: Readonly<Record<string, unknown>>,
  limit: number,
  start: number,
): number {
  let at = start
  for (const { name, kind } of columns) {
    const value = values[name]
    if (kind === 'hash') {
      scratch.fill(0, at, at + 32)
      at += 32
    } else if (kind === 'uint64') {
      if (typeof value !== 'bigint' || value < 0n || value > maxCount)
        refuse(charge, name, 'is not a count below 2^53')
      view.setBigUint64(at, value, true)
      at += 8
    } else if (typeof value !== 'string') {
      refuse(charge, name, 'is missing')
    } else if (kind === 'text') {
      at = writeText(charge, name, value, limit, at)
    } else {
      writeHex(charge, name, value, kindBytes[kind], at)
      at += kindBytes[kind]
    }
  }
  return at
}

/** The first half of the salt, then the private columns. */
export function encodePrivate(charge: Charge): Uint8Array {
  writeHex(charge, 'salt', charge.salt, 32, 0)
  return scratch.slice(0, writeColumns(charge, privateColumns, charge.private, maxTextBytes, 16))
}

/** The second half of the salt, then names and values in the order of the names; nothing if there are no fields. */
export function encodeCustom(charge: Charge): Uint8Array {
  const names = Object.keys(charge.custom)
  if (names.length === 0) return new Uint8Array(0)
  if (names.length > maxCustomFields) refuse(charge, 'custom', `has more than ${maxCustomFields} fields`)
  writeHex(charge, 'salt', charge.salt, 32, 0)
  scratch.copyWithin(0, 16, 32)
  view.setUint16(16, names.length, true)
  let at = 18
  for (const name of names.sort()) {
    if (!/^[\x21-\x7e]{1,64}$/.test(name))
      refuse(charge, 'custom', 'has a name that is not 1 to 64 signs of ASCII')
    at = writeText(charge, 'custom', name, maxCustomBytes, at)
    at = writeText(charge, 'custom', charge.custom[name]!, maxCustomBytes, at)
    if (at > 18 + maxCustomBytes) refuse(charge, 'custom', `has more than ${maxCustomBytes} bytes`)
  }
  return scratch.slice(0, at)
}

/** The id of the schema, then the public columns; both commitments are zeros until `hashRow` fills them in. */
export function encodePublic(charge: Omit<PublicColumns, 'customHash' | 'privateHash'>): Uint8Array {
  scratch.set(schemaId)
  return scratch.slice(0, writeColumns(charge, publicColumns, charge, maxPublicTextBytes, 32))
}

/** Public columns that are complete, both commitments included. Error: ChargeInvalid. */
export function encodeColumns(columns: PublicColumns): Uint8Array {
  const open = encodePublic(columns)
  open.set(fromHex(columns.privateHash as Hex) ?? [], offsets.privateHash)
  open.set(fromHex(columns.customHash as Hex) ?? [], offsets.customHash)
  return open
}
