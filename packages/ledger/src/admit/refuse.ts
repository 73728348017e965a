import { type Address, assert, errorName, fail, type Hash, toHex } from '@banyan/base'
import type { BlockExecution } from '../execute/block-execution.js'
import { type GasVector, pipPerNano } from '../execute/fees.js'
import { addTip, type FlatFee, refuseFlatFee } from '../execute/flat-fee.js'
import { policyReason } from '../execute/open-call.js'
import { windowBlocks } from '../state/id-window.js'
import { accountRow } from '../state/layout.js'
import { keyOf } from '../state/state-view.js'
import { readUint } from '../state/u128.js'

/** The executor names what is wrong by a registry number; here the details are added for whoever sent the transaction. */

/** Errors: MarkUnknown, TransactionExpired, ValidityTooLong. */
export function requireValidity(block: BlockExecution, mark: Hash, validUntil: bigint): void {
  const words = keyOf(mark)
  const refusal = block.checkValidity(words, 0, Number(validUntil))
  if (refusal === 0) return
  const name = errorName(refusal)
  const { height } = block.environment
  if (name === 'MarkUnknown') fail('MarkUnknown', { window: windowBlocks })
  if (name === 'TransactionExpired') fail('TransactionExpired', { validUntil, height })
  fail('ValidityTooLong', { validUntil, limit: block.marks.heightOf(words, 0) + windowBlocks })
}

/** Error: TransactionReplayed. */
export function requireNew(block: BlockExecution, id: Hash): void {
  if (block.state.window.has(keyOf(id), 0)) fail('TransactionReplayed')
}

const dimensions = ['compute', 'bytes', 'state'] as const

/** What a transfer or a package says about its fee, in nano-FIG. */
export type FlatTerms = { readonly maxFee: number; readonly tip: number }

/**
 * Whether the account can pay a flat fee from a bare key; returns the fee with its tip as four words.
 * Errors: FeeFundsInsufficient, AccountUnauthorized, FeeLimitTooLow, WorkTooLarge.
 */
export function requireFlatFee(
  block: BlockExecution,
  account: Address,
  fee: FlatFee,
  { maxFee, tip }: FlatTerms,
): Uint32Array {
  const { accounts } = block.state
  const row = accounts.find(keyOf(account), 0)
  const total = new Uint32Array(4)
  const refusal = refuseFlatFee(block, row, fee, maxFee, tip, total)
  if (refusal === 0) return total
  switch (errorName(refusal)) {
    case 'FeeFundsInsufficient': {
      addTip(total, fee.words, tip)
      const balance = row < 0 ? 0n : readUint(accounts.rows.words, row * 16 + accountRow.balance, 4)
      return fail('FeeFundsInsufficient', { balance, required: readUint(total, 0, 4) })
    }
    case 'AccountUnauthorized':
      return fail('AccountUnauthorized', { account: toHex(account), reason: policyReason })
    case 'FeeLimitTooLow':
      return fail('FeeLimitTooLow', {
        limit: BigInt(maxFee) * pipPerNano,
        required: BigInt(fee.nano + tip) * pipPerNano,
      })
    default:
      return failWork(block, fee.work)
  }
}

/** Throws for work that not even an empty block holds. Error: WorkTooLarge. */
export function failWork({ rules: { limit } }: BlockExecution, work: GasVector): never {
  const dimension = dimensions.find((name) => work[name] > limit[name])
  assert(dimension !== undefined, 'an empty block holds work within its limits')
  return fail('WorkTooLarge', { dimension, required: work[dimension], limit: limit[dimension] })
}

/** Throws for a registry number of an asset that cannot be moved now. Errors: AssetUnknown, AssetPaused. */
export function failAsset(refusal: number, asset: number): never {
  const name = errorName(refusal)
  assert(name === 'AssetUnknown' || name === 'AssetPaused', 'an asset is unknown or paused')
  return fail(name, { asset })
}
