import { asAddress, asChainId, uintToBe, uintToLe } from '@banyan/base'
import type { Certificate, Committee, QuorumRule, SignedVote, Vote, VotingScheme } from '@banyan/consensus'
import { createCommittee } from '@banyan/consensus'
import type { CryptoProvider } from '@banyan/crypto'
import { hashOf } from './harness.js'

export const chain = { chainId: asChainId(7n), genesisId: hashOf('genesis') }

const secretOf = (index: number): Uint8Array => uintToBe(BigInt(index + 1), 32)

/** A committee with real keys, whose secrets are small numbers. */
export function realCommittee(
  provider: CryptoProvider,
  weights: readonly number[],
  rule: QuorumRule = 'byzantine',
): Committee {
  const validators = weights.map((weight, i) => ({
    address: asAddress(uintToLe(BigInt(i + 1), 20)),
    ed25519Key: provider.ed25519.publicKey(secretOf(i)),
    blsKey: provider.bls.publicKey(secretOf(i)),
    weight,
  }))
  return createCommittee(provider, 3, rule, validators)
}

export function sign(provider: CryptoProvider, scheme: VotingScheme, signer: number, vote: Vote): SignedVote {
  const message = scheme.message(vote)
  const key = scheme.name === 'bls' ? provider.bls : provider.ed25519
  return { vote, signer, signature: key.sign(message, secretOf(signer)) }
}

export function certify(
  provider: CryptoProvider,
  scheme: VotingScheme,
  rule: QuorumRule,
  vote: Vote,
  signers: readonly number[],
): Certificate {
  const signatures = signers.map((signer) => sign(provider, scheme, signer, vote).signature)
  return { rule, vote, signers, signature: scheme.combine(signatures) }
}
