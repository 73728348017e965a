import {
  type Address,
  asAddress,
  asHash,
  concatBytes,
  createReader,
  createWriter,
  fail,
  type Hash,
  type Reader,
  uintToLe,
  type Writer,
} from '@banyan/base'
import { byteListRoot, type CryptoProvider, chunkify, containerRoot, portable } from '@banyan/crypto'

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

/**
 * A header with the root of its justification instead of the bytes. It has the same id, a bounded size, and all that
 * proofs need: who trusts a certificate for the id need not judge what justified the block.
 */
export type HeaderSummary = Omit<Header, 'justification'> & { readonly justificationRoot: Hash }

/** The first version of the rules. */
export const headerVersion = 1

const maxConsensusData = 1024
const maxJustification = 2 ** 20
/** Limits of the two byte lists in chunks of 32 bytes, as powers of two. */
const listDepths = { consensusData: 5, justification: 15 } as const

/** Bytes of the fields of fixed size, which come first. */
const fixedBytes = 292
const offsetBytes = 4
const headerStart = fixedBytes + 2 * offsetBytes
const summaryStart = fixedBytes + offsetBytes + 32

/** Largest encoded header and summary: the fixed part and the byte lists. */
export const maxHeaderBytes = headerStart + maxConsensusData + maxJustification
export const maxSummaryBytes = summaryStart + maxConsensusData

type FixedFields = Omit<Header, 'consensusData' | 'justification'>

function writeFixed(header: FixedFields): Writer {
  return createWriter()
    .u32(header.version)
    .u64(header.chainId)
    .u64(header.height)
    .u64(header.view)
    .fixed(header.parentId)
    .u64(header.parentView)
    .fixed(header.proposer)
    .u64(header.timestamp)
    .fixed(header.payloadRoot)
    .u32(header.transactionCount)
    .fixed(header.receiptsRoot)
    .fixed(header.stateRoot)
    .fixed(header.sideChainRoot)
    .fixed(header.historyRoot)
    .fixed(header.nextCommitteeHash)
}

function readFixed(from: Reader): FixedFields {
  const hash = (): Hash => asHash(from.fixed(32))
  return {
    version: from.u32(0xffffffff),
    chainId: from.big64(),
    height: from.u64(),
    view: from.u64(),
    parentId: hash(),
    parentView: from.u64(),
    proposer: asAddress(from.fixed(20)),
    timestamp: from.big64(),
    payloadRoot: hash(),
    transactionCount: from.u32(0xffffffff),
    receiptsRoot: hash(),
    stateRoot: hash(),
    sideChainRoot: hash(),
    historyRoot: hash(),
    nextCommitteeHash: hash(),
  }
}

/** SSZ serialization. */
export function encodeHeader(header: Header): Uint8Array {
  const { consensusData, justification } = header
  return writeFixed(header)
    .u32(headerStart)
    .u32(headerStart + consensusData.length)
    .fixed(consensusData)
    .fixed(justification)
    .done()
}

/** SSZ serialization. */
export function encodeSummary(summary: HeaderSummary): Uint8Array {
  const { consensusData, justificationRoot } = summary
  return writeFixed(summary).u32(summaryStart).fixed(justificationRoot).fixed(consensusData).done()
}

function malformed(reason: string): never {
  return fail('BlockMalformed', { reason: `the header is malformed: ${reason}` })
}

/** Error: BlockMalformed where the bytes are not the one encoding of a header. */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length > maxHeaderBytes) malformed('it is too long')
  const from = createReader(bytes, malformed)
  const fields = readFixed(from)
  if (from.u32(headerStart) !== headerStart) malformed('a list does not start where it must')
  const split = from.u32(headerStart + maxConsensusData)
  if (split < headerStart) malformed('its lists overlap')
  const consensusData = from.fixed(split - headerStart)
  const justification = from.rest().slice()
  if (justification.length > maxJustification) malformed('its justification is too long')
  return { ...fields, consensusData, justification }
}

/** Error: BlockMalformed where the bytes are not the one encoding of a summary. */
export function decodeSummary(bytes: Uint8Array): HeaderSummary {
  if (bytes.length > maxSummaryBytes) malformed('it is too long')
  const from = createReader(bytes, malformed)
  const fields = readFixed(from)
  if (from.u32(summaryStart) !== summaryStart) malformed('a list does not start where it must')
  const justificationRoot = asHash(from.fixed(32))
  return { ...fields, consensusData: from.rest().slice(), justificationRoot }
}

export function summarize({ justification, ...fields }: Header): HeaderSummary {
  return { ...fields, justificationRoot: byteListRoot(portable, justification, listDepths.justification) }
}

export function blockId(header: Header): Hash {
  return summaryId(summarize(header))
}

/** Id of the block whose header this sums up. The native provider is faster. */
export function summaryId(summary: HeaderSummary, provider: CryptoProvider = portable): Hash {
  return containerRoot(provider, summaryChunks(summary, provider))
}

/** Roots of the fields of a header in their order, 32 bytes each: the leaves of its tree. */
export function summaryChunks(summary: HeaderSummary, provider: CryptoProvider = portable): Uint8Array {
  const number = (value: number | bigint): Uint8Array => uintToLe(BigInt(value), 32)
  return concatBytes(
    number(summary.version),
    number(summary.chainId),
    number(summary.height),
    number(summary.view),
    summary.parentId,
    number(summary.parentView),
    chunkify(summary.proposer),
    number(summary.timestamp),
    summary.payloadRoot,
    number(summary.transactionCount),
    summary.receiptsRoot,
    summary.stateRoot,
    summary.sideChainRoot,
    summary.historyRoot,
    summary.nextCommitteeHash,
    byteListRoot(provider, summary.consensusData, listDepths.consensusData),
    summary.justificationRoot,
  )
}
