import { asHash, BanyanError, toHex } from '@banyan/base'
import { encodeJustification } from '@banyan/consensus'
import { historyRoot } from '@banyan/crypto'
import { blockId, buildBlock, type DescribedBatch, type ExecutedBlock, type Head } from '@banyan/ledger'
import { assemble } from './assemble.js'
import { nodeFrom } from './checks.js'
import { chooseBatches } from './choose-batches.js'
import { stepCore } from './core-step.js'
import { digestsUpTo, electedHash, electNow, moveTo } from './execution.js'
import { closingHeader, headOf, refOf } from './header-rules.js'
import { noVote } from './proposer-votes.js'
import type { Build, EngineState } from './state.js'
import { type BlockNode, nodeOf } from './tree.js'
import { knowsRules, rulesVersion } from './versions.js'

/** Consensus wants a block of this node; it may have to wait for its time or for its parent. */
export function beginBuild(engine: EngineState, build: Build): void {
  // By rules that this program does not know nobody could accept what it makes.
  if (!knowsRules(engine, build.parent.height + 1)) return
  engine.build = build
  advanceBuild(engine)
}

/** Builds the block that consensus waits for, if its time has come and its parent is here. */
export function advanceBuild(engine: EngineState): void {
  const { build, options, tree } = engine
  if (build === undefined || options.signer === undefined || engine.now < build.notBefore) return
  const parent = headOf(engine, build.parent.id) ?? assemble(engine, build.parent.id, [])
  if (parent === undefined || tree.final.header.height > build.parent.height) return
  const isClosing = parent.header.height >= engine.epoch.endHeight
  const node = isClosing ? closingBlock(engine, build) : nextBlock(engine, build, parent)
  if (node === undefined) return
  engine.build = undefined
  tree.nodes.set(node.key, node)
  stepCore(engine, { kind: 'built', block: node.ref })
}

function timeAfter({ now }: EngineState, parent: Head): bigint {
  const time = BigInt(Math.floor(now))
  const { timestamp } = parent.header
  return time > timestamp ? time : timestamp + 1n
}

function closingBlock(engine: EngineState, build: Build): BlockNode | undefined {
  const parent = nodeOf(engine.tree, build.parent.id)
  const { signer } = engine.options
  if (parent === undefined || signer === undefined) return undefined
  const header = closingHeader(engine, parent, {
    view: build.view,
    proposer: signer.address,
    timestamp: timeAfter(engine, parent),
    justification: encodeJustification(build.justification),
  })
  return header && toNode(engine, { header, id: blockId(header) }, [], undefined)
}

/** A block that orders what waits. */
function nextBlock(engine: EngineState, build: Build, parent: Head): BlockNode | undefined {
  const { chain, tree, pool, epoch, options } = engine
  if (options.signer === undefined || moveTo(engine, parent) !== 'valid') return undefined
  const elected = parent.header.height + 1 === epoch.endHeight ? electNow(engine) : undefined
  const proposal = {
    version: rulesVersion(options.rules, parent.header.height + 1),
    proposer: options.signer.address,
    timestamp: timeAfter(engine, parent),
    view: build.view,
    justification: encodeJustification(build.justification),
    ...(elected === undefined ? {} : { nextCommitteeHash: asHash(electedHash(engine, elected)) }),
  }
  const taken = digestsUpTo(engine, nodeOf(tree, parent.id))
  const chosen = chooseBatches(pool, taken, chain.genesis.fees.limit, build.view)
  const attempt = (batches: readonly DescribedBatch[]): BlockNode | BanyanError => {
    try {
      const node = toNode(engine, buildBlock(chain, { ...proposal, batches }), batches, elected)
      if (elected !== undefined) node.historyRoot = historyRoot(chain.provider, chain.history)
      return node
    } catch (error) {
      if (error instanceof BanyanError && error.kind !== 'InvariantBroken') return error
      throw error
    }
  }
  const node = attempt(chosen)
  if (!(node instanceof BanyanError)) return node
  // Rows may have no room for what waits; the chain goes on nevertheless.
  const empty = node.kind === 'TableFull' ? attempt([]) : node
  return empty instanceof BanyanError ? undefined : empty
}

function toNode(
  engine: EngineState,
  block: Head | ExecutedBlock,
  described: readonly DescribedBatch[],
  elected: BlockNode['elected'],
): BlockNode {
  const { header, id } = block
  const ref = refOf(engine.epoch, header, id)!
  const node = nodeFrom(engine, { key: toHex(id), id, ref, header, vote: noVote }, described)
  node.elected = elected
  if ('receipts' in block) node.result = block
  return node
}
