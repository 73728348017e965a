import { equalBytes, type Hash } from '@banyan/base'
import {
  type Certificate,
  type Committee,
  decodeCertificate,
  encodeCertificate,
  maxCertificateBytes,
  type VotingScheme,
  verifyCertificate,
} from '@banyan/consensus'
import { blockId, decodeHeader, encodeHeader, type Header } from '@banyan/ledger'
import { reader, writer } from './bytes.js'

/**
 * Why a block is final: a certificate of an epoch's committee finalizes it, or a later block that descends from it by
 * these headers, the next one first. docs/formats.md "Proofs of finality".
 */
export type FinalityProof = {
  readonly epoch: number
  readonly certificate: Certificate
  readonly links: readonly Header[]
}

const maxLinks = 128
const maxHeader = 2 ** 21

export function encodeProof({ epoch, certificate, links }: FinalityProof): Uint8Array {
  const out = writer().u64(epoch).bytes(encodeCertificate(certificate)).u32(links.length)
  for (const header of links) out.bytes(encodeHeader(header))
  return out.done()
}

/** Errors: MessageMalformed, BlockMalformed, ConsensusBytesMalformed. */
export function decodeProof(bytes: Uint8Array): FinalityProof {
  const from = reader(bytes)
  const epoch = from.u64()
  const certificate = decodeCertificate(from.bytes(maxCertificateBytes))
  const links = Array.from({ length: from.u32(maxLinks) }, () => decodeHeader(from.bytes(maxHeader)))
  from.end()
  return { epoch, certificate, links }
}

/** Whether a proof shows that the block with this id is final. The committee must be that of the proof's epoch. */
export function proofHolds(
  id: Hash,
  { certificate, links, epoch }: FinalityProof,
  committee: Committee,
  scheme: VotingScheme,
): boolean {
  let last = id
  for (const header of links) {
    if (!equalBytes(header.parentId, last)) return false
    last = blockId(header)
  }
  const { vote } = certificate
  if (vote.kind !== 'finalize' || !equalBytes(vote.blockId, last) || committee.epoch !== epoch) return false
  return verifyCertificate(committee, scheme, certificate)
}
