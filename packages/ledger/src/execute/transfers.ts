import { assert, errorCode } from '@banyan/base'
import { transferWords } from '../block/batch.js'
import type { DescribedBatch } from '../block/describe.js'
import type { KeyedTable } from '../state/keyed-table.js'
import { accountRow, amountRow, assetRow, balanceRow } from '../state/layout.js'
import { lookupBatch } from '../state/slot-table.js'
import { addTo, copyWords, isLess, subtractFrom } from '../state/u128.js'
import { assetFlags } from '../state/view.js'
import { transferLength } from '../tx/transfer.js'
import { type BlockExecution, byteGas } from './block-execution.js'
import { gas, pipPerNano } from './fees.js'
import { chargeFlatFee, type FlatFee, flatFee, recordFlatFee, refuseFlatFee } from './flat-fee.js'
import { receiptField, receiptStatus } from './receipts.js'

/** Word offsets in a transfer record of 48 words. */
export const transferField = {
  mark: 8,
  payee: 16,
  asset: 21,
  amount: 24,
  maxFee: 28,
  tip: 29,
  validUntil: 30,
} as const
export const recordWords = 48

const bytesGas = byteGas(transferLength)
/** A transfer makes at most one row: the payee's account for FIG, the payee's balance for another asset. */
const creationGas = accountRow.bytes * gas.perStateByte

/** One code moves FIG between accounts and other assets between balances. */
const { words: rowWords, balance: holding } = amountRow

/** What was looked up for a range of transfers. */
const payers = new Int32Array(lookupBatch)
const payees = new Int32Array(lookupBatch)
const idHashes = new Int32Array(lookupBatch)

/** Intermediate results of one transfer. */
const total = new Uint32Array(4)
const needed = new Uint32Array(4)
const payerKey = new Uint32Array(balanceRow.keyWords)
const payeeKey = new Uint32Array(balanceRow.keyWords)

const code = {
  replayed: errorCode('TransactionReplayed'),
  assetUnknown: errorCode('AssetUnknown'),
  assetPaused: errorCode('AssetPaused'),
  funds: errorCode('FundsInsufficient'),
  tableFull: errorCode('TableFull'),
} as const

/** One batch of transfers while it is executed. */
type TransferRun = {
  readonly block: BlockExecution
  readonly ids: Uint32Array
  readonly senders: Uint32Array
  readonly records: Uint32Array
  /** Fee of a transfer without a new row, and with one; how often each was charged. */
  readonly plain: FlatFee
  readonly creating: FlatFee
  plainCount: number
  creatingCount: number
  /** Sum of the tips in nano-FIG. */
  tips: number
}

/**
 * Executes a batch of transfers in order. This is the hot path: everything stays in flat words, accounts and ids are looked
 * up for many transfers at once, and nothing is allocated per transfer.
 */
export function executeTransfers(block: BlockExecution, described: DescribedBatch): void {
  const { ids, senders, batch } = described
  const { count } = batch
  const fees = transferFees(block)
  const counts = { plainCount: 0, creatingCount: 0, tips: 0 }
  const run: TransferRun = { block, ids, senders, records: transferWords(batch), ...fees, ...counts }
  block.state.window.reserve(count)
  for (let from = 0; from < count; from += lookupBatch) {
    executeRange(run, from, Math.min(count, from + lookupBatch))
  }
  block.baseFees += BigInt(run.plainCount) * run.plain.pip + BigInt(run.creatingCount) * run.creating.pip
  block.tips += BigInt(run.tips) * pipPerNano
}

/** Looks up what the transfers [from, to) name, then executes them: rows are changed while they are in the cache. */
function executeRange(run: TransferRun, from: number, to: number): void {
  const { accounts, window } = run.block.state
  accounts.findMany(run.senders, 5, from * 5, to - from, payers)
  accounts.findMany(run.records, recordWords, from * recordWords + transferField.payee, to - from, payees)
  window.hashMany(run.ids, from * 8, to - from, idHashes)
  for (let i = from; i < to; i++) {
    executeTransfer(run, i, payers[i - from]!, payees[i - from]!, idHashes[i - from]!)
  }
}

