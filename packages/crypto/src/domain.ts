import { type ChainId, type Hash, uintToLe } from '@banyan/base'
import { hashPair } from './merkle.js'
import type { Hasher } from './provider.js'
import { tag } from './tag.js'

export type SigningKind =
  | 'banyan/transfer'
  | 'banyan/package'
  | 'banyan/native'
  | 'banyan/sponsor'
  | 'banyan/vote'

/** Domain of docs/formats.md, "Signing domain": the same bytes signed for another purpose, chain or genesis differ. */
export function signingDomain(provider: Hasher, kind: SigningKind, chainId: ChainId, genesisId: Hash): Hash {
  return hashPair(provider, hashPair(provider, tag(kind), uintToLe(chainId, 32)), genesisId)
}

/** What is signed, and the transaction id. */
export function signingRoot(provider: Hasher, bodyRoot: Hash, domain: Hash): Hash {
  return hashPair(provider, bodyRoot, domain)
}
