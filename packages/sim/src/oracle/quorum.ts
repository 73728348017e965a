import type { Certificate, SignedVote, VotingScheme } from '@banyan/consensus'

/** What the oracles judge certificates by; written apart from the code under test, on purpose. */
export type Jury = {
  readonly weights: readonly number[]
  readonly holds: (certificate: Certificate) => boolean
  readonly isSigned: (vote: SignedVote) => boolean
}

/** `scheme` is asked for what was signed; weights, distinct signers and the quorum are counted here. */
export function createJury(weights: readonly number[], scheme: VotingScheme): Jury {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const known = new WeakMap<Certificate, boolean>()

  function judge({ vote, signers, signature }: Certificate): boolean {
    if (new Set(signers).size !== signers.length) return false
    let weight = 0
    for (const signer of signers) {
      const own = weights[signer]
      if (own === undefined) return false
      weight += own
    }
    // More than two thirds, in integers.
    return 3 * weight > 2 * total && scheme.verifyCombined(scheme.message(vote), signers, signature)
  }

  return {
    weights,
    holds(certificate) {
      const verdict = known.get(certificate) ?? judge(certificate)
      known.set(certificate, verdict)
      return verdict
    },
    isSigned: ({ vote, signer, signature }) => scheme.verify(scheme.message(vote), signer, signature),
  }
}
