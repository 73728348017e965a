import { type Certificate, decodeCertificate, type SignerMemory, type SignerRecord } from '@banyan/consensus'
import type { EngineOptions, EngineState } from './state.js'

/**
 * What this node has signed in one epoch, and the certificates behind its votes, by view. A core that starts again in the
 * epoch, after a restart or on top of a snapshot, needs all of it.
 */
export type VoteMemory = {
  readonly epoch: number
  readonly records: Map<number, SignerRecord>
  readonly certificates: Map<number, Certificate>
}

/** What was recovered of an epoch. */
export function recoveredVotes({ recovered }: EngineOptions, epoch: number): VoteMemory {
  const records = recovered.memory?.(epoch)?.records ?? []
  const kept = recovered.certificates.filter((certificate) => certificate.epoch === epoch)
  return {
    epoch,
    records: new Map(records.map((record) => [record.view, record])),
    certificates: new Map(kept.map(({ view, bytes }) => [view, decodeCertificate(bytes)])),
  }
}

/** Drops what is over. */
export function forgetVotes(engine: EngineState, view: number): void {
  const { votes, epoch, effects } = engine
  for (const held of [votes.records, votes.certificates]) {
    for (const old of held.keys()) if (old <= view) held.delete(old)
  }
  effects.push({ kind: 'forgetVotes', floor: { epoch: epoch.number, view } })
  effects.push({ kind: 'forgetKept', epoch: epoch.number, view })
}

/**
 * What the core of an epoch may sign, `undefined` if nothing. A signer that lost its memory begins a new one when its
 * quarantine is over.
 */
export function signerMemory(engine: EngineState, epoch: number): SignerMemory | undefined {
  const { options, votes, quarantineUntil, effects } = engine
  if (options.signer === undefined) return undefined
  if (options.recovered.memory === undefined) {
    if (quarantineUntil === undefined || epoch < quarantineUntil) return undefined
    if (!engine.released) effects.push({ kind: 'restartSigner', floor: { epoch, view: 0 } })
    engine.released = true
    return { floor: 0, records: [...votes.records.values()] }
  }
  const memory = options.recovered.memory(epoch)
  return memory && { floor: memory.floor, records: [...votes.records.values()] }
}
