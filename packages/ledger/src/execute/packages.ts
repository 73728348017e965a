import { type Address, asAssetId, errorCode } from '@banyan/base'
import { listRoot } from '@banyan/crypto'
import type { KeyedTable } from '../state/keyed-table.js'
import { accountRow, amountRow, balanceRow } from '../state/layout.js'
import { balanceKey, keyOf } from '../state/state-view.js'
import { addTo, copyWords, isLess, subtractFrom } from '../state/u128.js'
import { type Package, packageItemLength } from '../tx/package.js'
import { type BlockExecution, byteGas } from './block-execution.js'
import { type GasVector, gas, pipPerNano } from './fees.js'
import { chargeFlatFee, flatFee, recordFlatFee, refuseFlatFee } from './flat-fee.js'
import { receiptField, receiptStatus } from './receipts.js'
import { move, refuseAssetUse } from './transfers.js'

const itemWords = packageItemLength / 4
const { words: rowWords, balance: holding } = amountRow
/** A package has at most 2^16 items. */
const resultsDepth = 16
const resultWords = 8
/** Word offset of the error number in the result of an item that was not applied. */
const resultError = 4

const code = {
  replayed: errorCode('TransactionReplayed'),
  accountUnknown: errorCode('AccountUnknown'),
  delegationMissing: errorCode('DelegationMissing'),
  funds: errorCode('FundsInsufficient'),
  itemFailed: errorCode('ItemFailed'),
  tableFull: errorCode('TableFull'),
} as const

/** One package while its items are applied. */
type PackageRun = {
  readonly block: BlockExecution
  /** Account number of the signer. */
  readonly signer: number
  readonly asset: number
  /** Accounts for FIG, balances for other assets. */
  readonly table: KeyedTable
  /** Items, six words each. */
  readonly items: Uint32Array
  readonly count: number
  readonly results: Uint32Array
  /** Rows of the two sides of each applied item, to take an atomic package back. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** Balance rows made for payees, in order. */
  readonly created: { readonly row: number; readonly appended: boolean }[]
}

/** Executes one package whose ids and sender are at the given word offsets. */
export function executePackage(
  block: BlockExecution,
  transaction: Package,
  envelopeBytes: number,
  ids: Uint32Array,
  idOffset: number,
  sender: Address,
): void {
  const { state, receipts } = block
  const index = receipts.count
  const receipt = receipts.add(ids, idOffset)
  // Items are looked at last: copies of a long package must not cost more than their bytes.
  let invalid = block.checkValidity(keyOf(transaction.mark), 0, Number(transaction.validUntil))
  if (invalid === 0 && state.window.has(ids, idOffset)) invalid = code.replayed
  if (invalid !== 0) {
    block.skip(receipt, invalid)
    return
  }
  const signer = state.accounts.find(keyOf(sender), 0)
  const run = startRun(block, transaction, signer)
  const work = packageWork(run.count, envelopeBytes, missingPayees(run))
  const total = new Uint32Array(4)
  const { maxFee, tip } = transaction
  const largestFee = flatFee(block, work)
  const refusal = refuseFlatFee(block, signer, largestFee, maxFee, tip, total)
  if (refusal !== 0) {
    block.skip(receipt, refusal)
    return
  }
  state.window.add(ids, idOffset)
  // The fee comes first, at its largest; what is not used for new rows is given back below.
  chargeFlatFee(block, signer, largestFee, tip, total)
  const error = applyItems(run, transaction.mode === 'atomic')
  const used = { ...work, state: run.created.length * balanceRow.bytes * gas.perStateByte }
  const fee = flatFee(block, used)
  if (used.state !== work.state) {
    const { words } = state.accounts.rows
    addTo(words, signer * rowWords + holding, largestFee.words, 0)
    subtractFrom(words, signer * rowWords + holding, fee.words, 0)
  }
  recordFlatFee(block, receipt, fee, tip)
  block.baseFees += fee.pip
  block.tips += BigInt(tip) * pipPerNano
  block.use(used.compute, used.bytes, used.state)
  noteResults(block, index, receipt, run, sender)
  const status = error === 0 ? receiptStatus.success : receiptStatus.failed
  block.settle(receipt, status, error, used.compute + used.bytes + used.state)
}

/** Work of a package with this many items of which `newRows` make a row. */
export function packageWork(items: number, envelopeBytes: number, newRows: number): GasVector {
  return {
    compute: gas.package + items * gas.packageItem,
    bytes: byteGas(envelopeBytes),
    state: newRows * balanceRow.bytes * gas.perStateByte,
  }
}

/** The most rows that a package can make: one for every item whose payee has no balance row yet. */
export function largestRows(block: BlockExecution, transaction: Package): number {
  return missingPayees(startRun(block, transaction, -1))
}

function startRun(block: BlockExecution, transaction: Package, signer: number): PackageRun {
  const { state } = block
  const count = transaction.items.length / packageItemLength
  const items = new Uint8Array(transaction.items.length)
  items.set(transaction.items)
  return {
    block,
    signer,
    asset: transaction.asset,
    table: transaction.asset === 0 ? state.accounts : state.balances,
    items: new Uint32Array(items.buffer),
    count,
    results: new Uint32Array(count * resultWords),
    from: new Int32Array(count),
    to: new Int32Array(count),
    created: [],
  }
}

