import { toHex } from '@banyan/base'
import { type Certificate, quarantineEnd } from '@banyan/consensus'
import { stepCore } from './core-step.js'
import { openEpoch } from './epochs.js'
import { encodeMessage } from './messages.js'
import { send, statusOf } from './peers.js'
import type { EngineState } from './state.js'
import { recoveredVotes, signerMemory } from './vote-memory.js'

/** Starts the epoch that follows the newest final block. `final` finalizes that block, if it is of this epoch. */
export function enterEpoch(engine: EngineState, number: number, final?: Certificate): void {
  engine.build = undefined
  engine.wanted = undefined
  engine.checks.clear()
  engine.candidates.clear()
  engine.coreWakeAt = Number.POSITIVE_INFINITY
  if (engine.votes.epoch !== number) engine.votes = recoveredVotes(engine.options, number)
  const kept = [...engine.votes.certificates.values()]
  const certificates = final === undefined ? kept : [final, ...kept]
  engine.epoch = openEpoch(engine, number, signerMemory(engine, number), certificates)
  engine.pending = false
  stepCore(engine, { kind: 'start' })
  send(engine, [...engine.peers.keys()], 'votes', encodeMessage(statusOf(engine)))
}

/** Takes what the members have told of their epochs, while a signer that lost its memory waits for that. */
export function learnEpochs(engine: EngineState): void {
  const { options, epoch, peers } = engine
  if (options.signer === undefined || options.recovered.memory !== undefined) return
  if (engine.quarantineUntil !== undefined) return
  const own = epoch.indexOfKey.get(toHex(options.signer.ed25519Key))
  const told = new Map<number, number>()
  for (const peer of peers.values()) {
    const index = peer.validator === undefined ? undefined : epoch.indexOfKey.get(peer.validator)
    if (index !== undefined && index !== own && peer.told)
      told.set(index, Math.max(peer.epoch, told.get(index) ?? 0))
  }
  engine.quarantineUntil = quarantineEnd(epoch.committee, told)
}
