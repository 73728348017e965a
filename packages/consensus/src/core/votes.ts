import type { SignedVote, Vote } from '../vote.js'
import { convictIfConflicting } from './conviction.js'
import { type Core, type Round, roundOf } from './state.js'
import { countVote, tallyOf } from './tally.js'

/** Votes are kept for views from so far behind the current one to so far ahead of it. */
const viewsBehind = 64
const viewsAhead = 64

function isInWindow(core: Core, view: number): boolean {
  if (!Number.isSafeInteger(view) || view <= core.final.view) return false
  return view >= core.view - viewsBehind && view <= core.view + viewsAhead
}

/** Whether the signer has voted in this way for less than two different blocks: two convict it already. */
function hasRoom(round: Round, vote: Vote, signer: number): boolean {
  let count = 0
  for (const tally of round.tallies) {
    if (tally.vote.kind === vote.kind && tally.signatures.has(signer)) count++
  }
  return count < 2
}

/**
 * Counts a vote. The word of its signer is taken until it matters whether the signature holds; from anybody else, or
 * from a signer who sent a wrong one before, it is verified now. `isVerified` says that this was done. False if the
 * signature does not hold.
 */
export function addVote(
  core: Core,
  { vote, signer, signature }: SignedVote,
  from: number | undefined,
  isVerified = false,
): boolean {
  const { committee, scheme } = core.options
  if (committee.validators[signer] === undefined || !isInWindow(core, vote.view)) return true
  const round = roundOf(core, vote.view)
  if (!hasRoom(round, vote, signer)) return true
  const isTrusted = isVerified || (from === signer && !core.distrusted.has(signer))
  if (!isTrusted && !scheme.verify(scheme.message(vote), signer, signature)) return false
  const tally = tallyOf(core, round, vote)
  if (tally.signatures.has(signer)) return true
  countVote(core, tally, signer, signature)
  if (isVerified || !isTrusted) tally.verified.add(signer)
  convictIfConflicting(core, round, tally, signer)
  if (tally.weight >= committee.quorum) core.ready.push(tally)
  return true
}

/** Forgets the votes of views that are too far behind. */
export function forgetOldVotes(core: Core): void {
  for (const round of core.rounds.values()) {
    if (round.view < core.view - viewsBehind) round.tallies = []
  }
}
