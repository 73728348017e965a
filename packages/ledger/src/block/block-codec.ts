import { concatBytes, fail } from '@banyan/base'
import { readU32, writeU32 } from '../tx/little-endian.js'
import { type Batch, decodeBatch, payloadDepth } from './batch.js'
import { decodeHeader, encodeHeader, type Header } from './header.js'

/** Largest encoded block, in the log and on the wire. */
export const maxBlockBytes = 2 ** 27

/** A header with the batches that its payload root commits to. */
export type Block = { readonly header: Header; readonly batches: readonly Batch[] }

const fixedBytes = 8
const maxBatches = 2 ** payloadDepth
const blank = new Uint8Array(8)

/** Every part of a block starts on an eight-byte boundary, so that transfers can be read where they are. */
function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

/**
 * The encoding of a block (docs/formats.md "Encoded blocks") as parts that stand back to back. Batches are not copied.
 * Error: BlockTooLarge.
 */
export function blockParts({ header, batches }: Block): readonly Uint8Array[] {
  if (batches.length > maxBatches) fail('BlockTooLarge', { what: 'batches', limit: maxBatches })
  const contents = [encodeHeader(header), ...batches.map(({ bytes }) => bytes)]
  const lengths = new Uint8Array(padded(fixedBytes + 4 * batches.length))
  writeU32(lengths, 0, batches.length)
  const parts: Uint8Array[] = [lengths]
  let total = lengths.length
  for (const [i, content] of contents.entries()) {
    writeU32(lengths, 4 + 4 * i, content.length)
    const padding = padded(content.length) - content.length
    parts.push(content)
    if (padding > 0) parts.push(blank.subarray(0, padding))
    total += content.length + padding
  }
  if (total > maxBlockBytes) fail('BlockTooLarge', { what: 'bytes', limit: maxBlockBytes })
  return parts
}

/** The encoding of a block in one piece. Error: BlockTooLarge. */
export function encodeBlock(block: Block): Uint8Array {
  return concatBytes(...blockParts(block))
}

/**
 * The block in `bytes`, which hold nothing else. Batches are views of `bytes` if these start on an eight-byte boundary,
 * else copies. Only the form is checked: what the header says about the batches is for `verifyBlock`.
 * Errors: BlockMalformed, BlockTooLarge.
 */
export function decodeBlock(bytes: Uint8Array): Block {
  if (bytes.length > maxBlockBytes) fail('BlockTooLarge', { what: 'bytes', limit: maxBlockBytes })
  if (bytes.length < fixedBytes) fail('BlockMalformed', { reason: 'it is shorter than its lengths' })
  const batchCount = readU32(bytes, 0)
  if (batchCount > maxBatches) fail('BlockTooLarge', { what: 'batches', limit: maxBatches })
  let offset = endOfPart(bytes, fixedBytes + 4 * batchCount)
  const contents: Uint8Array[] = []
  for (let i = 0; i <= batchCount; i++) {
    const end = offset + readU32(bytes, 4 + 4 * i)
    const next = endOfPart(bytes, end)
    contents.push(bytes.subarray(offset, end))
    offset = next
  }
  if (offset !== bytes.length) fail('BlockMalformed', { reason: 'something follows its last batch' })
  const [header, ...batches] = contents
  return { header: decodeHeader(header!), batches: batches.map(decodeBatch) }
}

/** The next boundary from `end` on. Up to there only zeros may stand. */
function endOfPart(bytes: Uint8Array, end: number): number {
  if (padded(end) > bytes.length) fail('BlockMalformed', { reason: 'it ends too early' })
  for (let at = end; at < padded(end); at++) {
    if (bytes[at] !== 0) fail('BlockMalformed', { reason: 'its padding is not zero' })
  }
  return padded(end)
}
