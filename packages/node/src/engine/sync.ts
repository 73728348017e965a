import { equalBytes, toHex } from '@banyan/base'
import {
  type Block,
  blockId,
  type DescribedBatch,
  decodeBlock,
  maxBlockBytes,
  payloadRootOf,
} from '@banyan/ledger'
import { decodeFinality, type FinalityProof, finalityHolds } from '@banyan/light'
import type { FinalRange } from '../store/range.js'
import { verify } from './batches.js'
import { attempt } from './bytes.js'
import { nodeFrom } from './checks.js'
import { stepCore } from './core-step.js'
import { committeeOf, votingScheme } from './epochs.js'
import { execute } from './execution.js'
import { makeFinal } from './finality.js'
import { refOf } from './header-rules.js'
import { ask } from './jobs.js'
import { judge } from './peers.js'
import { noVote, proposersVote } from './proposer-votes.js'
import { knowsEpochs, resume } from './recovery.js'
import { encodeRequest, maxRangeBlocks, readRangeParts } from './requests.js'
import { askRecords, beginSnapshotSync } from './snapshot-sync.js'
import type { EngineState, Peer } from './state.js'
import type { BlockNode } from './tree.js'

/** Blocks that a validator may be behind while its core runs: consensus brings these by itself. */
const coreLag = 3
const rangeTimeoutMs = 10_000
const retryMs = 100
const maxRetryMs = 5_000

/** Asks a peer that is ahead for final blocks, or for a snapshot if it is far ahead. */
export function advanceSync(engine: EngineState): void {
  const { tree, epoch, options, now } = engine
  if (engine.syncing || now < engine.syncRetryAt) return
  if (!knowsEpochs(engine)) {
    syncEpochs(engine)
    return
  }
  const { height } = tree.final.header
  const ahead = (peer: Peer): boolean => {
    const lag = peer.height - height
    return lag > coreLag || (lag > 0 && (epoch.core === undefined || peer.epoch > epoch.number))
  }
  const peer = bestPeer(engine, ahead)
  if (peer === undefined) return
  engine.syncing = true
  const giveUp = (): void => endSync(engine, peer, false)
  const { snapshotLag } = options
  // Each way falls back to the other: a peer may have no such blocks any more, or no snapshot yet.
  if (snapshotLag === undefined) askRange(engine, peer, giveUp)
  else if (peer.height - height > snapshotLag) {
    beginSnapshotSync(engine, peer, () => askRange(engine, peer, giveUp))
  } else {
    askRange(engine, peer, () => beginSnapshotSync(engine, peer, giveUp))
  }
}

/** Asks a peer for the next final blocks; `none` is called if it has none. */
function askRange(engine: EngineState, peer: Peer, none: () => void): void {
  const { tree, epoch } = engine
  const before = tree.final
  const { height } = before.header
  const maxBlocks = Math.min(maxRangeBlocks, epoch.endHeight - height)
  const bytes = encodeRequest({ kind: 'range', from: height + 1, maxBlocks })
  ask(engine, peer.id, bytes, { maxBytes: maxBlockBytes, timeoutMs: rangeTimeoutMs }, (parts) => {
    if (parts === undefined) return endSync(engine, peer, false)
    // Consensus was faster: the answer no longer follows the newest final block, which is not the peer's fault.
    if (tree.final !== before) {
      engine.syncing = false
      return
    }
    if (parts.length === 0) none()
    else receiveRange(engine, peer, parts)
  })
}

/** Asks for the records of epochs that the own folder has lost, and starts when they are here. */
function syncEpochs(engine: EngineState): void {
  const peer = bestPeer(engine, ({ told }) => told)
  if (peer === undefined) return
  engine.syncing = true
  askRecords(engine, peer, () => {
    const isEnough = knowsEpochs(engine)
    endSync(engine, peer, isEnough)
    if (isEnough) resume(engine)
  })
}

/** The peer ahead that failed least; of equals the one that comes next by name, so that all have their turn. */
function bestPeer(engine: EngineState, isAhead: (peer: Peer) => boolean): Peer | undefined {
  const usable = [...engine.peers.values()].filter((peer) => peer.greeted && isAhead(peer))
  usable.sort((a, b) => a.failures - b.failures || (a.id < b.id ? -1 : 1))
  return usable[0]
}

/** Rounds that a peer may fail in a row before its word counts less than that of others. */
const credibleFailures = 3

/**
 * Peers whose heights count for what this node tells of itself: anybody may claim to be ahead, and then has to show it. Where
 * all fail, none of them is worse than the others.
 */
