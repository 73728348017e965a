import { type ErrorName, equalBytes, errorCode } from '@banyan/base'
import { authorizeAccount } from '../host/authorize.js'
import { type Log, maxLogs } from '../host/context.js'
import { executeCall } from '../host/execute-call.js'
import type { Host } from '../host/host.js'
import { createOverlay, emptyAccount, type Overlay } from '../host/overlay.js'
import { accountFlags, type StateView } from '../state/view.js'
import {
  type CallEntry,
  type CallEnvironment,
  type CallResult,
  callsOf,
  type FeeTerms,
  feeTermsOf,
  type ScheduledCall,
  skipped,
} from './call-result.js'
import { effectiveBasePrice, type GasVector, gas, totalGas, walletBaseFee } from './fees.js'
import { intrinsicWork } from './intrinsic.js'
import { breaksPostCondition, holdingsOf } from './post-conditions.js'

/** One call transaction while it is executed. */
type CallRun = {
  readonly host: Host
  readonly environment: CallEnvironment
  readonly overlay: Overlay
  readonly entry: CallEntry
  readonly terms: FeeTerms
  /** Compute gas counts this many times. */
  readonly factor: number
}

/**
 * Executes one call transaction above a view of the state: authorisation, fee up front, calls, refund. Pure: what
 * changes is in the result's write set. Mark, validity and replay are the block's business and were checked before.
 */
export function executeCallTransaction(
  host: Host,
  environment: CallEnvironment,
  view: StateView,
  scheduled: ScheduledCall,
): CallResult {
  const { entry } = scheduled
  const overlay = createOverlay(view)
  const terms = feeTermsOf(entry)
  const factor = scheduled.alone ? gas.sequentialFactor : 1
  const run: CallRun = { host, environment, overlay, entry, terms, factor }
  const intrinsic = intrinsicWork(entry)
  const base = intrinsic.compute + intrinsic.bytes
  const refusal = refuseTerms(run, base) ?? refuseSponsor(run) ?? refuseNonce(run)
  if (refusal !== undefined) return skipped(refusal, overlay.access)

  const callGas = Math.floor((terms.gasLimit - base) / factor)
  const authorization = authorize(run, callGas)
  if (authorization === undefined) return skipped('AccountUnauthorized', overlay.access)
  const authorized = authorization * factor
  if (base + authorized + stateGas(overlay) > terms.gasLimit) return skipped('GasLimitTooLow', overlay.access)

  const largestFee = BigInt(terms.gasLimit) * terms.maxFeePerGas
  const payer = overlay.account(terms.payer) ?? emptyAccount
  if (payer.balance < largestFee) return skipped('FeeFundsInsufficient', overlay.access)
  overlay.setAccount(terms.payer, { ...payer, balance: payer.balance - largestFee })
  takeNonce(run)

  const outcome = runCalls(run, callGas - authorization, base + authorized)
  const state = stateGas(overlay)
  const used = intrinsic.compute + authorized + outcome.gasUsed * factor
  const compute = Math.min(used, terms.gasLimit - intrinsic.bytes - state)
  return settle(run, outcome, { compute, bytes: intrinsic.bytes, state }, largestFee)
}

function stateGas(overlay: Overlay): number {
  return overlay.createdBytes() * gas.perStateByte
}

function refuseTerms(run: CallRun, intrinsicGas: number): ErrorName | undefined {
  const { maxFeePerGas, tipPerGas, gasLimit } = run.terms
  if (tipPerGas > maxFeePerGas) return 'TipAboveFee'
  if (maxFeePerGas < walletBaseFee(run.environment.prices)) return 'FeeLimitTooLow'
  if (gasLimit < intrinsicGas) return 'GasLimitTooLow'
  return undefined
}

function refuseSponsor(run: CallRun): ErrorName | undefined {
  const { terms, entry } = run
  const { transaction, verified } = entry
  if (transaction.kind !== 'native' || equalBytes(terms.payer, verified.sender)) return undefined
  const sponsorship = transaction.sponsor[0]
  if (sponsorship === undefined || verified.sponsorSigner === undefined) return 'SponsorRefused'
  if (!equalBytes(verified.sponsorSigner, terms.payer)) return 'SponsorRefused'
  if (BigInt(terms.gasLimit) * terms.maxFeePerGas > sponsorship.maxFee) return 'SponsorRefused'
  const flags = run.overlay.account(terms.payer)?.flags ?? 0
  return (flags & accountFlags.policy) !== 0 ? 'SponsorRefused' : undefined
}

function refuseNonce(run: CallRun): ErrorName | undefined {
  const { transaction, verified } = run.entry
  if (transaction.kind !== 'ethereum') return undefined
  const nonce = run.overlay.account(verified.sender)?.nonce ?? 0n
  if (transaction.nonce < nonce) return 'NonceTooLow'
  return transaction.nonce > nonce ? 'NonceTooHigh' : undefined
}

function takeNonce(run: CallRun): void {
  const { transaction, verified } = run.entry
  if (transaction.kind !== 'ethereum') return
  const account = run.overlay.account(verified.sender) ?? emptyAccount
  run.overlay.setAccount(verified.sender, { ...account, nonce: account.nonce + 1n })
}

/** Compute gas of the authorisation, or `undefined` if the signers may not act for the account. */
function authorize(run: CallRun, gasLimit: number): number | undefined {
  const { host, environment, overlay, entry, terms } = run
  const { transaction, verified } = entry
  const flags = overlay.account(verified.sender)?.flags ?? 0
  if ((flags & accountFlags.policy) === 0) {
    const isOwner = verified.signers.length === 1 && equalBytes(verified.signers[0]!, verified.sender)
    return isOwner ? 0 : undefined
  }
  if (transaction.kind === 'ethereum') return undefined
  const paysItself = equalBytes(terms.payer, verified.sender)
  const outcome = authorizeAccount(
    host,
    overlay,
    { block: environment.block, transactionId: verified.id, gasLimit },
    {
      account: verified.sender,
      signers: verified.signers,
      calls: callsOf(entry),
      maxFee: paysItself ? BigInt(terms.gasLimit) * terms.maxFeePerGas : 0n,
    },
  )
  return outcome.reason === undefined ? outcome.gasUsed : undefined
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
  if (gasBefore + gasUsed * factor + stateGas(overlay) > terms.gasLimit) {
    gasUsed = gasLimit
    return failed(errorCode('GasExhausted'))
  }
  overlay.commit()
  return { error: 0, gasUsed, logs, returnData }
}

/** Receipts hold fees in 12 bytes: a tip per gas is cut at 2^64 - 1. */
const largestTip = (1n << 64n) - 1n

/** Gives back what the fee did not use, and sums up. */
function settle(run: CallRun, outcome: CallsOutcome, work: GasVector, charged: bigint): CallResult {
  const { overlay, entry, terms, environment } = run
  const price = effectiveBasePrice(work, environment.prices)
  const gasUsed = BigInt(totalGas(work))
  const room = terms.maxFeePerGas - price
  const wanted = terms.tipPerGas < largestTip ? terms.tipPerGas : largestTip
  const tip = gasUsed * (wanted < room ? wanted : room)
  const baseFee = gasUsed * price
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
    access: overlay.access,
  }
}
