import { type Hex, toHex } from '@banyan/base'
import { type BlockRun, type Candidate, setFig } from './block-run.js'
import { addTriples, baseFeeOf, gasOf, sum } from './fees.js'
import type { Balances } from './layer.js'
import type { Receipt } from './receipt.js'
import type { Triple } from './state.js'
import type { Transfer } from './transaction.js'
import { assetError, hasRoom, possibleRows, tipOf } from './validity.js'

/** Executes a transfer that may be in the block. A failed one pays its fee, without state gas, and moves nothing. */
export function applyTransfer(run: BlockRun, candidate: Candidate<Transfer>): Receipt {
  const { transaction: transfer, payer, id } = candidate
  const { asset, amount } = transfer
  const payee = toHex(transfer.payee)
  const gas = gasOf(transfer, possibleRows(run, transfer))
  const figBefore = run.layer.get(0, payer)!
  const figAfterFee = figBefore - baseFeeOf(gas, run.state.prices) - tipOf(transfer)
  const spendable = asset === 0 ? figAfterFee : (run.layer.get(asset, payer) ?? 0n)
  const isFull = run.layer.get(asset, payee) === undefined && !hasRoom(run.state, run.layer, asset)
  const error =
    assetError(run, asset) ??
    (spendable < amount ? 'FundsInsufficient' : undefined) ??
    (isFull ? 'TableFull' : undefined)
  const fee = chargeFee(run, candidate, error === undefined ? gas : gasOf(transfer, 0n))
  if (error === undefined) {
    if (asset === 0) moveFig(run, payer, payee, amount)
    else move(run.layer, asset, payer, payee, amount)
  }
  return {
    id,
    payerBalance: run.layer.get(asset, payer) ?? 0n,
    payeeBalance: run.layer.get(asset, payee) ?? 0n,
    status: error === undefined ? 'success' : 'failed',
    error,
    ...fee,
    items: undefined,
  }
}

/** Takes the fee from the payer and counts it for the pool and the proposer. */
export function chargeFee(
  run: BlockRun,
  { transaction, payer }: Candidate,
  gas: Triple,
): Pick<Receipt, 'gasUsed' | 'baseFee' | 'tip'> {
  const baseFee = baseFeeOf(gas, run.state.prices)
  const tip = tipOf(transaction)
  run.layer.set(0, payer, run.layer.get(0, payer)! - baseFee - tip)
  run.gas = addTriples(run.gas, gas)
  run.baseFees += baseFee
  run.tips += tip
  return { gasUsed: sum(gas), baseFee, tip }
}

/** Moves an amount that the payer has. Only the payee's row is created, and also for amount 0. */
export function move(balances: Balances, asset: number, payer: Hex, payee: Hex, amount: bigint): void {
  const payerBalance = balances.get(asset, payer)
  if (payerBalance !== undefined) balances.set(asset, payer, payerBalance - amount)
  balances.set(asset, payee, (balances.get(asset, payee) ?? 0n) + amount)
}

function moveFig(run: BlockRun, payer: Hex, payee: Hex, amount: bigint): void {
  setFig(run, payer, run.layer.get(0, payer)! - amount)
  setFig(run, payee, (run.layer.get(0, payee) ?? 0n) + amount)
}
