import type { Hash } from '@banyan/base'
import type { QuorumRule } from './committee.js'

/** What a validator can say about a view. `nullify` gives the view up. */
export type Vote =
  | { readonly kind: 'notarize' | 'finalize'; readonly view: number; readonly blockId: Hash }
  | { readonly kind: 'nullify'; readonly view: number }

/** A vote with its signature, whose form is the scheme's; `signer` is an index in the committee. */
export type SignedVote = {
  readonly vote: Vote
  readonly signer: number
  readonly signature: Uint8Array
}

/** Votes of a quorum for the same thing. */
export type Certificate = {
  /** The committee's: whoever sees a certificate sees what it is worth. */
  readonly rule: QuorumRule
  readonly vote: Vote
  /** Indices in the committee, ascending. */
  readonly signers: readonly number[]
  /** The signers' signatures as the scheme combines them. */
  readonly signature: Uint8Array
}

/**
 * How votes of one committee are signed and checked. All functions are pure. A message is the 32-byte signing root of a
 * vote, which binds chain, epoch, committee, kind, view and block.
 */
export type VotingScheme = {
  readonly name: 'ed25519' | 'bls' | 'mock'
  /** Signing root of a vote. */
  readonly message: (vote: Vote) => Hash
  readonly verify: (message: Hash, signer: number, signature: Uint8Array) => boolean
  /**
   * One signature from those of distinct signers over one message, given in ascending order of the signers. If one of
   * them is malformed, so is the result: it verifies for nobody.
   */
  readonly combine: (signatures: readonly Uint8Array[]) => Uint8Array
  readonly verifyCombined: (message: Hash, signers: readonly number[], combined: Uint8Array) => boolean
}
