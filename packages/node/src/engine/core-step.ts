import { toHex } from '@banyan/base'
import {
  type ConsensusMessage,
  type CoreEffect,
  type CoreEvent,
  encodeCertificate,
  encodeMessage as encodeConsensus,
  encodeVote,
  step,
} from '@banyan/consensus'
import { encodeHeader } from '@banyan/ledger'
import type { PeerId } from '@banyan/network'
import { beginBuild } from './builds.js'
import { beginCheck } from './checks.js'
import { coreFinal } from './finality.js'
import { blockOf } from './header-rules.js'
import { encodeMessage } from './messages.js'
import { judge, memberPeers, peersOfMember, send } from './peers.js'
import { noteOwnVotes } from './proposer-votes.js'
import type { EngineState, Epoch } from './state.js'

/**
 * Gives an event to the core of the epoch and does what it wants. Events that come meanwhile wait until all effects of
 * the first are done: the order of the core's effects is what makes its votes safe. `sender` is the peer that a message
 * came from, who answers for its signatures.
 */
export function stepCore(engine: EngineState, event: CoreEvent, sender?: PeerId): void {
  const { epoch, coreEvents } = engine
  coreEvents.push({ epoch, event, sender })
  if (coreEvents.length > 1) return
  for (let next = coreEvents[0]; next !== undefined; next = coreEvents[0]) {
    const { core } = next.epoch
    if (core !== undefined && next.epoch === engine.epoch) {
      const effects = step(core, next.event, engine.now)
      noteOwnVotes(engine, effects)
      for (const effect of effects) {
        if (effect.kind !== 'refused') carryOut(engine, next.epoch, effect)
        else if (next.sender !== undefined) judge(engine, next.sender, 'invalid')
      }
    }
    coreEvents.shift()
  }
}

function carryOut(engine: EngineState, epoch: Epoch, effect: Exclude<CoreEffect, { kind: 'refused' }>): void {
  switch (effect.kind) {
    case 'build':
      beginBuild(engine, effect)
      return
    case 'check':
      beginCheck(engine, effect.block, effect.from)
      return
    case 'store':
      storeBlock(engine, toHex(effect.blockId))
      return
    case 'persist': {
      const { record } = effect
      engine.votes.records.set(record.view, record)
      engine.effects.push({ kind: 'vote', record })
      return
    }
    case 'keep': {
      const { certificate } = effect
      const { view } = certificate.vote
      engine.votes.certificates.set(view, certificate)
      const bytes = encodeCertificate(certificate)
      engine.effects.push({ kind: 'keep', epoch: epoch.number, view, bytes })
      return
    }
    case 'send':
      sendConsensus(engine, epoch, effect.to, effect.message)
      return
    case 'final':
      coreFinal(engine, effect.blockId, effect.certificate)
      return
    case 'evidence':
      engine.effects.push({ ...effect, epoch: epoch.number })
      return
    case 'wake':
      engine.coreWakeAt = effect.at
      return
    default:
      effect satisfies never
  }
}

/** Gives a block of the tree to the disk, once. */
export function storeBlock(engine: EngineState, key: string): void {
  const node = engine.tree.nodes.get(key)
  if (node === undefined || node.stored) return
  node.stored = true
  const batches = node.described.map(({ batch }) => batch)
  engine.effects.push({ kind: 'store', block: { header: node.header, batches }, vote: node.vote })
}

function sendConsensus(
  engine: EngineState,
  epoch: Epoch,
  to: number | 'all',
  message: ConsensusMessage,
): void {
  const peers = to === 'all' ? memberPeers(engine) : peersOfMember(engine, to)
  if (peers.length === 0) return
  if (message.kind !== 'proposal') {
    const bytes = encodeConsensus(message)
    send(engine, peers, 'votes', encodeMessage({ kind: 'consensus', epoch: epoch.number, bytes }))
    return
  }
  const block = blockOf(engine, message.block.id)
  if (block === undefined) return
  const bytes = encodeMessage({
    kind: 'proposal',
    epoch: epoch.number,
    header: encodeHeader(block.header),
    digests: block.digests,
    vote: encodeVote(message.vote),
  })
  // Behind the batches that it orders, which were sent on the same channel.
  send(engine, peers, 'data', bytes)
}
