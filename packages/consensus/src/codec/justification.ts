import { concatBytes } from '@banyan/base'
import type { BlockRef, Justification } from '../core/events.js'
import { maxSkippedViews } from '../justification.js'
import type { Certificate } from '../vote.js'
import { encodeCertificate, readCertificate } from './certificate.js'
import { decodeWhole, integer, type Reader } from './reader.js'
import { readSigner } from './vote.js'

/** Most bytes of a justification, which bounds the field of the header. */
export const maxJustificationBytes = 2 ** 20
/** Most bytes of a block's part for consensus. */
export const maxBlockRefBytes = maxJustificationBytes + 90

export function readJustification(reader: Reader): Justification {
  const parents = reader.byte()
  if (parents > 1) reader.refuse(`it has ${parents} parents`)
  const parent = parents === 1 ? readCertificate(reader) : undefined
  const count = reader.short()
  if (count > maxSkippedViews) reader.refuse(`it skips ${count} views`)
  const skipped: Certificate[] = []
  for (let i = 0; i < count; i++) skipped.push(readCertificate(reader))
  return { parent, skipped }
}

/** Bytes of a justification (docs/formats.md, "Justification"), as the header embeds them. */
export function encodeJustification({ parent, skipped }: Justification): Uint8Array {
  return concatBytes(
    integer(parent === undefined ? 0 : 1, 1),
    parent === undefined ? new Uint8Array(0) : encodeCertificate(parent),
    integer(skipped.length, 2),
    ...skipped.map(encodeCertificate),
  )
}

/** Throws `ConsensusBytesMalformed`. */
export function decodeJustification(bytes: Uint8Array): Justification {
  return decodeWhole('justification', bytes, maxJustificationBytes, readJustification)
}

export function blockRefBytes(block: BlockRef): Uint8Array {
  return concatBytes(
    block.id,
    integer(block.view, 8),
    integer(block.height, 8),
    block.parentId,
    integer(block.parentView, 8),
    integer(block.proposer, 2),
    encodeJustification(block.justification),
  )
}

export function readBlockRef(reader: Reader): BlockRef {
  return {
    id: reader.hash(),
    view: reader.long(),
    height: reader.long(),
    parentId: reader.hash(),
    parentView: reader.long(),
    proposer: readSigner(reader),
    justification: readJustification(reader),
  }
}
