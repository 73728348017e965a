import type { Committee } from '../committee.js'

/**
 * First epoch in which a signer that lost its memory may vote again (rule P3); `undefined` until enough members have
 * told the epoch that they are in. `told` holds these by index, said after the loss; `committee` is that of the epoch
 * which the signer has come to.
 *
 * An epoch starts only when a quorum has voted to finalize the one before. So if a whole quorum is in no later epoch
 * than e, the lost votes are of e + 1 at most: the two quorums share an honest member, who was in the epoch that it
 * finalized. Members who name great numbers cannot prolong the quarantine while a quorum does without them.
 */
export function quarantineEnd(committee: Committee, told: ReadonlyMap<number, number>): number | undefined {
  const { epoch, validators, quorum } = committee
  let weight = 0
  for (const [member, theirs] of [...told].sort(([, a], [, b]) => a - b)) {
    weight += validators[member]?.weight ?? 0
    // Where the quorum is further on, this committee may be none any more: first catch up.
    if (weight >= quorum) return theirs > epoch + 1 ? undefined : Math.max(theirs, epoch) + 2
  }
  return undefined
}
