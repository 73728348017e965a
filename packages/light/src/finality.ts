import {
  type BanyanError,
  banyanError,
  createReader,
  createWriter,
  equalBytes,
  fail,
  type Hash,
} from '@banyan/base'
import {
  type Certificate,
  type Committee,
  decodeCertificate,
  encodeCertificate,
  maxCertificateBytes,
  type VotingScheme,
  verifyCertificate,
} from '@banyan/consensus'
import {
  decodeSummary,
  encodeSummary,
  type HeaderSummary,
  maxSummaryBytes,
  summaryId,
} from '@banyan/ledger/proofs'

/**
 * Why a block is final: a certificate of an epoch's committee finalizes it, or a later block that descends from it by
 * these headers, the next one first. docs/formats.md "Proofs of finality".
 */
export type FinalityProof = {
  readonly epoch: number
  readonly certificate: Certificate
  readonly links: readonly HeaderSummary[]
}

/** Most headers between a block and the one that a certificate finalizes. */
export const maxLinks = 128
/** Largest encoded proof of finality. */
export const maxFinalityBytes = 16 + maxCertificateBytes + maxLinks * (4 + maxSummaryBytes)

function refuse(reason: string): never {
  return fail('ProofMalformed', { reason })
}

export function encodeFinality({ epoch, certificate, links }: FinalityProof): Uint8Array {
  const out = createWriter().u64(epoch).bytes(encodeCertificate(certificate)).u32(links.length)
  for (const link of links) out.bytes(encodeSummary(link))
  return out.done()
}

/** Errors: ProofMalformed, BlockMalformed, ConsensusBytesMalformed. */
export function decodeFinality(bytes: Uint8Array): FinalityProof {
  const from = createReader(bytes, refuse)
  const epoch = from.u64()
  const certificate = decodeCertificate(from.bytes(maxCertificateBytes))
  const links = Array.from({ length: from.u32(maxLinks) }, () => decodeSummary(from.bytes(maxSummaryBytes)))
  from.end()
  return { epoch, certificate, links }
}

/**
 * Why a proof does not show that the block with this id is final; `undefined` if it does. The committee must be that of
 * the proof's epoch. Errors: ProofWrong, CommitteeMismatch, WeightTooLow, CertificateInvalid.
 */
export function flawOfFinality(
  id: Hash,
  { certificate, links, epoch }: FinalityProof,
  committee: Committee,
  scheme: VotingScheme,
): BanyanError | undefined {
  let last = id
  for (const link of links) {
    if (!equalBytes(link.parentId, last)) {
      return banyanError('ProofWrong', { reason: 'its headers do not follow each other' })
    }
    last = summaryId(link)
  }
  const { vote, signers, rule } = certificate
  if (vote.kind !== 'finalize' || !equalBytes(vote.blockId, last)) {
    return banyanError('ProofWrong', { reason: 'its certificate does not finalize this block' })
  }
  if (committee.epoch !== epoch || committee.rule !== rule) {
    return banyanError('CommitteeMismatch', { epoch, reason: 'epoch or quorum rule differ' })
  }
  const weight = signers.reduce((sum, signer) => sum + (committee.validators[signer]?.weight ?? 0), 0)
  if (weight < committee.quorum) return banyanError('WeightTooLow', { weight, quorum: committee.quorum })
  if (verifyCertificate(committee, scheme, certificate)) return undefined
  return banyanError('CertificateInvalid', { reason: 'its signatures are not those of its signers' })
}

/** Whether a proof shows that the block with this id is final. The committee must be that of the proof's epoch. */
export function finalityHolds(
  id: Hash,
  proof: FinalityProof,
  committee: Committee,
  scheme: VotingScheme,
): boolean {
  return flawOfFinality(id, proof, committee, scheme) === undefined
}
