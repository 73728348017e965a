import { equalBytes, fail, type Hash } from '@banyan/base'
import type { ChainName } from '@banyan/consensus'
import {
  type Committee,
  createCommittee,
  type QuorumRule,
  schemeOf,
  type Validator,
  type VotingScheme,
} from '@banyan/consensus'
import type { CryptoProvider } from '@banyan/crypto'
import { type HeaderSummary, summaryId } from '@banyan/ledger/proofs'
import { decodeEpochRecord, type EpochRecord } from './epoch-record.js'
import { decodeFinality, type FinalityProof, flawOfFinality } from './finality.js'

/** A chain as its genesis fixes it: what a light client must know for certain. */
export type LightChain = ChainName & {
  /** Blocks of an epoch. */
  readonly epochBlocks: number
  readonly quorumRule: QuorumRule
}

type Known = { readonly committee: Committee; scheme: VotingScheme | undefined }

/** The committees that decide the epochs of a chain, learned one after the other. */
export type Committees = {
  /** Epoch whose record is needed next: the committees of this and the following epoch are known. */
  readonly next: () => number
  /** Members of an epoch's committee. Error: EpochUnknown. */
  readonly validators: (epoch: number) => readonly Validator[]
  /**
   * Takes the record of epoch `next`. Errors: those of `decodeEpochRecord` and `requireFinal`, CommitteeMismatch,
   * CommitteeInvalid; nothing has changed then.
   */
  readonly take: (bytes: Uint8Array) => Pick<EpochRecord, 'header' | 'id'>
  /**
   * Id of a header that is shown to be final. Errors: ChainMismatch, EpochUnknown, CommitteeMismatch, ProofWrong,
   * WeightTooLow, CertificateInvalid.
   */
  readonly requireFinal: (header: HeaderSummary, finality: FinalityProof) => Hash
}

/**
 * Committees from epoch `start.epoch` on, that of it and of the one after being trusted. `keep` bounds how many epochs are
 * remembered, the newest ones.
 */
export function createCommittees(
  provider: CryptoProvider,
  chain: LightChain,
  start: { readonly epoch: number; readonly pair: readonly [readonly Validator[], readonly Validator[]] },
  keep: number,
): Committees {
  const { epochBlocks, quorumRule } = chain
  const known = new Map<number, Known>()
  let next = start.epoch

  const learn = (committee: Committee): void => {
    known.set(committee.epoch, { committee, scheme: undefined })
    known.delete(committee.epoch - keep)
  }

  const find = (epoch: number): Known =>
    known.get(epoch) ?? fail('EpochUnknown', { epoch, first: Math.min(...known.keys()), last: next + 1 })

  const requireFinal: Committees['requireFinal'] = (header, finality) => {
    if (header.chainId !== chain.chainId) {
      fail('ChainMismatch', { what: 'the chain id', actual: header.chainId, expected: chain.chainId })
    }
    const { epoch } = finality
    // Those who decided an epoch long ago have no say about later blocks, even if their keys are stolen by now.
    if (Math.floor((header.height - 1) / epochBlocks) !== epoch) {
      fail('CommitteeMismatch', { epoch, reason: `block ${header.height} belongs to another epoch` })
    }
    const entry = find(epoch)
    entry.scheme ??= schemeOf(provider, chain, entry.committee)
    const id = summaryId(header, provider)
    const flaw = flawOfFinality(id, finality, entry.committee, entry.scheme)
    if (flaw !== undefined) throw flaw
    return id
  }

  for (const [i, validators] of start.pair.entries()) {
    learn(createCommittee(provider, start.epoch + i, quorumRule, validators))
  }

  return {
    next: () => next,
    validators: (epoch) => find(epoch).committee.validators,
    take: (bytes) => {
      const { epoch, header, proof, elected } = decodeEpochRecord(bytes)
      if (epoch !== next || header.height !== (epoch + 1) * epochBlocks) {
        fail('CommitteeMismatch', { epoch, reason: `the record of epoch ${next} was expected` })
      }
      const id = requireFinal(header, decodeFinality(proof))
      const committee = createCommittee(provider, epoch + 2, quorumRule, elected)
      if (!equalBytes(committee.hash, header.nextCommitteeHash)) {
        fail('CommitteeMismatch', {
          epoch: epoch + 2,
          reason: 'its validators are not those that were elected',
        })
      }
      learn(committee)
      next++
      return { header, id }
    },
    requireFinal,
  }
}
