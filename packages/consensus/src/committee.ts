import type { Address, Hash } from '@banyan/base'

/** A member of a committee. It is named by its index there wherever votes are concerned. */
export type Validator = {
  /** Gets the fees of the blocks it proposes. */
  readonly address: Address
  /** Public keys for votes: ed25519 (32 bytes), and BLS12-381 G1 compressed (48 bytes, possession proven). */
  readonly ed25519Key: Uint8Array
  readonly blsKey: Uint8Array
  /** A positive safe integer; the weights of a committee sum up to at most 2^53 - 1. */
  readonly weight: number
}

/**
 * How much of the weight W a certificate needs. `byzantine`: floor(2W/3) + 1, safe while less than a third lies.
 * `crash`: floor(W/2) + 1, for networks of one operator: safe only while nobody lies.
 */
export type QuorumRule = 'byzantine' | 'crash'

/** Who votes in one epoch. */
export type Committee = {
  readonly epoch: number
  readonly rule: QuorumRule
  readonly validators: readonly Validator[]
  /** Weight that a certificate needs, by the rule. */
  readonly quorum: number
  readonly hash: Hash
}
