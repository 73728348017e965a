import { asAddress, errorCode, toHex } from '@banyan/base'
import type { DescribedBatch } from '../block/describe.js'
import type { Host } from '../host/host.js'
import { applyWriteSet } from '../state/apply.js'
import { fullTable, roomOf } from '../state/room.js'
import { keyOf, stateView } from '../state/state-view.js'
import { writeUint } from '../state/u128.js'
import type { StateView } from '../state/view.js'
import type { BlockExecution } from './block-execution.js'
import {
  type CallEntry,
  type CallEnvironment,
  type CallRecord,
  type CallResult,
  feeTermsOf,
  type ScheduledCall,
} from './call-result.js'
import { executeCallTransaction } from './calls.js'
import { totalGas } from './fees.js'
import { type GroupRunner, groupsConflict, rowsOf, unpaidOf } from './group.js'
import { intrinsicWork } from './intrinsic.js'
import { logsRoot } from './logs.js'
import { isNativeOfPolicy } from './open-call.js'
import { executePackage } from './packages.js'
import { executePayment } from './payments.js'
import { receiptField, receiptStatus } from './receipts.js'
import { groupByKeys, transactionKeys } from './schedule.js'

const code = {
  replayed: errorCode('TransactionReplayed'),
  blockFull: errorCode('BlockTooLarge'),
} as const

/** A call transaction of the current run, with its place in the batch. */
type Queued = ScheduledCall & { readonly index: number }

/**
 * Executes a general batch in order. Packages run one by one; runs of call transactions between them are grouped by the
 * keys they touch, and the groups handed to the runner. The result is always that of serial execution.
 */
export function executeGeneral(
  block: BlockExecution,
  host: Host,
  runGroups: GroupRunner,
  described: DescribedBatch,
): void {
  const run = new CallRunner(block, host, runGroups, described)
  for (const [index, entry] of described.entries.entries()) {
    if (entry.transaction.kind === 'package') {
      run.flush()
      const sender = asAddress(entry.verified.sender)
      executePackage(block, entry.transaction, entry.envelope.length, described.ids, index * 8, sender)
    } else {
      run.add(index, entry as CallEntry)
    }
  }
  run.flush()
}

/** Collects call transactions that may be executed together, and executes them. */
class CallRunner {
  private readonly block: BlockExecution
  private readonly host: Host
  private readonly runGroups: GroupRunner
  private readonly described: DescribedBatch
  private readonly environment: CallEnvironment
  private readonly view: StateView
  private queue: Queued[] = []
  private queuedIds = new Set<string>()
  /** Gas that the queued transactions may use at most. */
  private reservedGas = 0
  private reservedBytes = 0

  constructor(block: BlockExecution, host: Host, runGroups: GroupRunner, described: DescribedBatch) {
    this.block = block
    this.host = host
    this.runGroups = runGroups
    this.described = described
    this.view = stateView(readersOf(block))
    this.environment = { block: block.callBlock, prices: block.prices }
  }

  /** Queues a transaction; first executes what is queued if that decides whether this one may be in the block. */
  add(index: number, entry: CallEntry): void {
    if (this.queue.length === 0) {
      const paid = executePayment(this.block, this.host.collection, entry)
      if (paid !== undefined) {
        this.record(index, paid)
        return
      }
    }
    const id = toHex(entry.verified.id)
    if (this.queuedIds.has(id) || !this.fits(entry) || !this.block.asksPolicies()) this.flush()
    const refusal = this.refuse(index, entry)
    if (refusal !== 0) {
      this.flush()
      this.skip(index, refusal)
      return
    }
    this.queue.push({ index, entry, alone: false })
    this.queuedIds.add(id)
    this.reservedGas += feeTermsOf(entry).gasLimit
    this.reservedBytes += intrinsicWork(entry).bytes
  }

  flush(): void {
    const { queue } = this
    this.queue = []
    this.queuedIds = new Set()
    this.reservedGas = 0
    this.reservedBytes = 0
    for (let from = 0; from < queue.length; ) from = this.executeFrom(queue, from)
  }

  /** Whether the transaction fits the block even if all queued ones use up their limits. */
  private fits(entry: CallEntry): boolean {
    return callFits(this.block, entry, this.reservedGas, this.reservedBytes)
  }

  private refuse(index: number, entry: CallEntry): number {
    if (!this.fits(entry)) return code.blockFull
    const { transaction } = entry
    if (transaction.kind === 'ethereum') return 0
    const { mark, validUntil } = transaction.body
    const invalid = this.block.checkValidity(keyOf(mark), 0, Number(validUntil))
    if (invalid !== 0) return invalid
    if (this.block.state.window.has(this.described.ids, index * 8)) return code.replayed
    return this.mayAsk(entry) ? 0 : code.blockFull
  }

