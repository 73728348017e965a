import type { Committee } from '../committee.js'

/**
 * First epoch in which a signer that lost its memory may vote again (rule P3); `undefined` until enough others have told
 * the epoch that they are in. `told` holds these by member, said after the loss; `committee` is that of the epoch which
 * the signer has come to.
 *
 * An epoch starts only when a quorum has voted to finalize the one before. Members of more weight than can be outside of
 * a quorum and can lie share an honest one with the rest of that quorum, who was in the epoch that it finalized. So if
 * so many are in no later epoch than e, the lost votes are of e + 1 at most. Members who name great numbers cannot
 * prolong the quarantine while enough others do not.
 */
export function quarantineEnd(
  { epoch, validators, quorum, rule }: Committee,
  told: ReadonlyMap<number, number>,
): number | undefined {
  const total = validators.reduce((sum, validator) => sum + validator.weight, 0)
  const outside = total - quorum
  const liars = rule === 'crash' ? 0 : outside
  let weight = 0
  for (const [member, theirs] of [...told].sort(([, a], [, b]) => a - b)) {
    weight += validators[member]?.weight ?? 0
    // Where they are further on, this committee may be none any more: first catch up.
    if (weight > outside + liars) return theirs > epoch + 1 ? undefined : Math.max(theirs, epoch) + 2
  }
  return undefined
}
