import { type Address, asAddress, asHash, concatBytes, fail, type Hash } from '@banyan/base'
import { ByteListType, ByteVectorType, ContainerType, UintBigintType, UintNumberType } from '@chainsafe/ssz'

/** All that a block commits to; its hash tree root is the block id. Layout in docs/formats.md "Blocks". */
export type Header = {
  readonly version: number
  readonly chainId: bigint
  readonly height: number
  readonly view: number
  readonly parentId: Hash
  readonly parentView: number
  readonly proposer: Address
  /** Milliseconds since the Unix epoch, above the parent's. */
  readonly timestamp: bigint
  readonly payloadRoot: Hash
  readonly transactionCount: number
  readonly receiptsRoot: Hash
  /** After the parent block. */
  readonly stateRoot: Hash
  readonly sideChainRoot: Hash
  /** Mountain range over the ids of all earlier blocks. */
  readonly historyRoot: Hash
  readonly nextCommitteeHash: Hash
  /** Opaque to the ledger, at most 1,024 bytes. */
  readonly consensusData: Uint8Array
  /** Certificates that justify the block, at most 2^20 bytes. */
  readonly justification: Uint8Array
}

export const headerVersion = 1

const bytes32 = new ByteVectorType(32)
const uint64 = new UintNumberType(8)
const HeaderContainer = new ContainerType({
  version: new UintNumberType(4),
  chainId: new UintBigintType(8),
  height: uint64,
  view: uint64,
  parentId: bytes32,
  parentView: uint64,
  proposer: new ByteVectorType(20),
  timestamp: new UintBigintType(8),
  payloadRoot: bytes32,
  transactionCount: new UintNumberType(4),
  receiptsRoot: bytes32,
  stateRoot: bytes32,
  sideChainRoot: bytes32,
  historyRoot: bytes32,
  nextCommitteeHash: bytes32,
  consensusData: new ByteListType(1024),
  justification: new ByteListType(2 ** 20),
})

/** Largest encoded header: the fixed part and the two byte lists. */
export const maxHeaderBytes = HeaderContainer.maxSize

export function blockId(header: Header): Hash {
  return asHash(HeaderContainer.hashTreeRoot(header))
}

export function encodeHeader(header: Header): Uint8Array {
  return HeaderContainer.serialize(header)
}

/** Roots of the fields in their order, 32 bytes each: the leaves of the header's tree. */
export function headerChunks(header: Header): Uint8Array {
  const fields = Object.entries(HeaderContainer.fields) as [
    keyof Header,
    { hashTreeRoot(value: unknown): Uint8Array },
  ][]
  return concatBytes(...fields.map(([name, type]) => type.hashTreeRoot(header[name])))
}

/** Error: BlockMalformed where the bytes are not the one encoding of a header. */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length > maxHeaderBytes) fail('BlockMalformed', { reason: 'the header is too long' })
  const header = readHeader(bytes)
  const again = encodeHeader(header)
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i])) {
    fail('BlockMalformed', { reason: 'the header is not in canonical form' })
  }
  return header
}

function readHeader(bytes: Uint8Array): Header {
  try {
    const value = HeaderContainer.deserialize(bytes)
    return {
      ...value,
      parentId: asHash(value.parentId),
      proposer: asAddress(value.proposer),
      payloadRoot: asHash(value.payloadRoot),
      receiptsRoot: asHash(value.receiptsRoot),
      stateRoot: asHash(value.stateRoot),
      sideChainRoot: asHash(value.sideChainRoot),
      historyRoot: asHash(value.historyRoot),
      nextCommitteeHash: asHash(value.nextCommitteeHash),
    }
  } catch (cause) {
    return fail('BlockMalformed', { reason: 'the header does not decode' }, cause)
  }
}
