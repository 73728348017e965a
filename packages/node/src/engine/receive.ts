import { toHex } from '@banyan/base'
import { decodeMessage as decodeConsensus, decodeVote } from '@banyan/consensus'
import { blockId, decodeHeader } from '@banyan/ledger'
import type { PeerId } from '@banyan/network'
import { resendBatches } from './batch-ways.js'
import { receiveBatch } from './batches.js'
import { attempt } from './bytes.js'
import { keepCandidate } from './checks.js'
import { stepCore } from './core-step.js'
import { learnEpochs } from './enter-epoch.js'
import { refOf } from './header-rules.js'
import { decodeMessage, type Message } from './messages.js'
import { greet, judge, memberOf } from './peers.js'
import { noteVote } from './proposer-votes.js'
import type { EngineState, Peer } from './state.js'

/**
 * Takes a message of a peer. One that is malformed speaks against it; one that overtook its greeting on another channel
 * is left alone: what must arrive is asked for again.
 */
export function receiveMessage(engine: EngineState, from: PeerId, bytes: Uint8Array): void {
  const peer = engine.peers.get(from)
  if (peer === undefined) return
  const isGood = attempt(() => {
    const message = decodeMessage(bytes)
    if (message.kind === 'hello') return meet(engine, peer, message)
    return !peer.greeted || take(engine, peer, message)
  })
  if (isGood !== true) judge(engine, from, 'invalid')
}

function meet(engine: EngineState, peer: Peer, hello: Extract<Message, { kind: 'hello' }>): boolean {
  if (!greet(engine, peer, hello)) return false
  resendBatches(engine, peer.id)
  return true
}

/** False if the message is of no use by its form. */
function take(engine: EngineState, peer: Peer, message: Exclude<Message, { kind: 'hello' }>): boolean {
  switch (message.kind) {
    case 'status':
      peer.told = true
      peer.epoch = Math.max(peer.epoch, message.epoch)
      peer.height = Math.max(peer.height, message.height)
      learnEpochs(engine)
      return true
    case 'batch':
      receiveBatch(engine, peer.id, message.sequence, message.bytes)
      return true
    case 'final': {
      const header = decodeHeader(message.header)
      peer.height = Math.max(peer.height, header.height)
      return true
    }
    case 'consensus':
      return !isCurrent(engine, peer, message.epoch) || takeConsensus(engine, peer, message.bytes)
    case 'proposal':
      return !isCurrent(engine, peer, message.epoch) || takeProposal(engine, peer, message)
  }
}

/** Whether a message is of this epoch. Whoever is in a later one has finished this one. */
function isCurrent(engine: EngineState, peer: Peer, epoch: number): boolean {
  if (epoch > engine.epoch.number) {
    peer.epoch = Math.max(peer.epoch, epoch)
    peer.height = Math.max(peer.height, engine.epoch.endHeight)
  }
  return epoch === engine.epoch.number
}

function takeConsensus(engine: EngineState, peer: Peer, bytes: Uint8Array): boolean {
  const message = decodeConsensus(bytes)
  // Proposals come with their header.
  if (message.kind === 'proposal') return false
  stepCore(engine, { kind: 'message', from: memberOf(engine, peer.id), message }, peer.id)
  return true
}

function takeProposal(
  engine: EngineState,
  peer: Peer,
  { header: bytes, digests, vote }: Extract<Message, { kind: 'proposal' }>,
): boolean {
  const header = decodeHeader(bytes)
  const id = blockId(header)
  const ref = refOf(engine.epoch, header, id)
  if (ref === undefined) return false
  const key = toHex(id)
  if (!engine.tree.nodes.has(key)) {
    keepCandidate(engine, { key, id, ref, header, digests, from: peer.id, vote })
  }
  noteVote(engine, id, vote, memberOf(engine, peer.id) === ref.proposer)
  const message = { kind: 'proposal', block: ref, vote: decodeVote(vote) } as const
  stepCore(engine, { kind: 'message', from: memberOf(engine, peer.id), message }, peer.id)
  return true
}
