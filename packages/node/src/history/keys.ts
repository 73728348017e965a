import type { Hash } from '@banyan/base'

/** First byte of each key: what the entry is. docs/node.md "History" has the table. Numbers in keys are big-endian. */
export const space = {
  about: 0,
  state: 1,
  record: 2,
  header: 3,
  blockId: 4,
  rows: 5,
  skipped: 6,
  logs: 7,
  ordinal: 8,
  section: 9,
  bucket: 10,
  frequent: 11,
  recent: 12,
} as const

/** Spaces whose keys start with the height of a block. */
export const heightSpaces = [space.record, space.header, space.rows, space.skipped, space.logs] as const

export const aboutKey: Uint8Array = Uint8Array.of(space.about)
export const stateKey: Uint8Array = Uint8Array.of(space.state)

export function heightKey(kind: number, height: number): Buffer {
  const key = Buffer.allocUnsafe(7)
  key[0] = kind
  key.writeUIntBE(height, 1, 6)
  return key
}

/** Key of the part `part` of what a block has in one space. */
export function partKey(kind: number, height: number, part: number): Buffer {
  const key = Buffer.allocUnsafe(10)
  key[0] = kind
  key.writeUIntBE(height, 1, 6)
  key.writeUIntBE(part, 7, 3)
  return key
}

export function blockIdKey(id: Hash): Buffer {
  return Buffer.concat([Uint8Array.of(space.blockId), id])
}

export function ordinalKey(ordinal: number): Buffer {
  return heightKey(space.ordinal, ordinal)
}

export function sectionKey(section: number): Buffer {
  const key = Buffer.allocUnsafe(5)
  key[0] = space.section
  key.writeUInt32BE(section, 1)
  return key
}

export function bucketKey(bucket: number, section: number): Buffer {
  const key = Buffer.allocUnsafe(7)
  key[0] = space.bucket
  key.writeUInt16BE(bucket, 1)
  key.writeUInt32BE(section, 3)
  return key
}

/** Section in the key of a bucket. */
export function sectionOf(key: Buffer): number {
  return key.readUInt32BE(3)
}

export function frequentKey(bucket: number, mark: number, section: number): Buffer {
  const key = Buffer.allocUnsafe(11)
  key[0] = space.frequent
  key.writeUInt16BE(bucket, 1)
  key.writeUInt32BE(mark, 3)
  key.writeUInt32BE(section, 7)
  return key
}
