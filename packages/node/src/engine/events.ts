import type { Hash } from '@banyan/base'
import type { Evidence, SignerFloor, SignerRecord } from '@banyan/consensus'
import type { Batch, Block, Chain, DescribedBatch, ExecutedBlock } from '@banyan/ledger'
import type { FinalityProof } from '@banyan/light'
import type { Channel, PeerId } from '@banyan/network'

/** What happens to an engine. Whoever runs it turns sockets, disks, threads and clocks into these. */
export type EngineEvent =
  | { readonly kind: 'start' }
  /** The moment that a `wake` effect named has come, or any other. */
  | { readonly kind: 'time' }
  | { readonly kind: 'connected' | 'disconnected'; readonly peer: PeerId }
  | { readonly kind: 'message'; readonly peer: PeerId; readonly bytes: Uint8Array }
  /** The answer to `verify`; without a description if something in the batch does not hold. */
  | { readonly kind: 'verified'; readonly job: number; readonly described: DescribedBatch | undefined }
  /** The whole answer to `request`; without parts if there was none. */
  | { readonly kind: 'answer'; readonly job: number; readonly parts: readonly Uint8Array[] | undefined }
  /** The answer to `restore`: the chain is the store's now; none if the snapshot was not the one wanted. */
  | { readonly kind: 'restored'; readonly job: number; readonly chain: Chain | undefined }
  /** A peer asks; the engine answers with `respond`, `respondRange` or `respondSnapshot` of the same token. */
  | { readonly kind: 'request'; readonly peer: PeerId; readonly token: number; readonly bytes: Uint8Array }
  /** Something was added to the mempool. */
  | { readonly kind: 'waiting' }

/** A block that is final, with all that came of it. */
export type FinalBlock = {
  readonly block: Block
  readonly described: readonly DescribedBatch[]
  readonly executed: ExecutedBlock
  /** Why it is final. Made when asked for, since most blocks are never asked about. */
  readonly finality: () => FinalityProof
}

/**
 * What an engine wants done, in this order. Those that `writesToDisk` names may share a sync, but what `waitsForDisk`
 * names must not be begun before all writes that stand in front of it are durable, also those of earlier steps. A vote
 * is both: it must not be found after a crash without the block or the certificate that it rests on; but it need not wait for
 * votes in front of it. What is to `spread` waits for nothing. Meanwhile events can be stepped; their effects queue up behind.
 */
export type EngineEffect =
  /** Make a block durable, with its proposer's vote if there are bytes of it (`ChainStore.append`). */
  | { readonly kind: 'store'; readonly block: Block; readonly vote: Uint8Array }
  /** Make a certificate durable (`ChainStore.keep`). */
  | { readonly kind: 'keep'; readonly epoch: number; readonly view: number; readonly bytes: Uint8Array }
  /** Make a signer's record durable (`NodeSigner.vote`). */
  | { readonly kind: 'vote'; readonly record: SignerRecord }
  /** Begin a new memory in place of a lost one: it is safe to vote above this place (`NodeSigner.restart`). */
  | { readonly kind: 'restartSigner'; readonly floor: SignerFloor }
  /** Make it durable that a stored block is final (`ChainStore.finalize`). */
  | { readonly kind: 'finalize'; readonly height: number; readonly id: Hash; readonly proof: Uint8Array }
  /** Make what is known of a finished epoch durable (`ChainStore.endEpoch`). */
  | { readonly kind: 'endEpoch'; readonly record: Uint8Array }
  /** Views up to this one are over: nothing more is signed there (`NodeSigner.forget`). */
  | { readonly kind: 'forgetVotes'; readonly floor: SignerFloor }
  /** Certificates of views up to this one may go (`ChainStore.forgetKept`). */
  | { readonly kind: 'forgetKept'; readonly epoch: number; readonly view: number }
  | {
      readonly kind: 'send' | 'spread'
      readonly peers: readonly PeerId[]
      readonly channel: Channel
      readonly bytes: Uint8Array
    }
  /** A block is final and durable here: tell clients. */
  | { readonly kind: 'final'; readonly final: FinalBlock }
  /** Describe a batch and check all its signatures on another thread; with `trusted` a description is enough. */
  | { readonly kind: 'verify'; readonly job: number; readonly batch: Batch; readonly trusted: boolean }
  | {
      readonly kind: 'request'
      readonly job: number
      readonly peer: PeerId
      readonly bytes: Uint8Array
      readonly maxBytes: number
      readonly timeoutMs: number
    }
  /**
   * Ask a peer for its snapshot of a height with the request in `bytes`, restore the chain, compare block and state
   * root, and let the store adopt it.
   */
  | {
      readonly kind: 'restore'
      readonly job: number
      readonly peer: PeerId
      readonly bytes: Uint8Array
      readonly id: Hash
      readonly stateRoot: Hash
      readonly proof: Uint8Array
    }
  | { readonly kind: 'respond'; readonly token: number; readonly parts: readonly Uint8Array[] | undefined }
  /** Answer with final blocks from the store, in the form of `rangeParts`. */
  | {
      readonly kind: 'respondRange'
      readonly token: number
      readonly from: number
      readonly maxBlocks: number
      readonly maxBytes: number
    }
  /** Answer with the height of the newest stored snapshot and the range of the block after it (`offerParts`). */
  | { readonly kind: 'respondOffer'; readonly token: number }
  /** Answer with the chunks of a stored snapshot. */
  | { readonly kind: 'respondSnapshot'; readonly token: number; readonly height: number }
  | { readonly kind: 'judge'; readonly peer: PeerId; readonly verdict: 'useful' | 'invalid' | 'hostile' }
  | { readonly kind: 'evidence'; readonly epoch: number; readonly evidence: Evidence }
  /** Step with `time` at this moment; replaces the moment named before. */
  | { readonly kind: 'wake'; readonly at: number }

const writing: ReadonlySet<EngineEffect['kind']> = new Set([
  'store',
  'keep',
  'vote',
  'restartSigner',
  'finalize',
  'endEpoch',
] as const)

const waiting: ReadonlySet<EngineEffect['kind']> = new Set([
  'vote',
  'send',
  'final',
  'forgetVotes',
  'forgetKept',
  'respond',
  'respondRange',
  'respondOffer',
  'respondSnapshot',
] as const)

/** Whether an effect writes to the disk. */
export function writesToDisk({ kind }: EngineEffect): boolean {
  return writing.has(kind)
}

/** Whether an effect must wait until all writes in front of it are durable. The others may be begun at once. */
export function waitsForDisk({ kind }: EngineEffect): boolean {
  return waiting.has(kind)
}
