import { equalBytes, type Hash, toHex } from '@banyan/base'
import type { BlockRef } from '@banyan/consensus'
import { type DescribedBatch, encodeHeader, type Header } from '@banyan/ledger'
import type { PeerId } from '@banyan/network'
import { assemble } from './assemble.js'
import { batchKey } from './batch-pool.js'
import { stepCore } from './core-step.js'
import { execute, leadThrough } from './execution.js'
import { fetchBatches, fetchBlock } from './fetch.js'
import { closingHeader, headerHolds, headOf, isClosing } from './header-rules.js'
import { peersOfMember } from './peers.js'
import type { Candidate, EngineState } from './state.js'
import { type BlockNode, maxTreeBlocks } from './tree.js'

/** Most proposals whose payload may be awaited, and how many of them one peer may have sent. */
const maxCandidates = 256
const maxOfOnePeer = 32

/** Remembers header and digests of a proposal until consensus wants them checked. */
export function keepCandidate(engine: EngineState, candidate: Candidate): void {
  const { candidates } = engine
  if (candidates.has(candidate.key)) return
  const ofPeer = [...candidates.values()].filter(({ from }) => from === candidate.from)
  if (ofPeer.length >= maxOfOnePeer) candidates.delete(ofPeer[0]!.key)
  else if (candidates.size >= maxCandidates) candidates.delete(candidates.keys().next().value!)
  candidates.set(candidate.key, candidate)
}

/** Consensus wants to know whether a block is valid; the answer may have to wait for its parent and its batches. */
export function beginCheck(engine: EngineState, ref: BlockRef, from: number | undefined): void {
  engine.checks.set(toHex(ref.id), { ref, from })
  advanceChecks(engine)
}

/** Answers all checks that can be answered now, the lowest views first, and asks for what the others lack. */
export function advanceChecks(engine: EngineState): void {
  const waiting = [...engine.checks].sort(([, a], [, b]) => a.ref.view - b.ref.view)
  for (const [key, { ref, from }] of waiting) {
    if (!engine.checks.has(key)) continue
    const verdict = check(engine, key, ref, from)
    if (verdict === undefined) continue
    engine.checks.delete(key)
    stepCore(engine, { kind: 'checked', view: ref.view, blockId: ref.id, valid: verdict })
  }
}

/** Whether a block is valid; `undefined` while something is missing. */
function check(
  engine: EngineState,
  key: string,
  ref: BlockRef,
  from: number | undefined,
): boolean | undefined {
  const { tree, candidates } = engine
  const askFirst = peersOfMember(engine, from ?? ref.proposer)
  const known = tree.nodes.get(key)
  if (known !== undefined) return isValid(engine, known, askFirst)
  const candidate = candidates.get(key)
  if (candidate === undefined) {
    fetchBlock(engine, ref.id, askFirst)
    return undefined
  }
  // The justification has been checked, so the parent has its certificate.
  const parent = headOf(engine, ref.parentId) ?? assemble(engine, ref.parentId, askFirst)
  if (parent === undefined) return undefined
  const { header, digests } = candidate
  if (!headerHolds(engine, header, parent.header, digests)) return false
  const described = batchesFor(engine, digests)
  if (Array.isArray(described)) {
    const node = nodeFrom(engine, candidate, described)
    if (tree.nodes.size >= maxTreeBlocks) return undefined
    tree.nodes.set(key, node)
    candidates.delete(key)
    const verdict = isValid(engine, node, askFirst)
    if (verdict === false) tree.nodes.delete(key)
    return verdict
  }
  fetchBatches(engine, described.missing, askFirst)
  return undefined
}

/** The batches of these digests from the pool, or what is missing. */
export function batchesFor(
  engine: EngineState,
  digests: readonly Hash[],
): DescribedBatch[] | { readonly missing: readonly Hash[] } {
  const described: DescribedBatch[] = []
  const missing: Hash[] = []
  for (const digest of digests) {
    const batch = engine.pool.batches.get(batchKey(digest))
    if (batch === undefined) missing.push(digest)
    else described.push(batch.described)
  }
  return missing.length === 0 ? described : { missing }
}

export function nodeFrom(
  engine: EngineState,
  { key, id, ref, header, vote }: Pick<Candidate, 'key' | 'id' | 'ref' | 'header' | 'vote'>,
  described: readonly DescribedBatch[],
): BlockNode {
  return {
    key,
    id,
    header,
    ref,
    parentKey: toHex(header.parentId),
    closing: isClosing(engine.epoch, header.height),
    described,
    result: undefined,
    elected: undefined,
    historyRoot: undefined,
    vote,
    stored: false,
  }
}

/** Executes a block of the tree unless that was done before; blocks below it come first. */
function isValid(engine: EngineState, node: BlockNode, askFirst: readonly PeerId[]): boolean | undefined {
  if (node.result !== undefined) return true
  const parent = headOf(engine, node.header.parentId)
  if (parent === undefined) {
    fetchBlock(engine, node.header.parentId, askFirst)
    return undefined
  }
  if ('ref' in parent && !parent.closing && parent.result === undefined) {
    const below = isValid(engine, parent, askFirst)
    if (below !== true) return below
  }
  if (node.closing) return closingHolds(engine, node)
  const verdict = execute(engine, node)
  return verdict === 'later' ? undefined : verdict === 'valid'
}

/** Whether a closing block is the one that its view, proposer and time make. */
function closingHolds(engine: EngineState, node: BlockNode): boolean | undefined {
  const parent = engine.tree.nodes.get(node.parentKey)
  if (parent === undefined || node.described.length > 0) return false
  if (parent.closing ? closingHolds(engine, parent) !== true : leadThrough(engine, parent) !== 'valid') {
    return undefined
  }
  const expected: Header | undefined = closingHeader(engine, parent, node.header)
  return expected !== undefined && equalBytes(encodeHeader(expected), encodeHeader(node.header))
}
