import type { Evidence } from './core/events.js'
import { type EpochRules, verifyJustification } from './justification.js'
import type { SignedVote } from './vote.js'
import { sameVote, votesConflict } from './vote-equality.js'

/**
 * Whether evidence proves that its signer broke a rule: E1 to E3 by two votes alone, E4 by a vote and the block that it
 * is for. The caller has computed the block's id from its header, so that the block is what the vote means.
 */
export function verifyEvidence(rules: EpochRules, evidence: Evidence): boolean {
  const { scheme } = rules
  const holds = ({ vote, signer, signature }: SignedVote): boolean =>
    scheme.verify(scheme.message(vote), signer, signature)
  if (evidence.kind === 'votes') {
    const { first, second } = evidence
    if (first.signer !== second.signer || !votesConflict(first.vote, second.vote)) return false
    return holds(first) && holds(second)
  }
  const { vote, block } = evidence
  if (!sameVote(vote.vote, { kind: 'notarize', view: block.view, blockId: block.id })) return false
  return holds(vote) && !verifyJustification(rules, block)
}
