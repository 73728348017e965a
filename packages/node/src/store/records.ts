import { asHash, fail, type Hash } from '@banyan/base'
import { type Block, blockParts } from '@banyan/ledger'

/**
 * Records of the block log (docs/formats.md "Records of the block log"): a prefix of 16 bytes, so that what follows
 * stands on an eight-byte boundary, then a block and its proposer's vote, or the proof that a block is final.
 */
export const prefixBytes = 16
const kinds = { block: 1, final: 2 } as const

export type BlockLogRecord = {
  readonly kind: 'block' | 'final'
  /** Of the block that is stored or final. */
  readonly height: number
  readonly content: Uint8Array
  /** The proposer's vote of a block, opaque here; empty where it was not known. */
  readonly vote: Uint8Array
}

function prefix(kind: 'block' | 'final', height: number, voteBytes: number): Uint8Array {
  const bytes = new Uint8Array(prefixBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, kinds[kind], true)
  view.setUint32(4, voteBytes, true)
  view.setBigUint64(8, BigInt(height), true)
  return bytes
}

/** Parts of the record of a block. Error: BlockTooLarge. */
export function blockRecord(block: Block, vote: Uint8Array): readonly Uint8Array[] {
  const parts = [prefix('block', block.header.height, vote.length), ...blockParts(block)]
  return vote.length === 0 ? parts : [...parts, vote]
}

/** Parts of the record that makes a stored block and all its ancestors final. `proof` is opaque here. */
export function finalRecord(height: number, id: Hash, proof: Uint8Array): readonly Uint8Array[] {
  return [prefix('final', height, 0), id, proof]
}

/** Error: BlockMalformed. */
export function readBlockLogRecord(payload: Uint8Array): BlockLogRecord {
  if (payload.length < prefixBytes) fail('BlockMalformed', { reason: 'a record is shorter than its prefix' })
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  const number = view.getUint32(0, true)
  if (number !== kinds.block && number !== kinds.final) {
    fail('BlockMalformed', { reason: `a record is of the unknown kind ${number}` })
  }
  const end = payload.length - view.getUint32(4, true)
  if (end < prefixBytes) fail('BlockMalformed', { reason: 'a record is shorter than the vote in it' })
  return {
    kind: number === kinds.block ? 'block' : 'final',
    height: Number(view.getBigUint64(8, true)),
    content: payload.subarray(prefixBytes, end),
    vote: payload.slice(end),
  }
}

/** What a record of kind `final` holds. Error: BlockMalformed. */
export function readFinality(content: Uint8Array): { readonly id: Hash; readonly proof: Uint8Array } {
  if (content.length < 32) fail('BlockMalformed', { reason: 'a proof of finality names no block' })
  return { id: asHash(content.slice(0, 32)), proof: content.slice(32) }
}