  /** False if the transaction needs its account's policy, and the block has asked too many in vain. */
  private mayAsk(entry: CallEntry): boolean {
    return this.block.asksPolicies() || !isNativeOfPolicy(this.view, entry)
  }

  /**
   * Executes queued transactions from `from`: as many as have known keys, in groups; or one with unknown keys, alone.
   * Returns the place of the next one.
   */
  private executeFrom(queue: readonly Queued[], from: number): number {
    const keys = []
    let to = from
    for (; to < queue.length; to++) {
      const known = transactionKeys(this.host, this.environment, this.view, queue[to]!.entry)
      if (known === undefined) break
      keys.push(known)
    }
    if (to === from) {
      this.executeSerially([{ ...queue[from]!, alone: true }])
      return from + 1
    }
    const members = queue.slice(from, to)
    const groups = groupByKeys(keys)
    if (groups.length === 1 || !this.block.asksPolicies()) this.executeSerially(members)
    else this.executeGroups(members, groups)
    return to
  }

  private executeSerially(members: readonly Queued[]): void {
    for (const member of members) {
      if (!this.mayAsk(member.entry)) {
        this.skip(member.index, code.blockFull)
        continue
      }
      const room = roomOf(this.block.state)
      this.include(member, executeCallTransaction(this.host, this.environment, this.view, member, room))
    }
  }

  private executeGroups(members: readonly Queued[], groups: readonly (readonly number[])[]): void {
    const scheduled = groups.map((group) => group.map((i) => members[i]!))
    const outcomes = this.runGroups(this.environment, this.view, scheduled)
    // Rows made and freed in between may find room in their order; only serial execution knows.
    const isTight = fullTable(rowsOf(outcomes), roomOf(this.block.state)) !== undefined
    if (isTight || !this.block.asksPolicies(unpaidOf(outcomes)) || groupsConflict(outcomes)) {
      this.executeSerially(members)
      return
    }
    const results = new Array<CallResult>(members.length)
    for (const [g, group] of groups.entries()) {
      for (const [i, member] of group.entries()) results[member] = outcomes[g]!.results[i]!
    }
    for (const [i, member] of members.entries()) this.include(member, results[i]!)
  }

  /** Applies a result and writes its receipt; called in block order. */
  private include(member: Queued, result: CallResult): void {
    const { block } = this
    if (result.kind === 'skipped') {
      block.unpaidCompute += result.unpaid
      this.skip(member.index, result.error)
      return
    }
    applyWriteSet(block.state, result.writes)
    this.record(member.index, result)
  }

  private skip(place: number, error: number): void {
    const { block, described } = this
    block.skip(block.receipts.add(described.ids, place * 8), error)
  }

  /** Remembers an included transaction and writes its receipt. */
  private record(place: number, result: CallRecord): void {
    const { block } = this
    const { ids } = this.described
    const index = block.receipts.count
    const receipt = block.receipts.add(ids, place * 8)
    block.state.window.add(ids, place * 8)
    const { work } = result
    block.use(work.compute, work.bytes, work.state)
    block.baseFees += result.baseFee
    block.tips += result.tip
    const { words } = block.receipts
    writeUint(words, receipt + receiptField.payerBalance, 4, result.payerBalance)
    writeUint(words, receipt + receiptField.payeeBalance, 4, result.payeeBalance)
    writeUint(words, receipt + receiptField.baseFee, 3, result.baseFee)
    writeUint(words, receipt + receiptField.tip, 3, result.tip)
    block.settle(
      receipt,
      result.success ? receiptStatus.success : receiptStatus.failed,
      result.error,
      totalGas(work),
    )
    if (result.logs.length > 0) {
      block.logs.set(index, result.logs)
      words.set(keyOf(logsRoot(block.provider, result.logs)), receipt + receiptField.logsRoot)
    }
  }
}

/** Whether a call fits the block beside reserved gas, even if it uses up its limit. */
export function callFits(
  block: BlockExecution,
  entry: CallEntry,
  reservedGas: number,
  reservedBytes: number,
): boolean {
  const gas = reservedGas + feeTermsOf(entry).gasLimit
  return block.fits(gas, reservedBytes + intrinsicWork(entry).bytes, gas)
}

function readersOf(block: BlockExecution) {
  const { accounts, balances, utxos, storage, assets } = block.state
  return { accounts, balances, utxos, storage, assets }
}
