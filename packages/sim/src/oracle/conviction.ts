import type { BlockRef, Certificate, ConsensusMessage, Evidence, SignedVote, Vote } from '@banyan/consensus'
import { blockNumber } from '../core/blocks.js'
import type { Lineage } from './lineage.js'
import type { Jury } from './quorum.js'

/** All that a signer was seen to sign in one view. */
type Signed = { readonly notarized: Set<number>; nullified: boolean; readonly finalized: Set<number> }

/**
 * Collects every vote that was ever on the wire, alone, in a proposal or in a certificate, and convicts signers by the
 * rules E1 to E4. Who keeps to the rules is never convicted, however often he crashes.
 */
export type ConvictionOracle = {
  /** Learns what a message shows. */
  readonly seen: (message: ConsensusMessage) => void
  /** What is wrong with an honest node's accusation, if anything. */
  readonly accused: (evidence: Evidence) => string | undefined
  /** Why each convicted signer is so. */
  readonly convicted: ReadonlyMap<number, string>
}

export function createConvictionOracle(lineage: Lineage, jury: Jury): ConvictionOracle {
  const history = new Map<number, Map<number, Signed>>()
  const convicted = new Map<number, string>()
  const known = new WeakSet<object>()

  function entry(signer: number, view: number): Signed {
    const views = history.get(signer) ?? new Map<number, Signed>()
    history.set(signer, views)
    const signed = views.get(view) ?? { notarized: new Set(), nullified: false, finalized: new Set() }
    views.set(view, signed)
    return signed
  }

  function offence({ notarized, nullified, finalized }: Signed): string | undefined {
    if (notarized.size > 1) return 'E1, notarized two blocks'
    if (nullified && finalized.size > 0) return 'E2, gave up what it finalized'
    if (finalized.size > 1) return 'E3, finalized two blocks'
    const [final] = finalized
    const [other] = notarized
    if (final !== undefined && other !== undefined && final !== other) return 'E3, finalized another block'
    return undefined
  }

  /** The vote's signature has been checked. */
  function record(signer: number, vote: Vote): void {
    const signed = entry(signer, vote.view)
    if (vote.kind === 'nullify') signed.nullified = true
    else (vote.kind === 'notarize' ? signed.notarized : signed.finalized).add(blockNumber(vote.blockId))
    let found = offence(signed)
    if (found === undefined && vote.kind === 'notarize') {
      const fault = lineage.fault(blockNumber(vote.blockId))
      if (fault !== undefined) found = `E4, notarized block ${blockNumber(vote.blockId)}: ${fault}`
    }
    if (found !== undefined && !convicted.has(signer)) convicted.set(signer, `${found} in view ${vote.view}`)
  }

  function seenVote(signed: SignedVote): void {
    if (known.has(signed)) return
    known.add(signed)
    if (jury.isSigned(signed)) record(signed.signer, signed.vote)
  }

  function seenCertificate(certificate: Certificate): void {
    if (known.has(certificate)) return
    known.add(certificate)
    if (!jury.holds(certificate)) return
    for (const signer of certificate.signers) record(signer, certificate.vote)
  }

  function seenBlock({ justification }: BlockRef): void {
    if (justification.parent !== undefined) seenCertificate(justification.parent)
    for (const certificate of justification.skipped) seenCertificate(certificate)
  }

  return {
    convicted,
    seen(message) {
      if (message.kind === 'vote') seenVote(message.vote)
      else if (message.kind === 'certificate') seenCertificate(message.certificate)
      else if (message.kind === 'proposal') {
        seenBlock(message.block)
        seenVote(message.vote)
      }
    },
    accused(evidence) {
      const votes = evidence.kind === 'votes' ? [evidence.first, evidence.second] : [evidence.vote]
      const signer = votes[0]!.signer
      if (votes.some((vote) => vote.signer !== signer || !jury.isSigned(vote)))
        return `evidence against ${signer} holds votes that it did not sign`
      for (const vote of votes) record(signer, vote.vote)
      return convicted.has(signer) ? undefined : `evidence against ${signer} proves nothing`
    },
  }
}
