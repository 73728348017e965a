import { type ErrorName, fail, toHex } from '@banyan/base'
import { applyPackage } from './apply-package.js'
import { applyTransfer } from './apply-transfer.js'
import { type Batch, batchDigest, checkBatch, payloadRoot } from './batch.js'
import { type BlockRun, type Candidate, candidateOf, setFig, startRun } from './block-run.js'
import { nextPrices } from './fees.js'
import { createState, type Genesis } from './genesis.js'
import { type Header, headerRoot, historyRoot } from './header.js'
import { chunkOf } from './merkle.js'
import { type Receipt, receiptsRoot } from './receipt.js'
import { recordBlock } from './record-block.js'
import type { State } from './state.js'
import { stateRoot } from './state-root.js'
import type { Transaction } from './transaction.js'
import { invalidity } from './validity.js'

export type BlockInput = Pick<
  Header,
  | 'view'
  | 'parentView'
  | 'proposer'
  | 'timestamp'
  | 'sideChainRoot'
  | 'nextCommitteeHash'
  | 'consensusData'
  | 'justification'
> & {
  readonly batches: readonly Batch[]
  /** Root of the state after the parent block, if the caller knows it; otherwise it is computed, which is slow. */
  readonly stateRoot?: Uint8Array
}

export type BlockResult = {
  readonly id: Uint8Array
  readonly header: Header
  readonly receipts: readonly Receipt[]
}

/** A ledger that executes one transaction after the other, in the plainest way. */
export type Model = {
  readonly state: State
  readonly genesisHeader: Header
  /** Why the transaction cannot be the first one of the next block; `undefined` if it can. */
  readonly check: (transaction: Transaction) => ErrorName | undefined
  /** Executes the next block. Errors leave the state as it was: Block*, GenesisInvalid. */
  readonly execute: (block: BlockInput) => BlockResult
  /** Root of the state after the last block. */
  readonly stateRoot: () => Uint8Array
}

/** Account that receives the base part of all fees. */
export const feePoolAddress = chunkOf(new TextEncoder().encode('banyan/fees')).slice(0, 20)

export function createModel(genesis: Genesis): Model {
  const { state, header } = createState(genesis)
  return {
    state,
    genesisHeader: header,
    check: (transaction) => invalidity(startRun(state), candidateOf(state, transaction)),
    execute: (block) => executeBlock(state, block),
    stateRoot: () => stateRoot(state),
  }
}

/** Executes the next transaction of a block; the caller has made sure that it may be there. */
export function applyTransaction(run: BlockRun, candidate: Candidate): Receipt {
  const { transaction } = candidate
  const receipt =
    transaction.kind === 'transfer'
      ? applyTransfer(run, { ...candidate, transaction })
      : applyPackage(run, { ...candidate, transaction })
  run.seenIds.add(toHex(receipt.id))
  run.receipts.push(receipt)
  return receipt
}

function executeBlock(state: State, block: BlockInput): BlockResult {
  checkBounds(state, block)
  const run = startRun(state)
  const ids: Uint8Array[] = []
  for (const transaction of block.batches.flatMap((batch) => batch.transactions)) {
    const candidate = candidateOf(state, transaction)
    const reason = invalidity(run, candidate)
    if (reason !== undefined) fail('BlockTransactionInvalid', { index: ids.length, reason })
    ids.push(applyTransaction(run, candidate).id)
  }
  for (const [dimension, limit] of state.limits.entries()) {
    if (run.gas[dimension]! > limit) fail('BlockTooLarge', { what: 'gas', limit })
  }
  const header = buildHeader(state, block, run, ids)
  payOut(run, feePoolAddress, run.baseFees)
  payOut(run, block.proposer, run.tips)
  run.layer.commit()
  state.prices = nextPrices(state, run.gas)
  state.gasUsed = run.gas
  recordBlock(state, header, ids)
  return { id: headerRoot(header), header, receipts: run.receipts }
}

function checkBounds(state: State, block: BlockInput): void {
  const count = block.batches.reduce((total, batch) => total + batch.transactions.length, 0)
  if (block.timestamp <= state.timestamp) fail('BlockFieldWrong', { field: 'timestamp' })
  if (block.batches.length > 2 ** 10) fail('BlockTooLarge', { what: 'batches', limit: 2 ** 10 })
  if (count > 2 ** 22) fail('BlockTooLarge', { what: 'transactions', limit: 2 ** 22 })
  for (const batch of block.batches) checkBatch(batch)
}

/** Credits fees at the end of a block; an account that is new gets its row without state gas. */
function payOut(run: BlockRun, address: Uint8Array, amount: bigint): void {
  const hex = toHex(address)
  if (amount > 0n) setFig(run, hex, (run.layer.get(0, hex) ?? 0n) + amount)
}

function buildHeader(state: State, block: BlockInput, run: BlockRun, ids: readonly Uint8Array[]): Header {
  const { batches, stateRoot: known, ...given } = block
  const digests: Uint8Array[] = []
  let from = 0
  for (const batch of batches) {
    digests.push(batchDigest(batch, ids.slice(from, from + batch.transactions.length)))
    from += batch.transactions.length
  }
  return {
    ...given,
    version: 1,
    chainId: state.chainId,
    height: run.height,
    parentId: state.blockIds.at(-1)!,
    payloadRoot: payloadRoot(digests),
    transactionCount: ids.length,
    receiptsRoot: receiptsRoot(run.receipts),
    stateRoot: known ?? stateRoot(state),
    historyRoot: historyRoot(state.blockIds),
  }
}
