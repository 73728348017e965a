import type { Hash } from '@banyan/base'
import type {
  BlockRef,
  Certificate,
  Committee,
  ConsensusMessage,
  SignedVote,
  Vote,
  VotingScheme,
} from '@banyan/consensus'
import { blockNumber } from '../core/blocks.js'

/** What the adversary has seen: what honest members sent to any member it controls, and what those made themselves. */
export type Knowledge = {
  /** Whether the message showed anything new. */
  readonly learn: (message: ConsensusMessage) => boolean
  readonly learnOwnVote: (signed: SignedVote) => void
  readonly learnOwnBlock: (block: BlockRef) => void
  /** The highest view that anybody is known to be in. */
  readonly view: () => number
  readonly blocks: readonly BlockRef[]
  readonly votes: readonly SignedVote[]
  readonly certificates: readonly Certificate[]
  /** Certificates of this view to notarize or finalize; several only where a quorum is faulty. */
  readonly notarizations: (view: number) => readonly Certificate[]
  readonly nullification: (view: number) => Certificate | undefined
}

type Tally = { readonly vote: Vote; readonly signatures: Map<number, Uint8Array>; done: boolean }

/** Memory of an adversary is bounded too, so that long scenarios stay fast. */
const mostVotes = 3_000

function keyOf(vote: Vote): string {
  return `${vote.kind}/${vote.view}/${vote.kind === 'nullify' ? 0 : blockNumber(vote.blockId)}`
}

export function createKnowledge(committee: Committee, scheme: VotingScheme): Knowledge {
  const blocks: BlockRef[] = []
  const votes: SignedVote[] = []
  const certificates: Certificate[] = []
  const tallies = new Map<string, Tally>()
  const knownBlocks = new Set<number>()
  const knownCertificates = new Set<string>()
  const notarized = new Map<number, Certificate[]>()
  const nullified = new Map<number, Certificate>()
  let view = 1

  function learnCertificate(certificate: Certificate): boolean {
    const { vote } = certificate
    const key = keyOf(vote)
    if (knownCertificates.has(key)) return false
    knownCertificates.add(key)
    certificates.push(certificate)
    view = Math.max(view, vote.view + 1)
    if (vote.kind === 'nullify') nullified.set(vote.view, certificate)
    else notarized.set(vote.view, [...(notarized.get(vote.view) ?? []), certificate])
    return true
  }

  /** Makes a certificate as soon as it has the votes for one, before anybody shows it. */
  function assemble(tally: Tally): void {
    const signers = [...tally.signatures.keys()].sort((a, b) => a - b)
    const weight = signers.reduce((sum, signer) => sum + committee.validators[signer]!.weight, 0)
    if (tally.done || weight < committee.quorum) return
    tally.done = true
    const signature = scheme.combine(signers.map((signer) => tally.signatures.get(signer)!))
    learnCertificate({ rule: committee.rule, vote: tally.vote, signers, signature })
  }

  function learnVote(signed: SignedVote): boolean {
    const { vote, signer, signature } = signed
    const key = keyOf(vote)
    const tally = tallies.get(key) ?? { vote, signatures: new Map(), done: false }
    if (votes.length > mostVotes || tally.signatures.has(signer)) return false
    tallies.set(key, tally)
    tally.signatures.set(signer, signature)
    votes.push(signed)
    assemble(tally)
    return true
  }

  function learnBlock(block: BlockRef): boolean {
    const number = blockNumber(block.id)
    if (knownBlocks.has(number)) return false
    knownBlocks.add(number)
    blocks.push(block)
    for (const certificate of [block.justification.parent, ...block.justification.skipped]) {
      if (certificate !== undefined) learnCertificate(certificate)
    }
    return true
  }

  return {
    learnOwnVote: learnVote,
    learnOwnBlock(block) {
      knownBlocks.add(blockNumber(block.id))
      blocks.push(block)
    },
    view: () => view,
    blocks,
    votes,
    certificates,
    notarizations: (of) => notarized.get(of) ?? [],
    nullification: (of) => nullified.get(of),
    learn(message) {
      if (message.kind === 'vote') {
        view = Math.max(view, message.vote.vote.view)
        return learnVote(message.vote)
      }
      if (message.kind === 'certificate') return learnCertificate(message.certificate)
      if (message.kind !== 'proposal') return false
      const isNewBlock = learnBlock(message.block)
      return learnVote(message.vote) || isNewBlock
    },
  }
}

/** A vote for a block, or to give a view up. */
export function voteOf(kind: Vote['kind'], view: number, blockId: Hash): Vote {
  return kind === 'nullify' ? { kind, view } : { kind, view, blockId }
}
