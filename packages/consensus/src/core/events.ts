import type { Hash } from '@banyan/base'
import type { Committee } from '../committee.js'
import type { Certificate, SignedVote, VotingScheme } from '../vote.js'

/**
 * The interface of the core: `step(core, event, now) -> effects`. The core is one epoch of one validator, or of an
 * observer who follows without voting. It has no clock, no randomness and no IO; `now` is in milliseconds and never
 * goes back.
 */

/** What consensus sees of a block. Everything else in the header is the ledger's business. */
export type BlockRef = {
  readonly id: Hash
  readonly view: number
  readonly height: number
  readonly parentId: Hash
  /** View of the parent; 0 where the parent is the block that the epoch starts from. */
  readonly parentView: number
  /** Index in the committee. */
  readonly proposer: number
  /** As the header embeds it. */
  readonly justification: Justification
}

/** Why a block may follow its parent (rule S1). */
export type Justification = {
  /** Notarization or finalization of the parent; none for the block that the epoch starts from. */
  readonly parent: Certificate | undefined
  /** Nullification of every view between the parent's and the block's own, ascending. */
  readonly skipped: readonly Certificate[]
}

/** The signer's memory of one view: what it has signed there (rules P1 to P3). */
export type SignerRecord = {
  readonly epoch: number
  readonly view: number
  readonly notarized: Hash | undefined
  readonly nullified: boolean
  readonly finalized: Hash | undefined
}

/** What a signer knows when it starts. */
export type SignerMemory = {
  /** Nothing is ever signed for a view up to this one (rule P2). */
  readonly floor: number
  readonly records: readonly SignerRecord[]
}

export type Timing = {
  /** Bound of the network's delay that time-outs are made of, ms. */
  readonly delta: number
  /** Least time between the proposals of two blocks, ms. */
  readonly interval: number
  /** Time between blocks when there is nothing to order, ms. */
  readonly heartbeat: number
}

export type CoreOptions = {
  readonly committee: Committee
  readonly scheme: VotingScheme
  /** Index of the proposer of a view. */
  readonly leaderOf: (view: number) => number
  /** The block that the epoch starts from: final, of the epoch before or genesis. */
  readonly start: { readonly id: Hash; readonly height: number }
  readonly timing: Timing
  /** Absent for an observer. A quarantined signer (rule P3) is given as observer until it may vote again. */
  readonly signer:
    | {
        readonly index: number
        readonly sign: (message: Hash) => Uint8Array
        readonly memory: SignerMemory
      }
    | undefined
  /** Certificates kept from before a restart (rule P4). */
  readonly certificates: readonly Certificate[]
}

/** What nodes of one committee tell each other. A proposal is its proposer's vote to notarize. */
export type ConsensusMessage =
  | { readonly kind: 'proposal'; readonly block: BlockRef; readonly vote: SignedVote }
  | { readonly kind: 'vote'; readonly vote: SignedVote }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** Asks for certificates from a view on: sent where a parent's or a skipped view's certificate is missing (L4). */
  | { readonly kind: 'ask'; readonly fromView: number }

export type CoreEvent =
  | { readonly kind: 'start' }
  /** The time that a `wake` effect named has come, or any other moment. */
  | { readonly kind: 'time' }
  /** From a member of the committee, by index, or from somebody else. Nothing in it has been checked but its form. */
  | { readonly kind: 'message'; readonly from: number | undefined; readonly message: ConsensusMessage }
  /** The answer to `build`; the host may also never answer. */
  | { readonly kind: 'built'; readonly block: BlockRef }
  /** The answer to `check`. */
  | { readonly kind: 'checked'; readonly view: number; readonly blockId: Hash; readonly valid: boolean }
  /**
   * A block that the host has by other ways than a proposal, executed and found valid: stored before a restart, or
   * fetched. The core builds only on blocks that it has seen. With its proposer's vote, as the proposal carried it, the
   * core can show the block to others, who may miss it.
   */
  | { readonly kind: 'block'; readonly block: BlockRef; readonly vote: SignedVote | undefined }
  /** Whether transactions wait to be ordered: blocks then come at `interval`, not at `heartbeat`. */
  | { readonly kind: 'pending'; readonly pending: boolean }

/**
 * Effects are carried out in their order. What comes after a `store` or a `persist` must not happen before that is
 * durable; it may wait while later events are stepped, whose effects then wait too.
 */
export type CoreEffect =
  /** Make a block of this view on top of the parent, no earlier than `notBefore`, and answer with `built`. */
  | {
      readonly kind: 'build'
      readonly view: number
      readonly parent: { readonly id: Hash; readonly height: number; readonly view: number }
      readonly justification: Justification
      readonly notBefore: number
    }
  /** Get the payload of a proposed block, execute it, and answer with `checked`. Certificates have been checked. */
  | { readonly kind: 'check'; readonly block: BlockRef; readonly from: number | undefined }
  /**
   * Make a valid block durable with its payload. Comes before this signer's first vote for it: a certified block of
   * which everybody has lost the payload could neither be built on nor skipped.
   */
  | { readonly kind: 'store'; readonly blockId: Hash }
  /**
   * Make a notarization durable. Comes before this signer's vote to finalize the block: it cannot give the view up any
   * more, so if this certificate were lost everywhere, the view might never end.
   */
  | { readonly kind: 'keep'; readonly certificate: Certificate }
  | { readonly kind: 'persist'; readonly record: SignerRecord }
  | { readonly kind: 'send'; readonly to: number | 'all'; readonly message: ConsensusMessage }
  /** The block and all its ancestors are final. Views up to its own are over. */
  | { readonly kind: 'final'; readonly blockId: Hash; readonly certificate: Certificate }
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  /** A signature in the message of this event does not hold, and whoever sent the message knows it. */
  | { readonly kind: 'refused' }
  /** Step with `time` at this moment; replaces the moment named before. */
  | { readonly kind: 'wake'; readonly at: number }

/** Proof that a validator broke a rule (E1 to E4); checked by `verifyEvidence`. */
export type Evidence =
  /** E1 to E3: two votes of one signer and view that nobody may sign both. */
  | { readonly kind: 'votes'; readonly first: SignedVote; readonly second: SignedVote }
  /** E4: a vote to notarize a block whose embedded justification does not hold. */
  | { readonly kind: 'justification'; readonly vote: SignedVote; readonly block: BlockRef }
