import { createReader, createWriter, fail, type Hash } from '@banyan/base'
import type { HeaderField } from '@banyan/crypto'
import {
  decodeSummary,
  encodeSummary,
  type HeaderSummary,
  maxSummaryBytes,
  type RowRequest,
} from '@banyan/ledger/proofs'
import { decodeFinality, encodeFinality, type FinalityProof, maxFinalityBytes } from './finality.js'

/** What a node can prove. Rows are those of the state after its newest blocks; the others say which block. */
export type ProofRequest =
  | RowRequest
  | { readonly kind: 'receipt'; readonly id: Hash }
  | { readonly kind: 'transaction'; readonly id: Hash }
  | { readonly kind: 'headerField'; readonly height: number; readonly field: HeaderField }
  /** The header itself, and that it is final. */
  | { readonly kind: 'header'; readonly height: number }

export type ProofKind = ProofRequest['kind']
export type RequestOf<Kind extends ProofKind> = Extract<ProofRequest, { readonly kind: Kind }>

/** Kinds that show rows of the state, which change from block to block. */
export const rowKinds = [
  'account',
  'balance',
  'storage',
  'utxo',
  'asset',
  'recent',
  'chain',
] as const satisfies readonly RowRequest['kind'][]

/** Numbers of kinds in proofs: places in this list. */
const kinds = [
  ...rowKinds,
  'receipt',
  'transaction',
  'headerField',
  'header',
] as const satisfies readonly ProofKind[]

/** Something that is shown under a root in a header, and why that header is final. docs/formats.md "Proofs". */
export type AnchoredProof = {
  readonly kind: ProofKind
  readonly header: HeaderSummary
  readonly finality: FinalityProof
  /** The proof under the root, in the form of its kind. */
  readonly content: Uint8Array
}

/** An absence has two rows of 128 bytes, each with 32 + 3 siblings. */
const maxContent = 4096
/** Largest encoded proof. */
export const maxProofBytes = 9 + maxSummaryBytes + maxFinalityBytes + maxContent

function refuse(reason: string): never {
  return fail('ProofMalformed', { reason })
}

export function encodeProof({ kind, header, finality, content }: AnchoredProof): Uint8Array {
  return createWriter()
    .u8(kinds.indexOf(kind))
    .bytes(encodeSummary(header))
    .bytes(encodeFinality(finality))
    .fixed(content)
    .done()
}

/** Errors: ProofMalformed, BlockMalformed, ConsensusBytesMalformed. */
export function decodeProof(bytes: Uint8Array): AnchoredProof {
  if (bytes.length > maxProofBytes)
    refuse(`it has ${bytes.length} bytes, at most ${maxProofBytes} are allowed`)
  const from = createReader(bytes, refuse)
  const kind = kinds[from.u8(kinds.length - 1)]!
  const header = decodeSummary(from.bytes(maxSummaryBytes))
  const finality = decodeFinality(from.bytes(maxFinalityBytes))
  return { kind, header, finality, content: from.rest() }
}
