import { verifyBranch } from './merkle.js'
import type { CryptoProvider } from './provider.js'

/** Fields of a block header, in the order of docs/formats.md, "Blocks". */
export const headerFields = [
  'version',
  'chainId',
  'height',
  'view',
  'parentId',
  'parentView',
  'proposer',
  'timestamp',
  'payloadRoot',
  'transactionCount',
  'receiptsRoot',
  'stateRoot',
  'sideChainRoot',
  'historyRoot',
  'nextCommitteeHash',
  'consensusData',
  'justification',
] as const

export type HeaderField = (typeof headerFields)[number]

/** Depth of the header's tree: 17 fields need five levels. */
export const headerDepth = 5

/**
 * Whether a field of the header with this id has the given 32-byte root: a number as 32-byte little-endian integer, a
 * hash as it is, an address padded with zeros, `consensusData` and `justification` by `byteListRoot` with depths 5 and
 * 15. `branch` has 160 bytes.
 */
export function verifyHeaderField(
  provider: CryptoProvider,
  blockId: Uint8Array,
  field: HeaderField,
  chunk: Uint8Array,
  branch: Uint8Array,
): boolean {
  const index = headerFields.indexOf(field)
  return index >= 0 && verifyBranch(provider, blockId, chunk, index, headerDepth, branch)
}
