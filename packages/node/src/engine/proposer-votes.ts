import { equalBytes, type Hash, toHex } from '@banyan/base'
import { type BlockRef, type CoreEffect, decodeVote, encodeVote, type SignedVote } from '@banyan/consensus'
import { attempt } from './bytes.js'
import type { EngineState, Epoch } from './state.js'

/** Where the proposer's vote of a block is not known. */
export const noVote = new Uint8Array(0)

/**
 * Remembers the vote that came with a proposal, to show the block to others later. That of the proposer itself counts more
 * than what others pass on, which nobody has checked.
 */
export function noteVote(engine: EngineState, id: Hash, vote: Uint8Array, isProposers: boolean): void {
  const key = toHex(id)
  for (const block of [engine.tree.nodes.get(key), engine.candidates.get(key)]) {
    if (block !== undefined && (isProposers || block.vote.length === 0)) block.vote = vote
  }
}

/** Remembers the votes of this node's own proposals, before their blocks are stored. */
export function noteOwnVotes(engine: EngineState, effects: readonly CoreEffect[]): void {
  for (const effect of effects) {
    if (effect.kind !== 'send' || effect.message.kind !== 'proposal') continue
    const { block, vote } = effect.message
    noteVote(engine, block.id, encodeVote(vote), vote.signer === block.proposer)
  }
}

/** The proposer's vote for a block, if these bytes are it. */
export function proposersVote({ scheme }: Epoch, ref: BlockRef, bytes: Uint8Array): SignedVote | undefined {
  const signed = attempt(() => decodeVote(bytes))
  if (signed === undefined) return undefined
  const { vote, signer, signature } = signed
  const isFor = vote.kind === 'notarize' && vote.view === ref.view && equalBytes(vote.blockId, ref.id)
  if (!isFor || signer !== ref.proposer) return undefined
  return scheme.verify(scheme.message(vote), signer, signature) ? signed : undefined
}
