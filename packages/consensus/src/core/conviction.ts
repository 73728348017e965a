import type { SignedVote } from '../vote.js'
import { votesConflict } from '../vote-equality.js'
import type { BlockRef, Evidence } from './events.js'
import type { Core, Round, Tally } from './state.js'
import { dropVote } from './tally.js'

/** One proof per validator is enough. */
function convict(core: Core, signer: number, evidence: Evidence): void {
  core.convicted.add(signer)
  core.effects.push({ kind: 'evidence', evidence })
}

/** The signer's vote of a tally, verified by itself: votes that hold together need not hold alone. */
function provenVote(core: Core, tally: Tally, signer: number): SignedVote | undefined {
  const signature = tally.signatures.get(signer)
  if (signature === undefined) return undefined
  if (core.options.scheme.verify(tally.message, signer, signature)) {
    return { vote: tally.vote, signer, signature }
  }
  dropVote(core, tally, signer)
  return undefined
}

/** Looks for a vote of the same signer and view that nobody may sign beside this one (E1 to E3). */
export function convictIfConflicting(core: Core, round: Round, tally: Tally, signer: number): void {
  if (round.tallies.length === 1 || core.convicted.has(signer)) return
  for (const other of round.tallies) {
    if (!votesConflict(other.vote, tally.vote) || !other.signatures.has(signer)) continue
    const first = provenVote(core, other, signer)
    const second = provenVote(core, tally, signer)
    if (second === undefined) return
    if (first !== undefined) {
      convict(core, signer, { kind: 'votes', first, second })
      return
    }
  }
}

/** A verified vote for a block whose justification does not hold (E4). */
export function convictOfProposal(core: Core, block: BlockRef, vote: SignedVote): void {
  if (!core.convicted.has(vote.signer)) convict(core, vote.signer, { kind: 'justification', vote, block })
}
