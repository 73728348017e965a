import { BanyanError, equalBytes } from '@banyan/base'
import { createCommittee, type Validator } from '@banyan/consensus'
import { historyRoot } from '@banyan/crypto'
import { type Head, rollback, stateView, verifyBlock } from '@banyan/ledger'
import { batchKey } from './batch-pool.js'
import type { EngineState } from './state.js'
import { type BlockNode, nodeOf, pathTo } from './tree.js'
import { requireRules } from './versions.js'

/** `later`: too many blocks wait for finality. */
export type Verdict = 'valid' | 'invalid' | 'later'

/** Whether the chain ends with this block or goes through it, as far as it can be taken back. */
function isOnChain({ chain }: EngineState, { header, id }: Head): boolean {
  const above = chain.head.header.height - header.height
  if (above === 0) return equalBytes(chain.head.id, id)
  const before = above > 0 ? chain.earlier[chain.earlier.length - above] : undefined
  return before !== undefined && equalBytes(before.head.id, id)
}

/** Makes the chain go through a block; what it has beyond stays. Every block of the path was found valid, or is final. */
export function leadThrough(engine: EngineState, node: BlockNode): Verdict {
  return isOnChain(engine, node) ? 'valid' : moveTo(engine, node)
}

/** Makes the chain end with this block, which must be above the final one, or be it. */
export function moveTo(engine: EngineState, target: Head): Verdict {
  const { chain, tree } = engine
  const node = nodeOf(tree, target.id)
  const path = node === undefined ? [] : (pathTo(tree, node) ?? [])
  const fork = path.findLast((step) => isOnChain(engine, step)) ?? tree.final
  while (!equalBytes(chain.head.id, fork.id)) rollback(chain)
  for (const step of path.slice(path.indexOf(fork as BlockNode) + 1)) {
    const verdict = extend(engine, step)
    if (verdict !== 'valid') return verdict
  }
  return 'valid'
}

/** Executes a block on top of its parent, to which the chain is moved. */
export function execute(engine: EngineState, node: BlockNode): Verdict {
  const { tree } = engine
  const parent = tree.nodes.get(node.parentKey) ?? tree.final
  const moved = moveTo(engine, parent)
  return moved === 'valid' ? extend(engine, node) : moved
}

function extend(engine: EngineState, node: BlockNode): Verdict {
  const { chain } = engine
  requireRules(engine, node.header)
  const isLast = node.header.height === engine.epoch.endHeight
  const elected = isLast ? electNow(engine) : undefined
  if (!hasCommitteeHash(engine, node, elected)) return 'invalid'
  try {
    const executed = verifyBlock(chain, node.header, node.described)
    node.result ??= executed
  } catch (error) {
    if (!(error instanceof BanyanError)) throw error
    return error.kind === 'FinalityTooFarBehind' ? 'later' : 'invalid'
  }
  node.elected = elected
  if (isLast) node.historyRoot = historyRoot(chain.provider, chain.history)
  return 'valid'
}

/** Who votes in the epoch after the next one, as the state that the chain ends with says. */
export function electNow({ chain, options, epoch }: EngineState): readonly Validator[] {
  return options.elect?.(stateView(chain.state), epoch.number + 2) ?? options.rules.validators
}

/** The hash that the last block of an epoch must carry. */
export function electedHash(
  { chain, options, epoch }: EngineState,
  elected: readonly Validator[],
): Uint8Array {
  const rule = options.rules.quorumRule
  return createCommittee(chain.provider, epoch.number + 2, rule, elected).hash
}

const zeroHash = new Uint8Array(32)

function hasCommitteeHash(
  engine: EngineState,
  { header }: BlockNode,
  elected: readonly Validator[] | undefined,
): boolean {
  const expected = elected === undefined ? zeroHash : electedHash(engine, elected)
  return equalBytes(header.nextCommitteeHash, expected)
}

/** Digests of the batches that the blocks from above the final one up to `node` order. */
export function digestsUpTo({ tree }: EngineState, node: BlockNode | undefined): ReadonlySet<string> {
  const path = node === undefined ? [] : (pathTo(tree, node) ?? [])
  return new Set(path.flatMap(({ described }) => described.map(({ digest }) => batchKey(digest))))
}

/** The same for the blocks that the chain is made of now. */
export function digestsAbove(engine: EngineState): ReadonlySet<string> {
  return digestsUpTo(engine, nodeOf(engine.tree, engine.chain.head.id))
}
