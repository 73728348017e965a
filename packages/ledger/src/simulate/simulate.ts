import { type Address, asHash, errorCode, fail } from '@banyan/base'
import { gas } from '../execute/fees.js'
import { stateGas } from '../execute/open-call.js'
import { callKeys } from '../host/call-keys.js'
import { type BlockContext, type CallRequest, type Log, maxLogs } from '../host/context.js'
import { type CallError, type CallOutcome, executeCall } from '../host/execute-call.js'
import type { Host } from '../host/host.js'
import { createOverlay, emptyAccount, type Overlay } from '../host/overlay.js'
import { fullTable, type RowCounts } from '../state/room.js'
import type { StateView } from '../state/view.js'
import type { AccessListEntry } from '../tx/ethereum.js'
import { envelopeBound } from './envelope-bound.js'

/** What a simulation runs on. Nothing of it changes. */
export type SimulationBase = {
  readonly host: Host
  readonly view: StateView
  readonly block: BlockContext
  /** Rows that a transaction may make: `roomOf` the state. */
  readonly room: RowCounts
}

/** A call as an Ethereum transaction would make it. */
export type SimulatedCall = {
  readonly from: Address
  readonly to: Address
  /** FIG in pip, below 2^128. */
  readonly value: bigint
  readonly data: Uint8Array
  /** Gas limit of the transaction, which bounds the work of the simulation. */
  readonly gasLimit: number
  readonly accessList: readonly AccessListEntry[]
}

export type Simulation = {
  readonly success: boolean
  /** Encoded result, or the error as Ethereum tools expect it. */
  readonly returnData: Uint8Array
  /**
   * Gas of the whole transaction, that of the largest envelope that the call can have included. As gas limit it is exactly
   * enough in the state that was simulated.
   */
  readonly gasUsed: number
  readonly logs: readonly Log[]
  readonly error?: CallError
}

const noTransaction = asHash(new Uint8Array(32))

/**
 * Does what an Ethereum transaction with this call would do, without its signature, its fee and its effects. A call whose
 * keys are unknown counts its compute gas four times, as it does in a block. One run suffices to know the gas: no contract
 * can see how much is left. Errors: GasLimitTooLow.
 */
export function simulateCall(base: SimulationBase, call: SimulatedCall): Simulation {
  const { host, view, block } = base
  const { from, to, value, data, gasLimit } = call
  const before = gas.ethereum + gas.perByte * envelopeBound(call)
  if (gasLimit < before) fail('GasLimitTooLow', { limit: gasLimit, required: before })
  const overlay = createOverlay(view)
  takeNonce(overlay, from)
  const identity = { transactionId: noTransaction, callIndex: 0, caller: from, origin: from }
  const request = { block, ...identity, to, value, data }
  const factor = callKeys(host, request) === undefined ? gas.sequentialFactor : 1
  const callGas = Math.floor((gasLimit - before) / factor)
  const outcome = run(host, overlay, { ...request, gasLimit: callGas, logLimit: maxLogs })
  const { success, returnData, logs, error } = outcome
  const made = overlay.createdRows()
  const gasUsed = before + outcome.gasUsed * factor + stateGas(made)
  if (gasUsed > gasLimit) {
    return failed(gasLimit, 'GasExhausted', `the limit of ${gasLimit} was used up`)
  }
  const full = fullTable(made, base.room)
  if (full !== undefined) return failed(gasUsed, 'TableFull', `the state table ${full} is full`)
  return { success, returnData, gasUsed, logs, ...(error && { error }) }
}

/** As a transaction does before its call; a sender without a row gets one. */
function takeNonce(overlay: Overlay, from: Address): void {
  const account = overlay.account(from) ?? emptyAccount
  overlay.setAccount(from, { ...account, nonce: account.nonce + 1n })
}

function run(host: Host, overlay: Overlay, request: CallRequest): CallOutcome {
  const outcome = executeCall(host, overlay, request)
  return { ...outcome, returnData: outcome.returnData.slice() }
}

/** Rows are counted at the end: a call may do all it wants and yet need more than it may have. */
function failed(gasUsed: number, kind: CallError['kind'], reason: string): Simulation {
  const error = { kind, code: errorCode(kind), reason }
  return { success: false, returnData: new Uint8Array(0), gasUsed, logs: [], error }
}
