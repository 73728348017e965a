import { asHash, type Hash } from '@banyan/base'
import type { FinalRange } from '../store/range.js'
import { malformed, reader, writer } from './bytes.js'
import { maxProof, readHashes, writeHashes } from './messages.js'

/** What nodes ask each other (docs/formats.md "Requests between nodes"). */
export type Request =
  /** Final blocks with the proof of the last one: parts as of `rangeParts`. */
  | { readonly kind: 'range'; readonly from: number; readonly maxBlocks: number }
  /** A block by its id, final or not: one part, an encoded block. */
  | { readonly kind: 'block'; readonly id: Hash }
  /** Batches by their digests: one part for each that the other side has, in this order. */
  | { readonly kind: 'batches'; readonly digests: readonly Hash[] }
  /** Records of finished epochs, one part each. */
  | { readonly kind: 'epochs'; readonly from: number }
  /** The newest snapshot, and what vouches for it: parts as of `offerParts`. */
  | { readonly kind: 'offer' }
  /** The chunks of a snapshot, one part each. */
  | { readonly kind: 'snapshot'; readonly height: number }

const kinds = ['range', 'block', 'batches', 'epochs', 'offer', 'snapshot'] as const
export const maxRangeBlocks = 32
const maxBatches = 1024

export function encodeRequest(request: Request): Uint8Array {
  const out = writer().u32(kinds.indexOf(request.kind))
  switch (request.kind) {
    case 'range':
      out.u64(request.from).u32(request.maxBlocks)
      break
    case 'block':
      out.fixed(request.id)
      break
    case 'batches':
      writeHashes(out, request.digests)
      break
    case 'epochs':
      out.u64(request.from)
      break
    case 'offer':
      break
    case 'snapshot':
      out.u64(request.height)
      break
  }
  return out.done()
}

/** Error: MessageMalformed. */
export function decodeRequest(bytes: Uint8Array): Request {
  const from = reader(bytes)
  const kind = kinds[from.u32(kinds.length - 1)]!
  const read = (): Request => {
    switch (kind) {
      case 'range':
        return { kind, from: from.u64(), maxBlocks: from.u32(maxRangeBlocks) }
      case 'block':
        return { kind, id: asHash(from.fixed(32)) }
      case 'batches':
        return { kind, digests: readHashes(from, maxBatches) }
      case 'epochs':
        return { kind, from: from.u64() }
      case 'offer':
        return { kind }
      case 'snapshot':
        return { kind, height: from.u64() }
    }
  }
  const request = read()
  from.end()
  return request
}

/** The parts of an answer to `range`: id, height and proof of the last block, then every block. */
export function rangeParts({ id, height, proof, blocks }: FinalRange): readonly Uint8Array[] {
  return [writer().fixed(id).u64(height).bytes(proof).done(), ...blocks]
}

/** Error: MessageMalformed. */
export function readRangeParts(parts: readonly Uint8Array[]): FinalRange {
  const [head, ...blocks] = parts
  if (head === undefined || blocks.length === 0) malformed('a range has no blocks')
  const from = reader(head)
  const range = { id: asHash(from.fixed(32)), height: from.u64(), proof: from.bytes(maxProof), blocks }
  from.end()
  return range
}

/** The parts of an answer to `offer`: the height of the snapshot, then a range that starts above it. */
export function offerParts(height: number, range: FinalRange): readonly Uint8Array[] {
  return [writer().u64(height).done(), ...rangeParts(range)]
}

/** Error: MessageMalformed. */
export function readOfferParts(parts: readonly Uint8Array[]): {
  readonly height: number
  readonly range: FinalRange
} {
  const [head, ...rest] = parts
  if (head === undefined) malformed('an offer is empty')
  const from = reader(head)
  const height = from.u64()
  from.end()
  return { height, range: readRangeParts(rest) }
}
