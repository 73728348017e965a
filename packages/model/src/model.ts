import { type ErrorName, fail } from '@banyan/base'
import { type Batch, checkBatch } from './batch.js'
import { candidateOf, startRun } from './block-run.js'
import { type BlockFields, type BlockResult, finishBlock, include } from './execute-block.js'
import { createState, type Genesis } from './genesis.js'
import type { Header } from './header.js'
import type { State } from './state.js'
import { stateRoot } from './state-root.js'
import type { Transaction } from './transaction.js'
import { invalidity } from './validity.js'

export type BlockInput = BlockFields & { readonly batches: readonly Batch[] }

/** A ledger that executes one transaction after the other, in the plainest way. */
export type Model = {
  readonly state: State
  readonly genesisHeader: Header
  /** Why the transaction cannot be the first one of the next block; `undefined` if it can. */
  readonly check: (transaction: Transaction) => ErrorName | undefined
  /** Executes the next block. Errors leave the state as it was: Block*. */
  readonly execute: (block: BlockInput) => BlockResult
  /** Root of the state after the last block. */
  readonly stateRoot: () => Uint8Array
}

/** Error: GenesisInvalid. */
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

function executeBlock(state: State, block: BlockInput): BlockResult {
  checkBounds(state, block)
  const run = startRun(state)
  for (const transaction of block.batches.flatMap((batch) => batch.transactions)) {
    include(run, candidateOf(state, transaction))
  }
  const { batches, ...fields } = block
  return finishBlock(run, fields, batches)
}

function checkBounds(state: State, block: BlockInput): void {
  const count = block.batches.reduce((total, batch) => total + batch.transactions.length, 0)
  if (block.timestamp <= state.timestamp) fail('BlockFieldWrong', { field: 'timestamp' })
  if (block.batches.length > 2 ** 10) fail('BlockTooLarge', { what: 'batches', limit: 2 ** 10 })
  if (count > 2 ** 22) fail('BlockTooLarge', { what: 'transactions', limit: 2 ** 22 })
  for (const batch of block.batches) checkBatch(batch)
}
