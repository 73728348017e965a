import { errorCode } from '@banyan/base'
import { accountRow } from '../state/layout.js'
import { isLess, subtractFrom, writeUint } from '../state/u128.js'
import { accountFlags } from '../state/view.js'
import type { BlockExecution } from './block-execution.js'
import { baseFeeOf, type GasVector, pipPerNano } from './fees.js'
import { receiptField } from './receipts.js'

/**
 * The fee of transfers and packages, which state it as totals in nano-FIG. Once computed for some amount of work it
 * serves every transaction with the same work in the block.
 */
export type FlatFee = {
  readonly work: GasVector
  /** Base fee in pip. */
  readonly pip: bigint
  readonly words: Uint32Array
  /** Base fee rounded up to nano-FIG. */
  readonly nano: number
}

export function flatFee(block: BlockExecution, work: GasVector): FlatFee {
  const pip = baseFeeOf(work, block.prices)
  const words = new Uint32Array(4)
  writeUint(words, 0, 4, pip)
  return { work, pip, words, nano: Number((pip + pipPerNano - 1n) / pipPerNano) }
}

const code = {
  feeFunds: errorCode('FeeFundsInsufficient'),
  unauthorized: errorCode('AccountUnauthorized'),
  tipAboveFee: errorCode('TipAboveFee'),
  feeLimit: errorCode('FeeLimitTooLow'),
  blockFull: errorCode('BlockTooLarge'),
} as const

/**
 * Why the signer at account row `payer` (-1: no row) cannot pay this fee from a bare key: a registry number, or 0. The
 * fee with its tip is left in `total`.
 */
export function refuseFlatFee(
  block: BlockExecution,
  payer: number,
  fee: FlatFee,
  maxFee: number,
  tip: number,
  total: Uint32Array,
): number {
  if (payer < 0) return code.feeFunds
  const { words } = block.state.accounts.rows
  const base = payer * 16
  if ((words[base + accountRow.flags]! & accountFlags.policy) !== 0) return code.unauthorized
  if (tip > maxFee) return code.tipAboveFee
  if (maxFee - tip < fee.nano) return code.feeLimit
  addTip(total, fee.words, tip)
  if (isLess(words, base + accountRow.balance, total, 0)) return code.feeFunds
  if (!block.fits(fee.work.compute, fee.work.bytes, fee.work.state)) return code.blockFull
  return 0
}

/** Takes a fee that was found payable. `total` is overwritten: a failed transaction pays less than it could have. */
export function chargeFlatFee(
  block: BlockExecution,
  payer: number,
  fee: FlatFee,
  tip: number,
  total: Uint32Array,
): void {
  const { rows } = block.state.accounts
  addTip(total, fee.words, tip)
  rows.touch(payer)
  subtractFrom(rows.words, payer * 16 + accountRow.balance, total, 0)
}

/** Writes base fee and tip into the receipt at word offset `receipt`. */
export function recordFlatFee(block: BlockExecution, receipt: number, fee: FlatFee, tip: number): void {
  const { words } = block.receipts
  for (let k = 0; k < 3; k++) words[receipt + receiptField.baseFee + k] = fee.words[k]!
  writeTip(words, receipt + receiptField.tip, tip)
}

const scratch = new Uint32Array(4)

/** total = base + tip, the tip given in nano-FIG. */
export function addTip(total: Uint32Array, base: Uint32Array, tip: number): void {
  for (let k = 0; k < 4; k++) total[k] = base[k]!
  if (tip === 0) return
  writeTip(scratch, 0, tip)
  let carry = 0
  for (let k = 0; k < 4; k++) {
    const sum = total[k]! + (k < 2 ? scratch[k]! : 0) + carry
    total[k] = sum
    carry = sum > 0xffffffff ? 1 : 0
  }
}

/** Writes a tip in nano-FIG as pip into two words: 10^9 times 32 bits, by halves that stay exact in a double. */
function writeTip(words: Uint32Array, offset: number, tip: number): void {
  const low = (tip & 0xffff) * 1e9
  const high = (tip >>> 16) * 1e9
  const middle = Math.floor(low / 65536) + high
  words[offset] = (middle % 65536) * 65536 + (low % 65536)
  words[offset + 1] = Math.floor(middle / 65536)
}
