import { asHash, fail, type Hash } from '@banyan/base'
import { type Block, blockParts } from '@banyan/ledger'

/**
 * Records of the block log (docs/formats.md "Records of the block log"): a prefix of 24 bytes, so that what follows
 * stands on an eight-byte boundary, then a block, or the proof that one is final.
 */
const prefixBytes = 24
const kinds = { block: 1, final: 2 } as const

export type BlockLogRecord = {
  readonly kind: 'block' | 'final'
  /** Of the block that is stored or final. */
  readonly height: number
  /** Number of votes that were durable before. */
  readonly votes: number
  readonly content: Uint8Array
}

function prefix(kind: 'block' | 'final', height: number, votes: number): Uint8Array {
  const bytes = new Uint8Array(prefixBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, kinds[kind], true)
  view.setBigUint64(8, BigInt(height), true)
  view.setBigUint64(16, BigInt(votes), true)
  return bytes
}

/** Parts of the record of a block. Error: BlockTooLarge. */
export function blockRecord(block: Block, votes: number): readonly Uint8Array[] {
  return [prefix('block', block.header.height, votes), ...blockParts(block)]
}

/** Parts of the record that makes a stored block and all its ancestors final. `proof` is opaque here. */
export function finalRecord(
  height: number,
  id: Hash,
  proof: Uint8Array,
  votes: number,
): readonly Uint8Array[] {
  return [prefix('final', height, votes), id, proof]
}

/** Error: BlockMalformed. */
export function readBlockLogRecord(payload: Uint8Array): BlockLogRecord {
  if (payload.length < prefixBytes) fail('BlockMalformed', { reason: 'a record is shorter than its prefix' })
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  const number = view.getUint32(0, true)
  if (number !== kinds.block && number !== kinds.final) {
    fail('BlockMalformed', { reason: `a record is of the unknown kind ${number}` })
  }
  return {
    kind: number === kinds.block ? 'block' : 'final',
    height: Number(view.getBigUint64(8, true)),
    votes: Number(view.getBigUint64(16, true)),
    content: payload.subarray(prefixBytes),
  }
}

/** What a record of kind `final` holds. Error: BlockMalformed. */
export function readFinality(content: Uint8Array): { readonly id: Hash; readonly proof: Uint8Array } {
  if (content.length < 32) fail('BlockMalformed', { reason: 'a proof of finality names no block' })
  return { id: asHash(content.slice(0, 32)), proof: content.slice(32) }
}
