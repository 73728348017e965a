import { assert, createScratch, errorCode } from '@banyan/base'
import { transferWords } from '../block/batch.js'
import type { DescribedBatch } from '../block/describe.js'
import type { KeyedTable } from '../state/keyed-table.js'
import { accountRow, amountRow, assetRow, balanceRow } from '../state/layout.js'
import { addTo, copyWords, isLess, subtractFrom } from '../state/u128.js'
import { assetFlags } from '../state/view.js'
import { transferLength } from '../tx/transfer.js'
import { type BlockExecution, byteGas } from './block-execution.js'
import { gas, pipPerNano } from './fees.js'
import { chargeFlatFee, type FlatFee, flatFee, recordFlatFee, refuseFlatFee } from './flat-fee.js'
import { receiptField, receiptStatus } from './receipts.js'

/** Word offsets in a transfer record of 48 words. */
const field = { mark: 8, payee: 16, asset: 21, amount: 24, maxFee: 28, tip: 29, validUntil: 30 } as const
const recordWords = 48

const bytesGas = byteGas(transferLength)
/** A transfer makes at most one row: the payee's account for FIG, the payee's balance for another asset. */
const creationGas = accountRow.bytes * gas.perStateByte

/** One code moves FIG between accounts and other assets between balances. */
const { words: rowWords, balance: holding } = amountRow

const payerScratch = createScratch()
const payeeScratch = createScratch()

const code = {
  replayed: errorCode('TransactionReplayed'),
  assetUnknown: errorCode('AssetUnknown'),
  assetPaused: errorCode('AssetPaused'),
  funds: errorCode('FundsInsufficient'),
  tableFull: errorCode('TableFull'),
} as const

/**
 * Executes a batch of transfers in order. This is the hot path: everything stays in flat words, accounts are looked up
 * for the whole batch at once, and nothing is allocated per transfer.
 */
export function executeTransfers(block: BlockExecution, described: DescribedBatch): void {
  const { state, receipts } = block
  const { accounts, balances } = state
  const { ids, senders } = described
  const { count } = described.batch
  const records = transferWords(described.batch)
  const { plain, creating } = transferFees(block)
  const total = new Uint32Array(4)
  const needed = new Uint32Array(4)
  const payerKey = new Uint32Array(balanceRow.keyWords)
  const payeeKey = new Uint32Array(balanceRow.keyWords)
  const payers = new Int32Array(payerScratch(count * 4).buffer, 0, count)
  const payees = new Int32Array(payeeScratch(count * 4).buffer, 0, count)
  accounts.findMany(senders, 5, 0, count, payers)
  accounts.findMany(records, recordWords, field.payee, count, payees)
  receipts.reserve(receipts.count + count)
  let tips = 0
  let plainFees = 0
  let creationFees = 0

  for (let i = 0; i < count; i++) {
    const record = i * recordWords
    const receipt = receipts.add(ids, i * 8)
    const validUntil = records[record + field.validUntil]! + records[record + field.validUntil + 1]! * 2 ** 32
    let refusal = block.checkValidity(records, record + field.mark, validUntil)
    if (refusal === 0 && state.window.has(ids, i * 8)) refusal = code.replayed
    if (refusal !== 0) {
      block.skip(receipt, refusal)
      continue
    }

    // An account that a batch looked up as absent may have been made by an earlier transfer of the batch.
    const payer = payers[i]! >= 0 ? payers[i]! : accounts.find(senders, i * 5)
    const asset = records[record + field.asset]!
    let table = accounts
    let from = payer
    let to = payees[i]!
    if (asset !== 0) {
      table = balances
      setBalanceKey(payerKey, senders, i * 5, asset)
      setBalanceKey(payeeKey, records, record + field.payee, asset)
      from = balances.find(payerKey, 0)
      to = balances.find(payeeKey, 0)
    } else if (to < 0) {
      to = accounts.find(records, record + field.payee)
      if (to < 0) setBalanceKey(payeeKey, records, record + field.payee, 0)
    }

    const tip = records[record + field.tip]!
    const fullFee = to < 0 ? creating : plain
    refusal = refuseFlatFee(block, payer, fullFee, records[record + field.maxFee]!, tip, total)
    if (refusal !== 0) {
      block.skip(receipt, refusal)
      continue
    }
    state.window.add(ids, i * 8)
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
      move(table, from, to, records, record + field.amount)
    }
    noteBalances(block, receipt, table.rows.words, from, to)
    recordFlatFee(block, receipt, fee, tip)
    tips += tip
    if (fee === plain) plainFees++
    else creationFees++
    block.use(gas.transfer, bytesGas, fee.work.state)
    const status = failure === 0 ? receiptStatus.success : receiptStatus.failed
    block.settle(receipt, status, failure, gas.transfer + bytesGas + fee.work.state)
  }
  block.baseFees += BigInt(plainFees) * plain.pip + BigInt(creationFees) * creating.pip
  block.tips += BigInt(tips) * pipPerNano
}

/** Fees of a transfer in this block: without a new row for its payee, and with one. */
export function transferFees(block: BlockExecution): { readonly plain: FlatFee; readonly creating: FlatFee } {
  const work = { compute: gas.transfer, bytes: bytesGas, state: 0 }
  return { plain: flatFee(block, work), creating: flatFee(block, { ...work, state: creationGas }) }
}

function setBalanceKey(key: Uint32Array, address: Uint32Array, offset: number, asset: number): void {
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
  if (addTo(needed, 0, records, record + field.amount)) return code.funds
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
  const at = record + field.amount
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
