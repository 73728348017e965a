import { type ChainId, concatBytes, type Hash, uintToLe } from '@banyan/base'
import { type CryptoProvider, hashPair, signingDomain } from '@banyan/crypto'
import type { Committee } from './committee.js'
import type { Vote } from './vote.js'

/** The chain that votes are signed for. */
export type ChainName = { readonly chainId: ChainId; readonly genesisId: Hash }

/** Numbers of the kinds of votes, in bytes and in what is signed. */
export const voteKinds = { notarize: 1, nullify: 2, finalize: 3 } as const

/**
 * Signing roots of votes (docs/formats.md, "Votes"): H(H(kind, epoch, view ‖ block id) ‖ H(committee ‖ domain)), where
 * the domain binds chain and genesis.
 */
export function voteMessages(
  provider: CryptoProvider,
  chain: ChainName,
  committee: Committee,
): (vote: Vote) => Hash {
  const domain = signingDomain(provider, 'banyan/vote', chain.chainId, chain.genesisId)
  const context = hashPair(provider, committee.hash, domain)
  const epoch = uintToLe(BigInt(committee.epoch), 8)
  const noBlock = new Uint8Array(32)
  return (vote) => {
    const kind = uintToLe(BigInt(voteKinds[vote.kind]), 8)
    const place = concatBytes(kind, epoch, uintToLe(BigInt(vote.view), 16))
    const root = hashPair(provider, place, vote.kind === 'nullify' ? noBlock : vote.blockId)
    return hashPair(provider, root, context)
  }
}
