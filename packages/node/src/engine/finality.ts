import { assert, equalBytes, errorCode, type Hash } from '@banyan/base'
import type { Certificate } from '@banyan/consensus'
import { encodeHeader, receiptBytes, summarize } from '@banyan/ledger'
import { encodeEpochRecord, encodeFinality, type FinalityProof } from '@banyan/light'
import { assemble } from './assemble.js'
import { orderedFinally } from './batch-pool.js'
import { dropStaleBatches } from './batches.js'
import { stepCore, storeBlock } from './core-step.js'
import { enterEpoch } from './enter-epoch.js'
import { epochAfter } from './epochs.js'
import { execute, leadThrough } from './execution.js'
import { forgetFetches } from './fetch.js'
import { lastOfEpoch } from './header-rules.js'
import { encodeMessage } from './messages.js'
import { followerPeers, send } from './peers.js'
import { proposersVote } from './proposer-votes.js'
import type { EngineState } from './state.js'
import { type BlockNode, pathTo, setFinal } from './tree.js'
import { forgetVotes } from './vote-memory.js'

/** Final blocks that are kept for peers that ask. */
const maxRecent = 32

/** Consensus has finalized a block; it may have to be fetched first. */
export function coreFinal(engine: EngineState, id: Hash, certificate: Certificate): void {
  if (equalBytes(engine.tree.final.id, id)) return
  engine.wanted = { id, certificate }
  advanceWanted(engine)
}

/** Makes the block final that is known to be, as soon as it and all below it are here. */
export function advanceWanted(engine: EngineState): void {
  const { wanted, epoch } = engine
  if (wanted === undefined) return
  const node = assemble(engine, wanted.id, [])
  if (node === undefined || !executePath(engine, node)) return
  engine.wanted = undefined
  declareFinal(engine, node, wanted.certificate)
  if (epoch !== engine.epoch) return
  const { ref, vote } = node
  stepCore(engine, { kind: 'block', block: ref, vote: proposersVote(epoch, ref, vote) })
}

/** Executes what is certified but was never checked here; false if too many blocks wait for finality. */
function executePath(engine: EngineState, node: BlockNode): boolean {
  for (const step of pathTo(engine.tree, node) ?? []) {
    if (step.closing || step.result !== undefined) continue
    const verdict = execute(engine, step)
    assert(verdict !== 'invalid', 'a block with a certificate is valid')
    if (verdict === 'later') return false
  }
  return true
}

/** A certificate finalizes this block; if it is a closing one, the last block of the epoch is what becomes final. */
function declareFinal(engine: EngineState, node: BlockNode, certificate: Certificate): void {
  const target = lastOfEpoch(engine, node)
  assert(target !== undefined, 'a closing block descends from the last one of its epoch')
  const path = pathTo(engine.tree, node)!
  const links = path.slice(path.indexOf(target) + 1).map(({ header }) => summarize(header))
  makeFinal(engine, target, { epoch: engine.epoch.number, certificate, links })
}

/** Makes an executed block and all below it final: durably, for clients, for peers, and for the next epoch. */
export function makeFinal(engine: EngineState, node: BlockNode, finality: FinalityProof): void {
  const { tree, effects, epoch } = engine
  const { header, id } = node
  const proof = encodeFinality(finality)
  const path = pathTo(tree, node)!
  assert(leadThrough(engine, node) === 'valid', 'the chain can lead through a final block')
  for (const { key } of path) storeBlock(engine, key)
  const isEnd = header.height === epoch.endHeight
  if (isEnd && engine.records.length === epoch.number) {
    const elected = node.elected!
    const record = { epoch: epoch.number, header: summarize(header), id, proof, elected }
    engine.records.push(record)
    effects.push({ kind: 'endEpoch', record: encodeEpochRecord(record) })
  }
  effects.push({ kind: 'finalize', height: header.height, id, proof })
  for (const [i, step] of path.entries()) publish(engine, step, path.slice(i + 1), finality)
  engine.options.mempool.expire(header.height)
  setFinal(tree, { header, id })
  engine.proof = proof
  forget(engine)
  forgetVotes(engine, finality.certificate.vote.view)
  send(
    engine,
    followerPeers(engine),
    'data',
    encodeMessage({ kind: 'final', header: encodeHeader(header), proof }),
  )
  if (isEnd) enterEpoch(engine, epochAfter(engine.options, header.height))
}

/** Tells of a block that is final; `above` are the blocks from it to the one that the proof is for. */
function publish(
  engine: EngineState,
  node: BlockNode,
  above: readonly BlockNode[],
  finality: FinalityProof,
): void {
  const { header, described, result } = node
  const batches = described.map(({ batch }) => batch)
  const final = {
    block: { header, batches },
    described,
    executed: result!,
    finality: () => ({
      ...finality,
      links: [...above.map((next) => summarize(next.header)), ...finality.links],
    }),
  }
  engine.effects.push({ kind: 'final', final })
  orderedFinally(engine.pool, described, header.height)
  settle(engine, result!.receipts)
  engine.recent.set(node.key, node)
  if (engine.recent.size > maxRecent) engine.recent.delete(engine.recent.keys().next().value!)
}

/** Reasons for which a transaction that a block left out may fit a later one. */
const passing = new Set([errorCode('NonceTooHigh'), errorCode('BlockTooLarge')])
const skippedStatus = 2
const receiptWords = receiptBytes / 4
/** Its lower half is the status, its upper half the registry number of what went wrong. */
const statusWord = 16

/**
 * Tells the mempool what became of the transactions: of all, since what came to this node may have come to others too, in
 * whose batches it was included.
 */
function settle({ options: { mempool } }: EngineState, receipts: Uint8Array): void {
  const words = new Uint32Array(receipts.buffer, receipts.byteOffset, receipts.length / 4)
  for (let at = 0; at < words.length && mempool.count > 0; at += receiptWords) {
    const status = words[at + statusWord]!
    const isSkipped = (status & 0xffff) === skippedStatus
    mempool.settle(words, at, isSkipped ? (passing.has(status >>> 16) ? 'retry' : 'skipped') : 'included')
  }
}

/** Drops what belongs to views that are over. */
function forget(engine: EngineState): void {
  const { header } = engine.tree.final
  for (const [key, { ref }] of engine.checks) if (ref.height <= header.height) engine.checks.delete(key)
  for (const [key, { ref }] of engine.candidates)
    if (ref.height <= header.height) engine.candidates.delete(key)
  if (engine.build !== undefined && engine.build.parent.height < header.height) engine.build = undefined
  forgetFetches(engine)
  dropStaleBatches(engine)
}
