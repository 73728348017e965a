import { type BanyanError, errorCode } from '@banyan/base'
import { type Log, maxLogs } from '../host/context.js'
import { executeCall } from '../host/execute-call.js'
import type { Host } from '../host/host.js'
import { createOverlay, emptyAccount } from '../host/overlay.js'
import { fullTable, type RowCounts } from '../state/room.js'
import type { StateView } from '../state/view.js'
import {
  type CallEnvironment,
  type CallResult,
  callsOf,
  feeTermsOf,
  type ScheduledCall,
  skipped,
} from './call-result.js'
import { callFee, type GasVector, gas } from './fees.js'
import { type CallRun, openCall, stateGas } from './open-call.js'
import { breaksPostCondition, holdingsOf } from './post-conditions.js'

/**
 * Executes one call transaction above a view of the state: authorisation, fee up front, calls, refund. Pure: what
 * changes is in the result's write set. Mark, validity and replay are the block's business and were checked before.
 * A transaction that needs more rows than there is `room` for fails.
 */
export function executeCallTransaction(
  host: Host,
  environment: CallEnvironment,
  view: StateView,
  scheduled: ScheduledCall,
  room: RowCounts,
): CallResult {
  const run = startRun(host, environment, view, scheduled, room)
  const opened = openCall(run)
  const { overlay, terms, factor } = run
  if ('refusal' in opened) return skipped(opened.refusal.number, opened.unpaid, overlay.access)
  const { intrinsic, authorized, callGas, largestFee } = opened
  const outcome = runCalls(run, callGas, intrinsic.compute + intrinsic.bytes + authorized)
  const made = overlay.createdRows()
  const state = stateGas(made)
  const used = intrinsic.compute + authorized + outcome.gasUsed * factor
  const compute = Math.min(used, terms.gasLimit - intrinsic.bytes - state)
  return settle(run, outcome, { compute, bytes: intrinsic.bytes, state }, made, largestFee)
}

/** Why the block would skip a call transaction, as `executeCallTransaction` finds out; `undefined` if it would not. */
export function refuseCall(
  host: Host,
  environment: CallEnvironment,
  view: StateView,
  scheduled: ScheduledCall,
  room: RowCounts,
): BanyanError | undefined {
  const opened = openCall(startRun(host, environment, view, scheduled, room))
  return 'refusal' in opened ? opened.refusal : undefined
}

function startRun(
  host: Host,
  environment: CallEnvironment,
  view: StateView,
  { entry, alone }: ScheduledCall,
  room: RowCounts,
): CallRun {
  const factor = alone ? gas.sequentialFactor : 1
  return { host, environment, overlay: createOverlay(view), entry, terms: feeTermsOf(entry), factor, room }
}

type CallsOutcome = {
  readonly error: number
  readonly gasUsed: number
  readonly logs: readonly Log[]
  readonly returnData: Uint8Array
}

/** Runs all calls of the transaction, or none: a call that fails takes the others back. */
function runCalls(run: CallRun, gasLimit: number, gasBefore: number): CallsOutcome {
  const { host, environment, overlay, entry, terms, factor } = run
  const before = holdingsOf(overlay, entry)
  const logs: Log[] = []
  let gasUsed = 0
  let returnData: Uint8Array = new Uint8Array(0)
  const failed = (error: number, data = new Uint8Array(0)): CallsOutcome => {
    overlay.revert()
    return { error, gasUsed, logs: [], returnData: data }
  }
  overlay.begin()
  for (const [callIndex, call] of callsOf(entry).entries()) {
    const outcome = executeCall(host, overlay, {
      block: environment.block,
      transactionId: entry.verified.id,
      callIndex,
      caller: entry.verified.sender,
      origin: entry.verified.sender,
      to: call.to,
      value: call.value,
      data: call.data,
      gasLimit: gasLimit - gasUsed,
      logLimit: maxLogs - logs.length,
    })
    gasUsed += outcome.gasUsed
    if (outcome.error !== undefined) return failed(outcome.error.code, outcome.returnData.slice())
    logs.push(...outcome.logs)
    returnData = outcome.returnData
  }
  if (breaksPostCondition(overlay, entry, before)) return failed(errorCode('PostConditionBroken'))
  const made = overlay.createdRows()
  if (gasBefore + gasUsed * factor + stateGas(made) > terms.gasLimit) {
    gasUsed = gasLimit
    return failed(errorCode('GasExhausted'))
  }
  if (fullTable(made, run.room) !== undefined) return failed(errorCode('TableFull'))
  overlay.commit()
  return { error: 0, gasUsed, logs, returnData }
}

/** Gives back what the fee did not use, and sums up. */
function settle(
  run: CallRun,
  outcome: CallsOutcome,
  work: GasVector,
  made: RowCounts,
  charged: bigint,
): CallResult {
  const { overlay, entry, terms, environment } = run
  const { baseFee, tip } = callFee(work, environment.prices, terms)
  const payer = overlay.account(terms.payer) ?? emptyAccount
  overlay.setAccount(terms.payer, { ...payer, balance: payer.balance + charged - baseFee - tip })
  const calls = callsOf(entry)
  const payment = calls.length === 1 && calls[0]!.data.length === 0 ? calls[0] : undefined
  return {
    kind: 'included',
    success: outcome.error === 0,
    error: outcome.error,
    work,
    baseFee,
    tip,
    payerBalance: overlay.account(entry.verified.sender)?.balance ?? 0n,
    payeeBalance: payment === undefined ? 0n : (overlay.account(payment.to)?.balance ?? 0n),
    logs: outcome.logs,
    returnData: outcome.returnData,
    writes: overlay.writeSet(),
    made,
    access: overlay.access,
  }
}
