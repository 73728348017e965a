import { assert } from '@banyan/base'
import { type Certificate, type Committee, schemeOf, type Validator } from '@banyan/consensus'
import { type CryptoProvider, ed25519Address } from '@banyan/crypto'
import type { HeaderSummary } from '@banyan/ledger/proofs'
import { summaryId } from '@banyan/ledger/proofs'
import type { LightChain } from '@banyan/light'

/** A validator with the secrets of its keys. */
export type Member = { readonly validator: Validator; readonly seed: Uint8Array }

/** The same member for the same number; its proof of possession is not needed, since nobody asks for it. */
export function createMember(provider: CryptoProvider, index: number, weight = 1): Member {
  const seed = new Uint8Array(32).fill(5)
  seed[30] = index >>> 8
  seed[31] = index & 0xff
  const ed25519Key = provider.ed25519.publicKey(seed)
  const blsKey = provider.bls.publicKey(seed)
  return { validator: { address: ed25519Address(provider, ed25519Key), ed25519Key, blsKey, weight }, seed }
}

/** A certificate of these members of the committee for the block, in ascending order of their places. */
export function certify(
  provider: CryptoProvider,
  chain: LightChain,
  committee: Committee,
  members: readonly Member[],
  header: HeaderSummary,
  signers: readonly number[],
): Certificate {
  const scheme = schemeOf(provider, chain, committee)
  const vote = { kind: 'finalize', view: header.view, blockId: summaryId(header) } as const
  const message = scheme.message(vote)
  const signatures = signers.map((signer) => {
    const member = members[signer]
    assert(member !== undefined, 'a signer is a member')
    return scheme.name === 'bls'
      ? provider.bls.sign(message, member.seed)
      : provider.ed25519.sign(message, member.seed)
  })
  return { rule: committee.rule, vote, signers, signature: scheme.combine(signatures) }
}
