import { toHex } from '@banyan/base'
import { describeBatch } from '@banyan/ledger'
import { decodeEpochRecord, decodeFinality, type EpochRecord } from '@banyan/light'
import { assemble } from './assemble.js'
import { addFetched } from './batch-pool.js'
import { keepCandidate } from './checks.js'
import { stepCore } from './core-step.js'
import { enterEpoch } from './enter-epoch.js'
import { epochAfter } from './epochs.js'
import { execute } from './execution.js'
import { refOf } from './header-rules.js'
import { proposersVote } from './proposer-votes.js'
import type { EngineState } from './state.js'
import type { BlockNode } from './tree.js'
import { rulesVersion } from './versions.js'

/** The records of finished epochs, each once and in their order. */
export function readEpochRecords(stored: readonly Uint8Array[]): EpochRecord[] {
  const records: EpochRecord[] = []
  for (const bytes of stored) {
    const record = decodeEpochRecord(bytes)
    if (record.epoch === records.length) records.push(record)
  }
  return records
}

/** Whether the records of all epochs before the newest final block are here: a damaged folder may have lost some. */
export function knowsEpochs({ options, tree, records }: EngineState): boolean {
  return records.length >= epochAfter(options, tree.final.header.height)
}

/**
 * Goes on where the store ends: in the epoch after the newest final block, with the blocks that were stored above it.
 * Where records of epochs are missing, peers are asked for them first.
 */
export function resume(engine: EngineState): void {
  const { options, tree } = engine
  if (!knowsEpochs(engine)) return
  const number = epochAfter(options, tree.final.header.height)
  const { proof, candidates } = options.recovered
  const finality = proof && decodeFinality(proof)
  enterEpoch(engine, number, finality?.epoch === number ? finality.certificate : undefined)
  const { epoch } = engine
  const finalRef = refOf(epoch, tree.final.header, tree.final.id)
  if (finalRef !== undefined && tree.final.header.height > epoch.startHeight) {
    stepCore(engine, { kind: 'block', block: finalRef, vote: undefined })
  }
  for (const { header, batches, id, vote } of candidates) {
    const ref = refOf(epoch, header, id)
    // Blocks that were made before the node was told of an upgrade lose against those that follow it.
    if (ref === undefined || header.version !== rulesVersion(options.rules, ref.height)) continue
    const described = batches.map((batch) =>
      describeBatch(engine.chain.provider, engine.chain.domains, batch),
    )
    for (const batch of described) addFetched(engine.pool, batch, tree.final.header.height)
    const digests = described.map(({ digest }) => digest)
    keepCandidate(engine, { key: toHex(id), id, ref, header, digests, from: undefined, vote })
    const node = assemble(engine, id, [])
    if (node !== undefined) offer(engine, node)
  }
}

/** Shows the core a block that was stored before the restart. It was valid then, and still is. */
function offer(engine: EngineState, node: BlockNode): void {
  node.stored = true
  if (!node.closing && node.result === undefined && execute(engine, node) !== 'valid') return
  const { ref, vote } = node
  stepCore(engine, { kind: 'block', block: ref, vote: proposersVote(engine.epoch, ref, vote) })
}
