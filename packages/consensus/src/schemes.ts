import { concatBytes, fail } from '@banyan/base'
import type { BlsKey, CryptoProvider } from '@banyan/crypto'
import type { Committee } from './committee.js'
import type { VotingScheme } from './vote.js'
import { type ChainName, voteMessages } from './vote-message.js'

/** From so many members on one BLS pairing costs less than a quorum of ed25519 checks. */
export const blsFrom = 34

/** Votes and certificates of ed25519 signatures: a certificate carries them all, in the order of the signers. */
export function ed25519Scheme(
  provider: CryptoProvider,
  chain: ChainName,
  committee: Committee,
): VotingScheme {
  const keys = committee.validators.map(({ ed25519Key }) => ed25519Key)
  const verify: VotingScheme['verify'] = (message, signer, signature) => {
    const key = keys[signer]
    return key !== undefined && provider.ed25519.verify(signature, message, key)
  }
  return {
    name: 'ed25519',
    message: voteMessages(provider, chain, committee),
    verify,
    combine: (signatures) => concatBytes(...signatures),
    verifyCombined: (message, signers, combined) =>
      combined.length === 64 * signers.length &&
      signers.every((signer, i) => verify(message, signer, combined.subarray(64 * i, 64 * i + 64))),
  }
}

/** Votes of BLS signatures: a certificate carries their sum. Throws `CommitteeInvalid` for a malformed key. */
export function blsScheme(provider: CryptoProvider, chain: ChainName, committee: Committee): VotingScheme {
  const { bls } = provider
  const keys = committee.validators.map(
    ({ blsKey }, i): BlsKey =>
      bls.readKey(blsKey) ?? fail('CommitteeInvalid', { reason: `the BLS key of member ${i} is malformed` }),
  )
  return {
    name: 'bls',
    message: voteMessages(provider, chain, committee),
    verify(message, signer, signature) {
      const key = keys[signer]
      return key !== undefined && bls.verify(signature, message, key)
    },
    // A signature of zeros is malformed.
    combine: (signatures) => bls.aggregate(signatures) ?? new Uint8Array(96),
    verifyCombined(message, signers, combined) {
      const signing = signers.map((signer) => keys[signer]).filter((key) => key !== undefined)
      return signing.length === signers.length && bls.verifyAggregate(combined, message, signing)
    },
  }
}

/** The scheme that a committee of this size uses. */
export function schemeOf(provider: CryptoProvider, chain: ChainName, committee: Committee): VotingScheme {
  const scheme = committee.validators.length < blsFrom ? ed25519Scheme : blsScheme
  return scheme(provider, chain, committee)
}

/** Whether somebody who offers this BLS key has its secret. Keys that have not proven it must not get into a committee. */
export function verifyPossession(provider: CryptoProvider, blsKey: Uint8Array, proof: Uint8Array): boolean {
  return provider.bls.verifyPossession(blsKey, proof)
}
