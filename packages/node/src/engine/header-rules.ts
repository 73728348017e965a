import { asHash, equalBytes, type Hash, toHex } from '@banyan/base'
import { type BlockRef, decodeJustification } from '@banyan/consensus'
import { type Header, payloadRootOf, receiptsRoot } from '@banyan/ledger'
import { attempt } from './bytes.js'
import type { EngineState, Epoch } from './state.js'
import { type BlockNode, nodeOf } from './tree.js'
import { knowsRules, rulesVersion } from './versions.js'

const zeroHash = asHash(new Uint8Array(32))

/**
 * What consensus sees of a header in an epoch: `undefined` if its proposer is no member or its justification does not
 * decode. `id` is the header's.
 */
export function refOf(epoch: Epoch, header: Header, id: Hash): BlockRef | undefined {
  const proposer = epoch.indexOfAddress.get(addressKey(header.proposer))
  const justification = attempt(() => decodeJustification(header.justification))
  if (proposer === undefined || justification === undefined) return undefined
  const { view, height, parentId } = header
  const parentView = equalBytes(parentId, epoch.start) ? 0 : header.parentView
  return { id, view, height, parentId, parentView, proposer, justification }
}

export function addressKey(address: Uint8Array): string {
  return String.fromCharCode(...address)
}

/** Whether a block of this height is beyond the last one of the epoch: it only helps to make that one final. */
export function isClosing(epoch: Epoch, height: number): boolean {
  return height > epoch.endHeight
}

/**
 * Whether the fields of a header hold that neither consensus nor execution looks at. The parent must be known; a time
 * too far ahead of this node's clock is refused.
 */
export function headerHolds(
  engine: EngineState,
  header: Header,
  parent: Header,
  digests: readonly Hash[],
): boolean {
  const { chain, now, options } = engine
  const isForm =
    header.version === rulesVersion(options.rules, header.height) &&
    knowsRules(engine, header.height) &&
    header.chainId === chain.genesis.chainId &&
    header.height === parent.height + 1 &&
    header.parentView === parent.view &&
    header.consensusData.length === 0
  const isTime =
    header.timestamp > parent.timestamp &&
    header.timestamp <= BigInt(Math.floor(now) + options.rules.maxClockSkew)
  const isPayload = equalBytes(header.payloadRoot, payloadRootOf(chain.provider, digests))
  return isForm && isTime && isPayload && equalBytes(header.sideChainRoot, zeroHash)
}

/** The newest block below `node` that is executed: the last one of the epoch for closing blocks. */
export function lastOfEpoch({ tree }: EngineState, node: BlockNode | undefined): BlockNode | undefined {
  let next = node
  while (next?.closing) next = tree.nodes.get(next.parentKey)
  return next
}

/**
 * The header of a closing block: like an empty block that changes nothing. State and history are those after the last
 * block of the epoch, which must have been executed.
 */
export function closingHeader(
  engine: EngineState,
  parent: BlockNode,
  {
    view,
    proposer,
    timestamp,
    justification,
  }: Pick<Header, 'view' | 'proposer' | 'timestamp' | 'justification'>,
): Header | undefined {
  const { provider, genesis } = engine.chain
  const last = lastOfEpoch(engine, parent)
  if (last?.result === undefined || last.historyRoot === undefined) return undefined
  const height = parent.header.height + 1
  return {
    version: rulesVersion(engine.options.rules, height),
    chainId: genesis.chainId,
    height,
    view,
    parentId: parent.id,
    parentView: parent.header.view,
    proposer,
    timestamp,
    payloadRoot: payloadRootOf(provider, []),
    transactionCount: 0,
    receiptsRoot: receiptsRoot(provider, new Uint8Array(0)),
    stateRoot: last.result.stateRoot,
    sideChainRoot: zeroHash,
    historyRoot: last.historyRoot,
    nextCommitteeHash: zeroHash,
    consensusData: new Uint8Array(0),
    justification,
  }
}

/** The final block or one above it. */
export function headOf(
  { tree }: EngineState,
  id: Hash,
): BlockNode | EngineState['tree']['final'] | undefined {
  return equalBytes(tree.final.id, id) ? tree.final : nodeOf(tree, id)
}

/** Header and digests of a block that is final since lately, above the final one, or proposed. */
export function blockOf(
  { tree, recent, candidates }: EngineState,
  id: Hash,
): { readonly header: Header; readonly digests: readonly Hash[] } | undefined {
  const key = toHex(id)
  const node = tree.nodes.get(key) ?? recent.get(key)
  if (node !== undefined) return { header: node.header, digests: node.described.map(({ digest }) => digest) }
  return candidates.get(key)
}
