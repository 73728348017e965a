import type { Committee } from './committee.js'
import type { Certificate, VotingScheme } from './vote.js'

/** Whether the signers are distinct members of the committee in ascending order, and weigh a quorum together. */
export function hasQuorum(committee: Committee, signers: readonly number[]): boolean {
  let weight = 0
  let previous = -1
  for (const signer of signers) {
    const validator = committee.validators[signer]
    if (validator === undefined || signer <= previous) return false
    weight += validator.weight
    previous = signer
  }
  return weight >= committee.quorum
}

/** Whether a certificate holds: a quorum of this committee has signed its vote. */
export function verifyCertificate(
  committee: Committee,
  scheme: VotingScheme,
  certificate: Certificate,
): boolean {
  const { rule, vote, signers, signature } = certificate
  if (rule !== committee.rule || !hasQuorum(committee, signers)) return false
  return scheme.verifyCombined(scheme.message(vote), signers, signature)
}
