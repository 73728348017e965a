import { type Address, asHash, fail, type Hash } from '@banyan/base'
import { historyRoot } from '@banyan/crypto'
import type { DescribedBatch } from './block/describe.js'
import { blockId, type Header, headerVersion } from './block/header.js'
import { payloadRootOf } from './block/payload.js'
import type { Chain } from './chain.js'
import { BlockExecution, readPrices } from './execute/block-execution.js'
import type { Prices } from './execute/fees.js'
import { executeGeneral } from './execute/general.js'
import { receiptsRoot } from './execute/receipts.js'
import { executeTransfers } from './execute/transfers.js'
import type { Log } from './host/context.js'
import { maxUndoBlocks } from './rollback.js'
import { closeExecution, recordBlock } from './seal.js'
import { maxBlockTransactionsDepth } from './state/id-window.js'

/** What a proposer chooses; everything else in a block follows from it and from the chain. */
export type Proposal = {
  /** Version of the rules that the block follows; the first one if it is not told. */
  readonly version?: number
  readonly batches: readonly DescribedBatch[]
  readonly proposer: Address
  /** Milliseconds, above the parent's. */
  readonly timestamp: bigint
  readonly view: number
  readonly sideChainRoot?: Hash
  readonly nextCommitteeHash?: Hash
  readonly consensusData?: Uint8Array
  readonly justification?: Uint8Array
}

/** A block that the chain has executed and now ends with. */
export type ExecutedBlock = {
  readonly header: Header
  readonly id: Hash
  /** 128 bytes for each transaction, in block order. */
  readonly receipts: Uint8Array
  /** Logs by the index of their transaction in the block. */
  readonly logs: ReadonlyMap<number, readonly Log[]>
  /** Results of package items by the index of the package, 32 bytes each. */
  readonly itemResults: ReadonlyMap<number, Uint8Array>
  /** Root of the state after this block. */
  readonly stateRoot: Hash
  /** Base fees that applied in this block, and those of the next one. */
  readonly prices: Prices
  readonly nextPrices: Prices
}

const maxTransactions = 2 ** maxBlockTransactionsDepth
const zeroHash = asHash(new Uint8Array(32))

/** Executes a proposal on top of the chain's newest block and returns the block. Leaves the chain untouched on error. */
export function buildBlock(chain: Chain, proposal: Proposal): ExecutedBlock {
  return extend(chain, proposal, () => undefined)
}

/**
 * Executes a proposal and makes it the chain's newest block, unless `check` throws when it sees the header that follows
 * from it: then, or on any other error, everything is undone.
 */
export function extend(chain: Chain, proposal: Proposal, check: (header: Header) => void): ExecutedBlock {
  const { state, head, stateRoot, history } = chain
  const height = head.header.height + 1
  if (proposal.timestamp <= head.header.timestamp) fail('BlockFieldWrong', { field: 'timestamp' })
  if (chain.earlier.length >= maxUndoBlocks) fail('FinalityTooFarBehind', { limit: maxUndoBlocks })
  state.beginBlock(height)
  try {
    const block = execute(chain, proposal, height)
    const header = headerOf(chain, proposal, block)
    check(header)
    const id = blockId(header)
    recordBlock(chain, header, id)
    const after = state.commit()
    chain.earlier.push({ head, stateRoot, history })
    chain.head = { header, id }
    chain.stateRoot = after
    const { receipts, logs, itemResults } = block
    return {
      header,
      id,
      receipts: receipts.bytes(),
      logs,
      itemResults,
      stateRoot: after,
      prices: block.prices,
      nextPrices: readPrices(state),
    }
  } catch (error) {
    state.undoBlock()
    chain.history = history
    throw error
  }
}

function execute(chain: Chain, proposal: Proposal, height: number): BlockExecution {
  const { provider, state, genesis } = chain
  const { timestamp, proposer } = proposal
  const environment = { chainId: genesis.chainId, height, timestamp, proposer }
  const count = proposal.batches.reduce((sum, { batch }) => sum + batch.count, 0)
  if (count > maxTransactions) fail('BlockTooLarge', { what: 'transactions', limit: maxTransactions })
  const block = new BlockExecution(provider, state, environment, genesis.fees, count)
  for (const described of proposal.batches) {
    if (described.batch.kind === 'transfers') executeTransfers(block, described)
    else executeGeneral(block, chain.host, chain.runGroups, described)
  }
  closeExecution(chain, block)
  return block
}

function headerOf(chain: Chain, proposal: Proposal, block: BlockExecution): Header {
  const { provider, head } = chain
  return {
    version: proposal.version ?? headerVersion,
    chainId: chain.genesis.chainId,
    height: block.environment.height,
    view: proposal.view,
    parentId: head.id,
    parentView: head.header.view,
    proposer: proposal.proposer,
    timestamp: proposal.timestamp,
    payloadRoot: payloadRootOf(
      provider,
      proposal.batches.map(({ digest }) => digest),
    ),
    transactionCount: block.receipts.count,
    receiptsRoot: receiptsRoot(provider, block.receipts.bytes()),
    stateRoot: chain.stateRoot,
    sideChainRoot: proposal.sideChainRoot ?? zeroHash,
    historyRoot: historyRoot(provider, chain.history),
    nextCommitteeHash: proposal.nextCommitteeHash ?? zeroHash,
    consensusData: proposal.consensusData ?? new Uint8Array(0),
    justification: proposal.justification ?? new Uint8Array(0),
  }
}
