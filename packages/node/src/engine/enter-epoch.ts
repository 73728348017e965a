import type { Certificate } from '@banyan/consensus'
import { stepCore } from './core-step.js'
import { openEpoch } from './epochs.js'
import { encodeMessage } from './messages.js'
import { send, statusOf } from './peers.js'
import type { EngineState } from './state.js'

/** Starts the epoch that follows the newest final block. `certificates` are those kept from before a restart. */
export function enterEpoch(
  engine: EngineState,
  number: number,
  certificates: readonly Certificate[] = [],
): void {
  engine.build = undefined
  engine.wanted = undefined
  engine.checks.clear()
  engine.candidates.clear()
  engine.coreWakeAt = Number.POSITIVE_INFINITY
  engine.epoch = openEpoch(engine, number, mayVote(engine, number), certificates)
  engine.pending = false
  stepCore(engine, { kind: 'start' })
  send(engine, [...engine.peers.keys()], 'votes', encodeMessage(statusOf(engine)))
}

function mayVote({ options, quarantineUntil }: EngineState, epoch: number): boolean {
  if (!options.recovered.votes.lost) return true
  return quarantineUntil !== undefined && epoch >= quarantineUntil
}

/**
 * A signer that lost its memory may have voted in an epoch that only started when a quorum had finalized the one before.
 * So it waits for the word of a quorum, takes the highest epoch named, and votes from two epochs later on (rule P3).
 */
export function learnEpochs(engine: EngineState): void {
  const { options, epoch, peers } = engine
  if (!options.recovered.votes.lost || engine.quarantineUntil !== undefined) return
  const { committee, indexOfKey } = epoch
  const heard = new Set<number>()
  let highest = epoch.number
  for (const { validator, epoch: theirs, told } of peers.values()) {
    const index = validator === undefined ? undefined : indexOfKey.get(validator)
    if (index === undefined || !told) continue
    heard.add(index)
    highest = Math.max(highest, theirs)
  }
  const weight = [...heard].reduce((sum, index) => sum + committee.validators[index]!.weight, 0)
  if (weight >= committee.quorum) engine.quarantineUntil = highest + 2
}