/** Executes the i-th transfer; `foundPayer` and `foundPayee` are the account rows (-1: none) before its range. */
function executeTransfer(
  run: TransferRun,
  i: number,
  foundPayer: number,
  foundPayee: number,
  idHash: number,
): void {
  const { block, ids, senders, records, plain, creating } = run
  const { state, receipts } = block
  const { accounts, balances, window } = state
  const record = i * recordWords
  const receipt = receipts.add(ids, i * 8)
  const validUntil =
    records[record + transferField.validUntil]! + records[record + transferField.validUntil + 1]! * 2 ** 32
  let refusal = block.checkValidity(records, record + transferField.mark, validUntil)
  if (refusal === 0 && window.hasHashed(idHash, ids, i * 8)) refusal = code.replayed
  if (refusal !== 0) {
    block.skip(receipt, refusal)
    return
  }

  // An account that was looked up as absent may have been made by an earlier transfer of the range.
  const payer = foundPayer >= 0 ? foundPayer : accounts.find(senders, i * 5)
  const asset = records[record + transferField.asset]!
  let table = accounts
  let from = payer
  let to = foundPayee
  if (asset !== 0) {
    table = balances
    setBalanceKey(payerKey, senders, i * 5, asset)
    setBalanceKey(payeeKey, records, record + transferField.payee, asset)
    from = balances.find(payerKey, 0)
    to = balances.find(payeeKey, 0)
  } else if (to < 0) {
    to = accounts.find(records, record + transferField.payee)
    if (to < 0) setBalanceKey(payeeKey, records, record + transferField.payee, 0)
  }

  const tip = records[record + transferField.tip]!
  const fullFee = to < 0 ? creating : plain
  refusal = refuseFlatFee(block, payer, fullFee, records[record + transferField.maxFee]!, tip, total)
  if (refusal !== 0) {
    block.skip(receipt, refusal)
    return
  }
  window.addHashed(idHash, ids, i * 8)
  copyWords(total, 0, needed, 0, 4)
  let failure =
    asset === 0
      ? refuseFig(accounts, payer, records, record, needed)
      : refuseAsset(block, asset, from, records, record)
  if (failure === 0 && to < 0 && table.room() === 0) failure = code.tableFull
  const fee = failure === 0 ? fullFee : plain
  chargeFlatFee(block, payer, fee, tip, total)
  if (failure === 0) {
    if (to < 0) to = table.insert(payeeKey, 0)
    move(table, from, to, records, record + transferField.amount)
  }
  noteBalances(block, receipt, table.rows.words, from, to)
  recordFlatFee(block, receipt, fee, tip)
  run.tips += tip
  if (fee === plain) run.plainCount++
  else run.creatingCount++
  block.use(gas.transfer, bytesGas, fee.work.state)
  const status = failure === 0 ? receiptStatus.success : receiptStatus.failed
  block.settle(receipt, status, failure, gas.transfer + bytesGas + fee.work.state)
}

/** Fees of a transfer in this block: without a new row for its payee, and with one. */
export function transferFees(block: BlockExecution): { readonly plain: FlatFee; readonly creating: FlatFee } {
  const work = { compute: gas.transfer, bytes: bytesGas, state: 0 }
  return { plain: flatFee(block, work), creating: flatFee(block, { ...work, state: creationGas }) }
}

export function setBalanceKey(key: Uint32Array, address: Uint32Array, offset: number, asset: number): void {
  for (let k = 0; k < 5; k++) key[k] = address[offset + k]!
  key[balanceRow.asset] = asset
}

/** `needed` holds the fee on entry, and is used up. */
export function refuseFig(
  accounts: KeyedTable,
  payer: number,
  records: Uint32Array,
  record: number,
  needed: Uint32Array,
): number {
  if (addTo(needed, 0, records, record + transferField.amount)) return code.funds
  return isLess(accounts.rows.words, payer * rowWords + holding, needed, 0) ? code.funds : 0
}

/** Why `amount` of an asset cannot leave the balance row `from` (-1: none): a registry number, or 0. */
export function refuseAsset(
  block: BlockExecution,
  asset: number,
  from: number,
  records: Uint32Array,
  record: number,
): number {
  const refusal = refuseAssetUse(block, asset)
  if (refusal !== 0) return refusal
  const at = record + transferField.amount
  if (from < 0) {
    const isZero = (records[at]! | records[at + 1]! | records[at + 2]! | records[at + 3]!) === 0
    return isZero ? 0 : code.funds
  }
  return isLess(block.state.balances.rows.words, from * rowWords + holding, records, at) ? code.funds : 0
}

/** Why an asset other than FIG cannot be moved at all now: a registry number, or 0. */
export function refuseAssetUse(block: BlockExecution, asset: number): number {
  const { assets } = block.state
  if (asset >= assets.length) return code.assetUnknown
  const flags = assets.words[asset * (assetRow.bytes / 4) + assetRow.flags]!
  return (flags & assetFlags.paused) !== 0 ? code.assetPaused : 0
}

/** Moves an amount that `from` is known to hold; -1 is a payer without a row, whose amount is zero. */
export function move(table: KeyedTable, from: number, to: number, amount: Uint32Array, offset: number): void {
  const { rows } = table
  if (from >= 0) {
    rows.touch(from)
    subtractFrom(rows.words, from * rowWords + holding, amount, offset)
  }
  rows.touch(to)
  const overflowed = addTo(rows.words, to * rowWords + holding, amount, offset)
  // Supplies are bounded by 2^128 - 1, so no holder can exceed it.
  assert(!overflowed, 'no balance exceeds the supply of its asset')
}

function noteBalances(
  block: BlockExecution,
  receipt: number,
  words: Uint32Array,
  from: number,
  to: number,
): void {
  const { words: out } = block.receipts
  if (from >= 0) copyWords(words, from * rowWords + holding, out, receipt + receiptField.payerBalance, 4)
  if (to >= 0) copyWords(words, to * rowWords + holding, out, receipt + receiptField.payeeBalance, 4)
}
