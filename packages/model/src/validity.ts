import { type ErrorName, type Hex, toHex } from '@banyan/base'
import { addressOfNumber, type BlockRun, type Candidate } from './block-run.js'
import { addTriples, baseFeeOf, gasOf, nanoFig } from './fees.js'
import type { Balances } from './layer.js'
import { pausedFlag, policyFlag, recentBlocks, type State } from './state.js'
import type { Transaction } from './transaction.js'

/**
 * Why the transaction cannot be the next one of the block, `undefined` if it can. The order of the checks decides
 * which of several errors is reported. Signatures are not checked.
 */
export function invalidity(run: BlockRun, candidate: Candidate): ErrorName | undefined {
  const { transaction, payer } = candidate
  const markHeight = run.marks.get(toHex(transaction.mark))
  if (markHeight === undefined) return 'MarkUnknown'
  if (transaction.validUntil < run.height) return 'TransactionExpired'
  if (transaction.validUntil > markHeight + BigInt(recentBlocks)) return 'ValidityTooLong'
  const id = toHex(candidate.id)
  if (run.state.includedIds.has(id) || run.seenIds.has(id)) return 'TransactionReplayed'
  const balance = run.layer.get(0, payer)
  if (balance === undefined) return 'FeeFundsInsufficient'
  if (((run.state.accounts.get(payer)?.flags ?? 0) & policyFlag) !== 0) return 'AccountUnauthorized'
  if (transaction.tip > transaction.maxFee) return 'TipAboveFee'
  const most = gasOf(transaction, possibleRows(run, transaction))
  const fee = baseFeeOf(most, run.state.prices) + tipOf(transaction)
  if (fee > maxFeeOf(transaction)) return 'FeeLimitTooLow'
  if (fee > balance) return 'FeeFundsInsufficient'
  const total = addTriples(run.gas, most)
  if (total.some((used, dimension) => used > run.state.limits[dimension]!)) return 'BlockTooLarge'
  return undefined
}

/**
 * Most rows that the transaction can bring into being as the state is now. A package counts items, not payees: two
 * items with the same payee count twice. Accounts that items name exist already, so FIG makes no rows.
 */
export function possibleRows(run: BlockRun, transaction: Transaction): bigint {
  const { asset } = transaction
  const isMissing = (payee: Hex | undefined) =>
    payee !== undefined && run.layer.get(asset, payee) === undefined
  if (transaction.kind === 'transfer') return isMissing(toHex(transaction.payee)) ? 1n : 0n
  if (asset === 0) return 0n
  const payees = transaction.items.map((item) => addressOfNumber(run, item.payee))
  return BigInt(payees.filter(isMissing).length)
}

function maxFeeOf(transaction: Transaction): bigint {
  return BigInt(transaction.maxFee) * nanoFig
}

export function tipOf(transaction: Transaction): bigint {
  return BigInt(transaction.tip) * nanoFig
}

/** Whether a row can be made for a balance of the asset. The last account is kept for the pool of fees. */
export function hasRoom(state: State, balances: Balances, asset: number): boolean {
  return balances.rows(asset) < (asset === 0 ? state.maxRows - 1 : state.maxRows)
}

/** Why no amount of the asset can be moved at all. */
export function assetError(run: BlockRun, number: number): ErrorName | undefined {
  const asset = run.state.assets[number]
  if (asset === undefined) return 'AssetUnknown'
  if ((asset.flags & pausedFlag) !== 0) return 'AssetPaused'
  return undefined
}
