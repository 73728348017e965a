import { type ErrorName, toHex } from '@banyan/base'
import type { BlockRun, Candidate } from './block-run.js'
import { baseFeeOf, gasOf, nanoFig } from './fees.js'
import { pausedFlag, policyFlag, recentBlocks } from './state.js'
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
  if (feeFor(run, transaction) > maxFeeOf(transaction)) return 'FeeLimitTooLow'
  if (balance < maxFeeOf(transaction)) return 'FeeFundsInsufficient'
  return undefined
}

/** What the fee limit must cover, in pip: for a transfer its payee's new row too, if there is none yet. */
function feeFor(run: BlockRun, transaction: Transaction): bigint {
  const newRows = transaction.kind === 'transfer' && payeeRowMissing(run, transaction) ? 1n : 0n
  return baseFeeOf(gasOf(transaction, newRows), run.state.prices) + tipOf(transaction)
}

export function payeeRowMissing(run: BlockRun, transfer: { asset: number; payee: Uint8Array }): boolean {
  return run.layer.get(transfer.asset, toHex(transfer.payee)) === undefined
}

export function maxFeeOf(transaction: Transaction): bigint {
  return BigInt(transaction.maxFee) * nanoFig
}

export function tipOf(transaction: Transaction): bigint {
  return BigInt(transaction.tip) * nanoFig
}

/** Why no amount of the asset can be moved at all. */
export function assetError(run: BlockRun, number: number): ErrorName | undefined {
  const asset = run.state.assets[number]
  if (asset === undefined) return 'AssetUnknown'
  if ((asset.flags & pausedFlag) !== 0) return 'AssetPaused'
  return undefined
}
