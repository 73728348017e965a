import { assert } from '@banyan/base'
import type { Collection } from '../host/collection.js'
import { gasPrices } from '../host/gas.js'
import { accountRow, amountRow } from '../state/layout.js'
import { keyOf } from '../state/state-view.js'
import { readUint, writeUint } from '../state/u128.js'
import { accountFlags } from '../state/view.js'
import type { EthereumTransaction } from '../tx/ethereum.js'
import type { BlockExecution } from './block-execution.js'
import { type CallEntry, type CallRecord, type FeeTerms, feeTermsOf } from './call-result.js'
import { callFee, type GasVector, gas, totalGas, walletBaseFee } from './fees.js'
import { intrinsicWork } from './intrinsic.js'

const rowWords = amountRow.words

/** What the host charges for a payment: entering the call, and reading and writing both accounts. */
const payGas = gasPrices.call + 2 * (gasPrices.rowRead + gasPrices.rowWrite)

/** A payment that goes through: rows of its accounts (-1: the payee has none), what it uses and what it says of its fee. */
type Payment = {
  readonly payer: number
  readonly payee: number
  readonly payeeKey: Uint32Array
  readonly work: GasVector
  readonly terms: FeeTerms
  readonly transaction: EthereumTransaction
}

/**
 * A plain Ethereum payment, if it goes through: no contract, no data, the `expected` nonce (that of its account unless
 * given), enough funds and gas, and room for the payee. `undefined` for everything else. Changes nothing.
 */
export function openPayment(
  block: BlockExecution,
  collection: Collection,
  entry: CallEntry,
  expected?: bigint,
): Payment | undefined {
  const { transaction, verified } = entry
  if (transaction.kind !== 'ethereum' || transaction.data.length > 0 || transaction.value === 0n)
    return undefined
  if (collection.at(transaction.to) !== undefined) return undefined
  const { accounts } = block.state
  const payer = accounts.find(keyOf(verified.sender), 0)
  if (payer < 0 || !isNext(accounts.rows.words, payer, transaction.nonce, expected)) return undefined

  const payeeKey = keyOf(transaction.to)
  const payee = accounts.find(payeeKey, 0)
  if (payee < 0 && accounts.room() === 0) return undefined
  const work = paymentWork(entry, payee < 0)
  const terms = feeTermsOf(entry)
  const { gasLimit, maxFeePerGas, tipPerGas } = terms
  if (tipPerGas > maxFeePerGas || maxFeePerGas < walletBaseFee(block.prices)) return undefined
  if (gasLimit < totalGas(work) || !block.fits(gasLimit, work.bytes, gasLimit)) return undefined
  if (balanceAt(block, payer) < BigInt(gasLimit) * maxFeePerGas + transaction.value) return undefined
  return { payer, payee, payeeKey, work, terms, transaction }
}

/**
 * Executes a plain Ethereum payment straight on the rows, if it goes through. Everything else is left to the full path of
 * calls (`undefined`, nothing changed), whose results this equals to the last bit; a test compares the two.
 */
export function executePayment(
  block: BlockExecution,
  collection: Collection,
  entry: CallEntry,
): CallRecord | undefined {
  const payment = openPayment(block, collection, entry)
  if (payment === undefined) return undefined
  const { payer, payeeKey, work, terms, transaction } = payment
  const { accounts } = block.state
  const { value } = transaction
  const { baseFee, tip } = callFee(work, block.prices, terms)
  const payee = payment.payee < 0 ? accounts.insert(payeeKey, 0) : payment.payee
  const { rows } = accounts
  rows.touch(payer)
  rows.touch(payee)
  writeUint(rows.words, payer * rowWords + accountRow.nonce, 2, transaction.nonce + 1n)
  setBalance(block, payer, balanceAt(block, payer) - value - baseFee - tip)
  setBalance(block, payee, balanceAt(block, payee) + value)
  return {
    success: true,
    error: 0,
    work,
    baseFee,
    tip,
    payerBalance: balanceAt(block, payer),
    payeeBalance: balanceAt(block, payee),
    logs: [],
  }
}

/** Whether a bare key may act for the account and this is its next nonce, or the one that is expected instead. */
function isNext(words: Uint32Array, account: number, nonce: bigint, expected: bigint | undefined): boolean {
  const base = account * rowWords
  if ((words[base + accountRow.flags]! & accountFlags.policy) !== 0) return false
  return nonce === (expected ?? readUint(words, base + accountRow.nonce, 2))
}

function paymentWork(entry: CallEntry, createsPayee: boolean): GasVector {
  const { compute, bytes } = intrinsicWork(entry)
  return { compute: compute + payGas, bytes, state: createsPayee ? accountRow.bytes * gas.perStateByte : 0 }
}

function balanceAt(block: BlockExecution, account: number): bigint {
  return readUint(block.state.accounts.rows.words, account * rowWords + accountRow.balance, 4)
}

function setBalance(block: BlockExecution, account: number, balance: bigint): void {
  assert(balance >= 0n && balance < 1n << 128n, 'a balance fits 128 bits')
  writeUint(block.state.accounts.rows.words, account * rowWords + accountRow.balance, 4, balance)
}