/** Number of items whose payee has no balance row yet: the most rows that the package can make. */
function missingPayees(run: PackageRun): number {
  if (run.asset === 0) return 0
  const { accounts, balances } = run.block.state
  const key = new Uint32Array(balanceRow.keyWords)
  let missing = 0
  for (let i = 0; i < run.count; i++) {
    const payee = run.items[i * itemWords + 1]!
    if (payee >= accounts.rows.length) continue
    setHolderKey(run, key, payee)
    if (balances.find(key, 0) < 0) missing++
  }
  return missing
}

/** Applies the items in order. A registry number if the package failed as a whole and left no trace. */
function applyItems(run: PackageRun, atomic: boolean): number {
  const unusable = run.asset === 0 ? 0 : refuseAssetUse(run.block, run.asset)
  if (unusable !== 0) {
    markUnapplied(run, -1, 0)
    return unusable
  }
  for (let i = 0; i < run.count; i++) {
    const error = applyItem(run, i)
    if (error === 0) continue
    if (atomic) {
      takeBack(run, i)
      markUnapplied(run, i, error)
      return code.itemFailed
    }
    setUnapplied(run.results, i, error)
  }
  return 0
}

/** Applies one item and writes its result; a registry number if it cannot be applied. */
function applyItem(run: PackageRun, i: number): number {
  const { block, items, table } = run
  const { accounts } = block.state
  const payer = items[i * itemWords]!
  const payee = items[i * itemWords + 1]!
  const amount = i * itemWords + 2
  if (payer >= accounts.rows.length || payee >= accounts.rows.length) return code.accountUnknown
  const delegate = accounts.rows.words[payer * rowWords + accountRow.delegate]!
  if (payer !== run.signer && delegate !== run.signer) return code.delegationMissing
  const from = run.asset === 0 ? payer : holderRow(run, payer)
  if (
    from < 0 ? !isZero(items, amount) : isLess(table.rows.words, from * rowWords + holding, items, amount)
  ) {
    return code.funds
  }
  const to = run.asset === 0 ? payee : payeeRow(run, payee)
  if (to < 0) return code.tableFull
  move(table, from, to, items, amount)
  run.from[i] = from
  run.to[i] = to
  const { words } = table.rows
  if (from >= 0) copyWords(words, from * rowWords + holding, run.results, i * resultWords, 4)
  copyWords(words, to * rowWords + holding, run.results, i * resultWords + 4, 4)
  return 0
}

const holderKey = new Uint32Array(balanceRow.keyWords)

function setHolderKey(run: PackageRun, key: Uint32Array, account: number): void {
  copyWords(run.block.state.accounts.rows.words, account * rowWords, key, 0, accountRow.keyWords)
  key[balanceRow.asset] = run.asset
}

function holderRow(run: PackageRun, account: number): number {
  setHolderKey(run, holderKey, account)
  return run.table.find(holderKey, 0)
}

/** Row of a payee, made if it is absent; -1 if the table has no room for it. */
function payeeRow(run: PackageRun, account: number): number {
  const row = holderRow(run, account)
  if (row >= 0) return row
  if (run.table.room() === 0) return -1
  const before = run.table.rows.length
  const created = run.table.insert(holderKey, 0)
  run.created.push({ row: created, appended: run.table.rows.length > before })
  return created
}

/** Reverses the first `count` items, newest first; rows made for them are unmade. */
function takeBack(run: PackageRun, count: number): void {
  for (let i = count - 1; i >= 0; i--) {
    const { words } = run.table.rows
    const amount = i * itemWords + 2
    subtractFrom(words, run.to[i]! * rowWords + holding, run.items, amount)
    if (run.from[i]! >= 0) addTo(words, run.from[i]! * rowWords + holding, run.items, amount)
  }
  for (let made = run.created.pop(); made !== undefined; made = run.created.pop()) {
    run.table.takeBack(made.row, made.appended)
  }
}

/** Results of a package that failed as a whole: only the item that made it fail carries an error. */
function markUnapplied(run: PackageRun, failedItem: number, error: number): void {
  for (let i = 0; i < run.count; i++) setUnapplied(run.results, i, i === failedItem ? error : 0)
}

function setUnapplied(results: Uint32Array, i: number, error: number): void {
  results.fill(0xffffffff, i * resultWords, i * resultWords + resultError)
  results.fill(0, i * resultWords + resultError, (i + 1) * resultWords)
  results[i * resultWords + resultError] = error
}

function isZero(words: Uint32Array, offset: number): boolean {
  return (words[offset]! | words[offset + 1]! | words[offset + 2]! | words[offset + 3]!) === 0
}

/** Keeps the results of the items and writes their root, and the signer's balance, into the receipt. */
function noteResults(
  block: BlockExecution,
  index: number,
  receipt: number,
  run: PackageRun,
  sender: Address,
): void {
  const bytes = new Uint8Array(run.results.buffer)
  block.itemResults.set(index, bytes)
  const root = listRoot(block.provider, bytes, resultsDepth)
  const { words } = block.receipts
  words.set(keyOf(root), receipt + receiptField.logsRoot)
  const row = run.asset === 0 ? run.signer : run.table.find(balanceKey(sender, asAssetId(run.asset)), 0)
  if (row >= 0)
    copyWords(run.table.rows.words, row * rowWords + holding, words, receipt + receiptField.payerBalance, 4)
}