export function crediblePeers({ peers }: EngineState): readonly Peer[] {
  const told = [...peers.values()].filter((peer) => peer.told)
  const credible = told.filter(({ failures }) => failures < credibleFailures)
  return credible.length > 0 ? credible : told
}

/** A round of catching up is over; after a failure another peer is asked, a little later. */
export function endSync(engine: EngineState, peer: Peer, useful: boolean): void {
  engine.syncing = false
  peer.failures = useful ? 0 : peer.failures + 1
  if (!useful)
    engine.syncRetryAt = engine.now + Math.min(maxRetryMs, retryMs * 2 ** Math.min(peer.failures, 8))
  else judge(engine, peer.id, 'useful')
}

function receiveRange(engine: EngineState, peer: Peer, parts: readonly Uint8Array[]): void {
  const checked = attempt(() => checkRange(engine, parts))
  if (checked === undefined) {
    judge(engine, peer.id, 'invalid')
    endSync(engine, peer, false)
    return
  }
  const { blocks, proof } = checked
  const described: DescribedBatch[][] = blocks.map(() => [])
  let left = blocks.reduce((sum, { batches }) => sum + batches.length, 0)
  const done = (): void => {
    if (left > 0) return
    const holds = described.every((batches, i) => {
      const digests = batches.map(({ digest }) => digest)
      const { payloadRoot } = blocks[i]!.header
      return equalBytes(payloadRoot, payloadRootOf(engine.chain.provider, digests))
    })
    if (!holds) judge(engine, peer.id, 'hostile')
    endSync(engine, peer, holds && applyRange(engine, blocks, described, proof))
  }
  for (const [i, { batches }] of blocks.entries()) {
    for (const [j, batch] of batches.entries()) {
      verify(engine, batch, true, (result) => {
        left--
        if (result !== undefined) described[i]![j] = result
        done()
      })
    }
  }
  done()
}

type CheckedRange = {
  readonly blocks: readonly Block[]
  readonly proof: FinalityProof
}

/** Blocks that follow the newest final one, and are final by their proof; `undefined` if not. */
function checkRange(engine: EngineState, parts: readonly Uint8Array[]): CheckedRange | undefined {
  const { tree, epoch } = engine
  const range = readRangeParts(parts)
  const blocks = range.blocks.map(decodeBlock)
  const proof = decodeFinality(range.proof)
  let before = tree.final
  for (const { header } of blocks) {
    const follows = header.height === before.header.height + 1 && equalBytes(header.parentId, before.id)
    if (!follows || refOf(epoch, header, header.parentId) === undefined) return undefined
    before = { header, id: blockId(header) }
  }
  if (!equalBytes(before.id, range.id) || before.header.height > epoch.endHeight) return undefined
  return proofIsGood(engine, range.id, proof) ? { blocks, proof } : undefined
}

/** Whether a proof holds by the committee of its epoch, as far as that is known. */
export function proofIsGood(engine: EngineState, id: FinalRange['id'], proof: FinalityProof): boolean {
  const committee = committeeOf(engine, proof.epoch)
  return committee !== undefined && finalityHolds(id, proof, committee, votingScheme(engine, committee))
}

/** Executes the blocks and makes them final; false if that must wait. */
function applyRange(
  engine: EngineState,
  blocks: readonly Block[],
  described: readonly (readonly DescribedBatch[])[],
  proof: FinalityProof,
): boolean {
  const { tree, epoch } = engine
  // Consensus may have brought some of them meanwhile.
  if (!equalBytes(blocks[0]!.header.parentId, tree.final.id)) return true
  let last: BlockNode | undefined
  for (const [i, { header }] of blocks.entries()) {
    const id = blockId(header)
    const key = toHex(id)
    const ref = refOf(epoch, header, id)!
    const fresh = nodeFrom(engine, { key, id, header, ref, vote: noVote }, described[i]!)
    last = tree.nodes.get(key) ?? fresh
    tree.nodes.set(key, last)
    if (last.result === undefined && execute(engine, last) !== 'valid') return false
  }
  makeFinal(engine, last!, proof)
  if (epoch === engine.epoch) {
    // The certificate first: the views that it ends are over for the signer's memory already.
    const message = { kind: 'certificate', certificate: proof.certificate } as const
    stepCore(engine, { kind: 'message', from: undefined, message })
    const { ref, vote } = last!
    stepCore(engine, { kind: 'block', block: ref, vote: proposersVote(epoch, ref, vote) })
  }
  return true
}
