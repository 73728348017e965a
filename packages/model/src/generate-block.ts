import type { ErrorName } from '@banyan/base'
import type { Batch } from './batch.js'
import { type BlockRun, candidateOf, startRun } from './block-run.js'
import { gasBound, generatePackage, generateTransfer, spoil } from './generate-transaction.js'
import type { World } from './generate-world.js'
import { applyTransaction, type BlockInput, type Model } from './model.js'
import type { Random } from './random.js'
import type { Transaction } from './transaction.js'
import { invalidity } from './validity.js'

export type GenerateOptions = {
  /** Transactions to aim for; the block is shorter if its gas limits demand it. */
  readonly transactions: number
  /** Share of packages, 0 to 1. */
  readonly packages: number
  readonly maxItems: number
  /** Longest batch. */
  readonly maxBatch: number
  /** Number of invalid transactions to report beside the block. */
  readonly invalid: number
}

export type GeneratedBlock = {
  /** Valid next block of the model it was generated for. */
  readonly block: BlockInput
  /** Transactions that cannot be the first one of the next block, and why. */
  readonly refused: readonly { readonly transaction: Transaction; readonly error: ErrorName }[]
}

/** A valid block that tends to touch edges, and invalid transactions for the same height. The model stays as it is. */
export function generateBlock(
  model: Model,
  world: World,
  random: Random,
  options: GenerateOptions,
): GeneratedBlock {
  const refused = generateRefused(model, world, random, options)
  const run = startRun(model.state)
  const transactions: Transaction[] = []
  let attempts = 0
  while (transactions.length < options.transactions && attempts++ < 4 * options.transactions) {
    if (!hasRoom(run, options)) break
    const transaction = generateTransaction(run, world, random, options)
    const candidate = candidateOf(run.state, transaction)
    if (invalidity(run, candidate) !== undefined) continue
    applyTransaction(run, candidate)
    transactions.push(transaction)
  }
  world.history.push(...transactions.slice(-1_000))
  const block: BlockInput = {
    view: run.height,
    parentView: run.height - 1n,
    proposer: random.pick([world.genesis.proposer, world.genesis.accounts[0]!.address, random.bytes(20)]),
    timestamp: model.state.timestamp + BigInt(1 + random.below(1_000)),
    sideChainRoot: new Uint8Array(32),
    nextCommitteeHash: world.genesis.nextCommitteeHash,
    consensusData: random.bytes(random.below(100)),
    justification: random.bytes(random.below(100)),
    batches: intoBatches(transactions, random, options),
  }
  return { block, refused }
}

function generateTransaction(
  run: BlockRun,
  world: World,
  random: Random,
  options: GenerateOptions,
): Transaction {
  if (random.chance(options.packages)) return generatePackage(run, world, random, options.maxItems)
  return generateTransfer(run, world, random)
}

function generateRefused(
  model: Model,
  world: World,
  random: Random,
  options: GenerateOptions,
): GeneratedBlock['refused'] {
  const run = startRun(model.state)
  const refused: { transaction: Transaction; error: ErrorName }[] = []
  for (let attempts = 0; refused.length < options.invalid && attempts < 4 * options.invalid; attempts++) {
    const transaction = spoil(run, world, random, generateTransaction(run, world, random, options))
    const error = invalidity(run, candidateOf(run.state, transaction))
    if (error !== undefined) refused.push({ transaction, error })
  }
  return refused
}

function hasRoom(run: BlockRun, options: GenerateOptions): boolean {
  return gasBound(options.maxItems).every((bound, i) => run.gas[i]! + bound <= run.state.limits[i]!)
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
