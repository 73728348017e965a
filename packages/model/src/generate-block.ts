import type { Batch } from './batch.js'
import { candidateOf, startRun } from './block-run.js'
import { type BlockFields, type BlockResult, finishBlock, include } from './execute-block.js'
import { generatePackage, generateTransfer, maxHistory, spoil } from './generate-transaction.js'
import type { World } from './generate-world.js'
import type { BlockInput, Model } from './model.js'
import type { Random } from './random.js'
import type { Transaction } from './transaction.js'

export type GenerateOptions = {
  readonly transactions: number
  /** Share of packages, 0 to 1. */
  readonly packages: number
  /** Share of transactions that are spoiled on purpose, 0 to 1. */
  readonly spoiled: number
  readonly maxItems: number
  /** Longest batch. */
  readonly maxBatch: number
  /** Root of the state before the block, if it is known. */
  readonly stateRoot?: Uint8Array
}

export type GeneratedBlock = { readonly block: BlockInput; readonly result: BlockResult }

/**
 * The next block of a model, with transactions that tend to touch edges. They are executed as they are drawn, so that
 * each one is drawn for the balances it will find: afterwards the model is at this block.
 */
export function generateBlock(
  model: Model,
  world: World,
  random: Random,
  options: GenerateOptions,
): GeneratedBlock {
  const run = startRun(model.state)
  const transactions: Transaction[] = []
  while (transactions.length < options.transactions) {
    const usual = random.chance(options.packages)
      ? generatePackage(run, world, random, options.maxItems)
      : generateTransfer(run, world, random)
    const transaction = random.chance(options.spoiled) ? spoil(run, world, random, usual) : usual
    include(run, candidateOf(run.state, transaction))
    transactions.push(transaction)
    world.history.push(transaction)
  }
  if (world.history.length > 2 * maxHistory) world.history.splice(0, maxHistory)
  const fields: BlockFields = {
    view: run.height,
    parentView: run.height - 1n,
    proposer: random.pick([world.proposer, world.genesis.accounts[0]!.address, random.bytes(20)]),
    timestamp: model.state.timestamp + BigInt(1 + random.below(1_000)),
    sideChainRoot: new Uint8Array(32),
    nextCommitteeHash: random.bytes(32),
    consensusData: random.bytes(random.below(100)),
    justification: random.bytes(random.below(100)),
    ...(options.stateRoot === undefined ? {} : { stateRoot: options.stateRoot }),
  }
  const batches = intoBatches(transactions, random, options)
  return { block: { ...fields, batches }, result: finishBlock(run, fields, batches) }
}

/** Runs of transfers and runs of packages, cut at random; the order stays. */
function intoBatches(
  transactions: readonly Transaction[],
  random: Random,
  options: GenerateOptions,
): Batch[] {
  const batches: { kind: 0 | 1; transactions: Transaction[] }[] = []
  let room = 0
  for (const transaction of transactions) {
    const kind = transaction.kind === 'transfer' ? 0 : 1
    const last = batches.at(-1)
    if (last !== undefined && last.kind === kind && room > 0) {
      last.transactions.push(transaction)
      room--
      continue
    }
    batches.push({ kind, transactions: [transaction] })
    room = random.below(options.maxBatch)
  }
  return batches
}
